// SPDX-License-Identifier: Apache-2.0
// A menu that the browser opens by itself is closed by Escape, and by a click elsewhere.
(function () {
  'use strict';

  horizon.helionImages.enhance('[data-hip-menu]', function (menu) {
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
    // The list may be exchanged with its menu.
    return function () { document.removeEventListener('click', closeOutside); };
  });
}());
