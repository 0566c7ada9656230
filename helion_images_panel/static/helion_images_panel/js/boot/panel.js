// SPDX-License-Identifier: Apache-2.0
// Will It Boot?: has the dashboard look at the content of the disk, which takes longer than
// the page waits for, and shows the findings with those of the content.
(function () {
  'use strict';

  var ANSWER_MS = 30000;
  var BODY = '[data-hip-boot-body]', CONTENT = '[data-hip-boot-content]';
  var hip = horizon.helionImages;

  // A reason follows the sentence of its finding.
  function sentenceOf(details) {
    return details.parentNode.firstElementChild.textContent;
  }

  function reasonOf(body, sentence) {
    return Array.from(body.querySelectorAll('details')).find(function (details) {
      return sentenceOf(details) === sentence;
    });
  }

  // What has the place of this link or summary in the new findings, if anything.
  function placeOf(active) {
    var href = active.getAttribute('href'), sentence = active.matches('summary') && sentenceOf(active.parentNode);
    return function (body) {
      var details = sentence && reasonOf(body, sentence);
      return details ? details.querySelector('summary') :
        href && body.querySelector('a[href="' + CSS.escape(href) + '"]');
    };
  }

  function replace(part, fresh) {
    part.replaceChildren.apply(part, Array.from(fresh.childNodes, function (node) {
      return document.importNode(node, true);
    }));
    hip.enhanceIn(part);
  }

  // What a person has opened stays open, and what has the focus keeps it.
  function exchange(body, fresh) {
    var place = body.contains(document.activeElement) && placeOf(document.activeElement), focused;
    var opened = Array.from(body.querySelectorAll('details[open]'), sentenceOf);
    replace(body, fresh);
    opened.forEach(function (sentence) {
      var details = reasonOf(body, sentence);
      if (details) {
        details.open = true;
      }
    });
    if (place) {
      focused = place(body);
      if (!focused) {
        focused = body;
        body.tabIndex = -1;
      }
      focused.focus({preventScroll: true});
    }
  }

  function endOf(panel) {
    var pending = panel.querySelector('[data-hip-boot-pending]');
    if (pending) {
      pending.remove();
    }
  }

  hip.enhance('[data-hip-boot]', function (panel) {
    var url = panel.getAttribute('data-hip-boot');
    if (!url) {
      return;
    }
    hip.http.getPage(url, {'X-Requested-With': 'XMLHttpRequest'}, ANSWER_MS).then(function (page) {
      var fresh = page.querySelector(BODY);
      if (fresh) {
        exchange(panel.querySelector(BODY), fresh);
        replace(panel.querySelector(CONTENT), page.querySelector(CONTENT));
      } else {
        endOf(panel);
      }
    }).catch(function () {
      // The findings of the properties stay.
      endOf(panel);
    });
  });
}());
