// SPDX-License-Identifier: Apache-2.0
// A menu that the browser opens by itself is closed by Escape, and by a click elsewhere.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  // Returns what ends that: the list may be exchanged with its menu.
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
    });
    document.addEventListener('click', closeOutside);
    return function () { document.removeEventListener('click', closeOutside); };
  }

  hip.enhance('[data-hip-menu]', closeMenu);
  hip.closeMenu = closeMenu;
}());
