// SPDX-License-Identifier: Apache-2.0
// Storage: has the images counted step by step, and shows the figures of each
// step. Without it a person does so with the button.
(function () {
  'use strict';

  var FIGURES = '[data-hip-storage]', PERCENT = 'data-hip-storage-percent';
  var hip = horizon.helionImages;

  function say(text) {
    document.querySelector('[data-hip-storage-status]').textContent = text;
  }

  // Puts the figures of the answer in the place of those so far, and the focus
  // where it was.
  function show(figures, page) {
    var fresh = page.querySelector(FIGURES), active = document.activeElement, id, href, found;
    if (!fresh) {
      throw {reason: hip.http.reasonOf(page)};
    }
    if (figures.contains(active)) {
      id = active.id;
      href = active.getAttribute('href');
    }
    fresh = document.importNode(fresh, true);
    figures.replaceWith(fresh);
    if (id || href) {
      found = id ? document.getElementById(id) : fresh.querySelector('a[href="' + CSS.escape(href) + '"]');
      // The button that was pressed has another name now.
      found = found || fresh.querySelector('button');
      found.focus({preventScroll: true});
    }
    hip.enhanceIn(fresh);
  }

  function send(figures, form) {
    var button = form.querySelector('button');
    // Not disabled: the focus stays on it.
    button.setAttribute('aria-disabled', 'true');
    button.hidden = document.activeElement !== button;
    return hip.http.postForPage(form.action, new FormData(form)).then(function (page) {
      if (document.contains(figures)) {
        show(figures, page);
      }
    }).catch(function (answer) {
      var text = answer.reason || gettext('The images could not be counted: the dashboard does not respond. Try again.');
      button.removeAttribute('aria-disabled');
      button.hidden = false;
      failure(form).textContent = text;
    });
  }

  // The figures so far stay, and the button goes on with them.
  function failure(form) {
    var place = form.querySelector('[role=alert]');
    if (!place) {
      place = hip.element('p', 'alert alert-danger');
      place.setAttribute('role', 'alert');
      form.append(place);
    }
    return place;
  }

  hip.enhance(FIGURES, function (figures) {
    var form = figures.querySelector('[data-hip-storage-form]');
    var isWhole = !figures.hasAttribute(PERCENT);
    form.addEventListener('submit', function (event) {
      event.preventDefault();
      if (form.querySelector('[aria-disabled]')) {
        return;
      }
      say(gettext('Counting the images…'));
      send(figures, form);
    });
    if (isWhole) {
      if (document.querySelector('[data-hip-storage-status]').textContent) {
        say(gettext('All images are counted.'));
      }
      return;
    }
    say(interpolate(gettext('Counting the images: %(percent)s'), {percent: figures.getAttribute(PERCENT) + ' %'}, true));
    send(figures, form);
  });
}());
