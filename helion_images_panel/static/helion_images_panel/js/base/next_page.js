// SPDX-License-Identifier: Apache-2.0
// A saved change leads to a page that is loaded anew: the focus goes to the menu of the image
// that was changed, or else to the messages above the page, and not to the beginning of the page.
(function () {
  'use strict';

  var KEY = 'helion_images_panel.focus';
  // Of Glance: in the URL of a dialog, and in the value of a button in a row.
  var ID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i;
  var MENU = '.dropdown-toggle, .data-table-action';
  var hip = horizon.helionImages;
  // Whether the last thing that was pressed is a key.
  var isByKeys = false;

  // That the next page shows what became of this form. value: of the button that sends it.
  function expect(form, value) {
    // The list may be filtered by an ID, which stands in its query.
    var id = ID.exec(value || '') || ID.exec((form.getAttribute('action') || '').split('?')[0]);
    try {
      window.sessionStorage.setItem(KEY, JSON.stringify({id: id ? id[0] : '', isByKeys: isByKeys}));
    } catch {
      // Without storage, the focus is where the browser puts it.
    }
  }

  function take() {
    var stored;
    try {
      stored = window.sessionStorage.getItem(KEY);
      window.sessionStorage.removeItem(KEY);
      return JSON.parse(stored);
    } catch {
      return null;
    }
  }

  function isShown(element) {
    return element.getClientRects().length > 0;
  }

  // The last action of a row is its menu, where there is one.
  function menuOf(id) {
    var row = id && document.querySelector('[data-hip-images] tr[data-object-id="' + CSS.escape(id) + '"]'),
      place = row ? row.querySelector('.actions_column') : id && window.location.pathname.indexOf(id) >= 0 && document.querySelector('.detail-actions');
    return place ? Array.from(place.querySelectorAll(MENU)).filter(isShown).pop() || (row && row.querySelector('.hip-link')) : null;
  }

  // The place of the messages, which stays when they fade; named by their words, since nothing
  // of it would be read else.
  function messages() {
    var place = document.querySelector('#main_content > .messages');
    if (!place || !place.querySelector('.alert')) {
      return null;
    }
    place.tabIndex = -1;
    place.setAttribute('role', 'group');
    place.setAttribute('aria-label', place.textContent.trim().replace(/\s+/g, ' '));
    return place;
  }

  function arrive() {
    var expected = take();
    if (!expected) {
      return;
    }
    // After the messages have come to their place.
    window.setTimeout(function () {
      var target = document.activeElement === document.body && (menuOf(expected.id) || messages());
      if (target) {
        // By mouse, the page stands as it was loaded.
        target.focus({focusVisible: expected.isByKeys, preventScroll: !expected.isByKeys});
      }
    }, 0);
  }

  document.addEventListener('keydown', function () { isByKeys = true; }, true);
  document.addEventListener('pointerdown', function () { isByKeys = false; }, true);

  // A form that is a page of its own.
  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (!event.defaultPrevented && form.matches('#main_content form[method=post i]')) {
      expect(form, event.submitter && event.submitter.value);
    }
  });

  hip.enhance('[data-hip-images]', arrive);
  hip.expectFocus = expect;
}());
