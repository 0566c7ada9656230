// SPDX-License-Identifier: Apache-2.0
// Icons are letters of a font, which would be a part of the names of buttons and fields.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  hip.enhance('#content_body .fa:empty, #modal_wrapper .fa:empty', function (icon) {
    icon.setAttribute('aria-hidden', 'true');
  });
  // The picture of a box stands in its label.
  hip.enhance('.themable-checkbox > input + label', function (label) {
    var box = label.previousElementSibling;
    if (!box.hasAttribute('aria-label') && label.textContent.trim()) {
      box.setAttribute('aria-label', label.textContent.trim());
    }
  });
}());
