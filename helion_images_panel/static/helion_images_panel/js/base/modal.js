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
  // The links that are buttons: no more than these ones are pressed here.
  var marked = new WeakSet();

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

  function mark(link) {
    link.setAttribute('role', 'button');
    marked.add(link);
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
      mark(close);
      close.setAttribute('aria-label', gettext('Close'));
    }
    modal.querySelectorAll('.modal-footer a.btn').forEach(function (button) {
      mark(button);
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

  // Not where another script has acted on the key, nor with one that makes it another.
  function isPressed(link, event) {
    return link && (marked.has(link) || link.matches('#main_content .messages a[role=button]')) && !event.defaultPrevented &&
      !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  }

  document.addEventListener('keydown', function (event) {
    var modal = topDialog(), button = event.target.closest('a');
    if (modal && event.key === 'Tab') {
      keepFocus(event, modal);
    } else if ((event.key === ' ' || event.key === 'Enter') && isPressed(button, event)) {
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
