// SPDX-License-Identifier: Apache-2.0
// Create Image, of one file or of several: shows what the selected preset sets, and no other one.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  hip.enhance('form select[name=preset]', function (select) {
    function show() {
      select.form.querySelectorAll('[data-hip-preset]').forEach(function (part, index) {
        part.hidden = part.getAttribute('data-hip-preset') !== select.value;
        part.id = part.id || 'hip_preset_' + index;
        if (!part.hidden) {
          select.setAttribute('aria-describedby', part.id);
        }
      });
      if (!select.value) {
        select.removeAttribute('aria-describedby');
      }
    }

    select.addEventListener('change', show);
    show();
  });
}());
