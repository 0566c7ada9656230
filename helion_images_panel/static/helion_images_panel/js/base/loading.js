// SPDX-License-Identifier: Apache-2.0
// Shows that a part of the page is being loaded, if that takes longer than a moment.
// Nothing moves for it.
(function () {
  'use strict';

  // Longer than most pages take; and so long that the person has stopped it, or it is lost.
  var SOON_MS = 300, LOST_MS = 60000;
  // What opens something over the page, or saves a file.
  var OTHERS = '.ajax-modal, [data-hip-download], [data-hip-search] [data-hip-search-go], [data-toggle], [data-target], [target=_blank], [href^="#"]';
  var hip = horizon.helionImages;
  var leaving = null;

  // Returns a function that ends it.
  function loading(place) {
    var bar = hip.element('div', 'progress hip-loading-bar'), status = hip.element('span', 'sr-only'),
      timer = window.setTimeout(show, SOON_MS);

    function show() {
      place.setAttribute('aria-busy', 'true');
      place.classList.add('hip-loading');
      status.setAttribute('role', 'status');
      bar.append(hip.element('div', 'progress-bar progress-bar-striped active'), status);
      document.body.append(bar);
      status.textContent = gettext('Loading…');
    }

    return function () {
      window.clearTimeout(timer);
      bar.remove();
      place.removeAttribute('aria-busy');
      place.classList.remove('hip-loading');
    };
  }

  // The page itself is going to be another one.
  function leave() {
    var place = document.querySelector('[data-hip-images]'), timer, end;
    stay();
    if (place) {
      end = loading(place);
      timer = window.setTimeout(stay, LOST_MS);
      leaving = function () {
        window.clearTimeout(timer);
        end();
      };
    }
  }

  function stay() {
    if (leaving) {
      leaving();
      leaving = null;
    }
  }

  // The link of the panel, or of its uploads, by which this click leads to another page; null for none.
  function linkOf(event) {
    var link = event.target.closest('[data-hip-images] a[href], [data-hip-dock] a[href]'),
      isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    return isPlain && link && !link.matches(OTHERS) ? link : null;
  }

  // At the window, after all who may do something else.
  window.addEventListener('click', function (event) {
    if (!event.defaultPrevented && linkOf(event)) {
      leave();
    }
  });
  window.addEventListener('submit', function (event) {
    if (event.target.matches('form[data-hip-filters]') && !event.defaultPrevented) {
      leave();
    }
  });
  // Back to this page, as it was when it was left.
  window.addEventListener('pageshow', function (event) {
    if (event.persisted) {
      stay();
    }
  });
  window.addEventListener('keydown', function (event) {
    if (event.key === 'Escape') {
      stay();
    }
  });

  hip.loading = loading;
  hip.linkOf = linkOf;
}());
