// SPDX-License-Identifier: Apache-2.0
// Dialogs of Horizon's: each has a name for those who hear it, keeps the focus while it
// is open, and gives it back to what opened it.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  var FIELDS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';
  var count = 0;
  // What opened the first dialog, and its ID: the list may be shown anew meanwhile.
  var opener = null, openerId = '';
  // The button whose click is being handled: not every browser gives the focus to it.
  var clicked = null;

  // Gives the focus back to the button that opened a dialog; to that of its
  // menu, where the menu has been closed.
  function focusOpener(button) {
    var menu = button.closest('.table_actions_menu, .btn-group');
    (!button.offsetParent && menu && menu.querySelector('.dropdown-toggle') || button).focus();
  }

  // Below the heading of the page.
  function setLevel(title) {
    title.setAttribute('role', 'heading');
    title.setAttribute('aria-level', '2');
  }

  function announce(modal) {
    var title = modal.querySelector('.modal-title'), close = modal.querySelector('.modal-header .close');
    if (!title) {
      return;
    }
    if (!title.id) {
      count += 1;
      title.id = 'hip_dialog_title_' + count;
    }
    setLevel(title);
    modal.setAttribute('role', 'dialog');
    modal.setAttribute('aria-modal', 'true');
    modal.setAttribute('aria-labelledby', title.id);
    modal.tabIndex = -1;
    if (close) {
      close.setAttribute('role', 'button');
      close.setAttribute('aria-label', gettext('Close'));
    }
    modal.querySelectorAll('.modal-footer a.btn').forEach(function (button) {
      button.setAttribute('role', 'button');
      // Horizon's Cancel is a link that leads nowhere, which no key reaches.
      if (!button.hasAttribute('href')) {
        button.tabIndex = 0;
      }
    });
  }

  function isReachable(element) {
    return element.tabIndex >= 0 && !element.disabled && element.getClientRects().length > 0;
  }

  function topDialog() {
    return Array.from(document.querySelectorAll('.modal.in')).pop();
  }

  function keepFocus(event, modal) {
    var fields = Array.from(modal.querySelectorAll(FIELDS)).filter(isReachable), first = fields[0],
      last = fields[fields.length - 1], active = document.activeElement;
    if (!first) {
      event.preventDefault();
    } else if (event.shiftKey && (active === first || active === modal)) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && active === last) {
      event.preventDefault();
      first.focus();
    }
  }

  // What Horizon leads to may be a field that a script has replaced since.
  function takeFocus(modal) {
    var active = document.activeElement, fields;
    if (document.contains(modal) && modal.matches('.in') && (!modal.contains(active) || !isReachable(active))) {
      fields = Array.from(modal.querySelectorAll(FIELDS)).filter(isReachable);
      (fields.find(function (field) { return field.matches('input, select, textarea'); }) ||
        fields.find(function (field) { return !field.matches('.close'); }) || modal).focus();
    }
  }

  document.addEventListener('keydown', function (event) {
    var modal = topDialog(), button = event.target.closest('.modal a[role=button], #main_content .messages a[role=button]');
    if (modal && event.key === 'Tab') {
      keepFocus(event, modal);
    } else if (button && (event.key === ' ' || event.key === 'Enter')) {
      // A link that is a button is pressed by both keys, and no more than once.
      event.preventDefault();
      button.click();
    }
  });

  document.addEventListener('click', function (event) {
    clicked = event.target.closest('a, button');
    window.setTimeout(function () { clicked = null; }, 0);
  }, true);

  // Horizon shows that it loads a dialog, and then the dialog: what is known is kept until
  // none is open.
  function remember() {
    opener = opener || clicked || document.activeElement;
    openerId = opener.id;
  }

  // Not where another one has got the focus, such as the dock.
  function giveBack() {
    var active = document.activeElement, back = opener && document.contains(opener) ? opener : document.getElementById(openerId);
    if (!document.querySelector('.modal.in')) {
      opener = null;
      openerId = '';
      if (back && (!active || active === document.body)) {
        focusOpener(back);
      }
    }
  }

  // A form that is a page of its own has the title of its dialog.
  hip.enhance('#main_content .modal-title', setLevel);
  $(document).on('show.bs.modal', '.modal', remember);
  $(document).on('show.bs.modal', '.modal:not(.loading)', function () { announce(this); });
  $(document).on('shown.bs.modal', '.modal:not(.loading)', function () {
    var modal = this;
    window.setTimeout(function () { takeFocus(modal); }, 0);
  });
  $(document).on('hidden.bs.modal', '.modal', function () { window.setTimeout(giveBack, 0); });

  hip.focusOpener = focusOpener;
  hip.announceDialog = announce;
}());
