// SPDX-License-Identifier: Apache-2.0
// Gives elements of the page their behaviour, whenever they come into it: with
// the page itself, in a dialog that Horizon loads, or in a part that is shown
// anew.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  var rules = [];
  var living = [];
  var isReady = false;

  // begin(element) is called once for each element that matches. What it
  // returns, if anything, is called once the element has left the page.
  function enhance(selector, begin) {
    var rule = {selector: selector, begin: begin, done: new WeakSet()};
    rules.push(rule);
    if (isReady) {
      apply(rule, document.body);
    }
  }

  function apply(rule, root) {
    var found = Array.from(root.querySelectorAll(rule.selector));
    (root.matches(rule.selector) ? [root].concat(found) : found).forEach(function (element) {
      var end;
      if (!rule.done.has(element)) {
        rule.done.add(element);
        end = rule.begin(element);
        if (typeof end === 'function') {
          living.push({element: element, end: end});
        }
      }
    });
  }

  // This part of the page is new.
  function enhanceIn(root) {
    bury();
    rules.forEach(function (rule) { apply(rule, root); });
  }

  function bury() {
    var gone = living.filter(function (each) { return !document.contains(each.element); });
    living = living.filter(function (each) { return gone.indexOf(each) < 0; });
    gone.forEach(function (each) { each.end(); });
  }

  horizon.addInitFunction(function () {
    isReady = true;
    enhanceIn(document.body);
    horizon.modals.addModalInitFunction(function (modal) {
      $(modal).each(function () { enhanceIn(this); });
    });
  });

  hip.enhance = enhance;
  hip.enhanceIn = enhanceIn;
}());
