// SPDX-License-Identifier: Apache-2.0
// Horizon's messages above the page, among them how an action on many images went, which is
// drawn with the page: those who hear the page are told each of them.
(function () {
  'use strict';

  // A browser announces what comes into a region that it knows already.
  var SOON_MS = 500;
  var hip = horizon.helionImages;

  function nameButtons(place) {
    place.querySelectorAll('a.close').forEach(function (close) {
      close.setAttribute('role', 'button');
      close.setAttribute('aria-label', gettext('Close'));
    });
  }

  function announce(place) {
    var observer = new MutationObserver(function () { nameButtons(place); });
    nameButtons(place);
    observer.observe(place, {childList: true});
    place.setAttribute('aria-live', 'polite');
    window.setTimeout(function () {
      place.querySelectorAll(':scope > .alert').forEach(function (said) {
        // What moves loses the focus, and what has it is read already.
        if (!said.contains(document.activeElement) && document.activeElement !== place) {
          place.append(said);
        }
      });
    }, SOON_MS);
  }

  hip.enhance('#main_content > .messages', announce);
  hip.enhance('[data-hip-outcomes]', function (reports) {
    var place = document.querySelector('#main_content > .messages');
    if (place) {
      place.append.apply(place, Array.from(reports.children));
      reports.remove();
    }
  });
}());
