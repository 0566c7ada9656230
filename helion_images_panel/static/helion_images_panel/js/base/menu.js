// SPDX-License-Identifier: Apache-2.0
// Menus by keyboard: those that the browser opens by itself, and those of Horizon.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  // Bootstrap takes these keys from all that stands in a menu, buttons and drop-downs too.
  var BOOTSTRAPS = ['ArrowDown', 'ArrowUp', 'Escape', ' '];

  // A menu that the browser opens is closed by Escape, and by a click elsewhere. Returns
  // what ends that: the list may be exchanged with its menu.
  function closeMenu(menu) {
    function closeOutside(event) {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    }

    menu.addEventListener('keydown', function (event) {
      if (event.key === 'Escape' && menu.open) {
        menu.open = false;
        menu.querySelector('summary').focus();
      }
      if (BOOTSTRAPS.indexOf(event.key) >= 0) {
        event.stopPropagation();
      }
    });
    document.addEventListener('click', closeOutside);
    return function () { document.removeEventListener('click', closeOutside); };
  }

  // The actions of a menu of Horizon's, as they are offered now.
  function itemsOf(menu) {
    return Array.from(menu.querySelectorAll('.dropdown-menu li > a, .dropdown-menu li > button')).filter(function (item) {
      return !item.disabled && item.getClientRects().length > 0;
    });
  }

  // Which item the key leads to from this one; -1 stands for the button of the menu.
  function next(key, index, length) {
    switch (key) {
    case 'ArrowDown': return (index + 1) % length;
    case 'ArrowUp': return (index < 0 ? length - 1 : index + length - 1) % length;
    case 'Home': return 0;
    case 'End': return length - 1;
    default: return -1;
    }
  }

  function steer(toggle) {
    var menu = toggle.parentNode;

    function isOpen() {
      return menu.classList.contains('open');
    }

    function press(event) {
      var isArrow = event.key === 'ArrowDown' || event.key === 'ArrowUp', items, index;
      if (isArrow && !isOpen() && event.target === toggle) {
        $(toggle).dropdown('toggle');
      }
      items = itemsOf(menu);
      index = isOpen() && items.length ? next(event.key, items.indexOf(event.target), items.length) : -1;
      if (index >= 0) {
        items[index].focus();
      } else if (event.key === 'Escape' && isOpen()) {
        close();
        toggle.focus();
      } else if (event.key === ' ' && event.target.matches('a')) {
        event.target.click();
      } else {
        return event.key === ' ' && event.stopPropagation();
      }
      event.preventDefault();
      event.stopPropagation();
    }

    function close() {
      menu.classList.remove('open');
      toggle.setAttribute('aria-expanded', 'false');
    }

    toggle.setAttribute('role', 'button');
    toggle.setAttribute('aria-haspopup', 'true');
    toggle.setAttribute('aria-expanded', 'false');
    menu.addEventListener('keydown', press);
    // Tab leads on: an open menu would cover what has the focus then.
    menu.addEventListener('focusout', function (event) {
      if (event.relatedTarget && !menu.contains(event.relatedTarget)) {
        close();
      }
    });
  }

  hip.enhance('[data-hip-menu]', closeMenu);
  hip.enhance('[data-hip-images] .dropdown-toggle, .detail-actions .dropdown-toggle', steer);
  hip.closeMenu = closeMenu;
}());
