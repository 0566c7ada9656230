// SPDX-License-Identifier: Apache-2.0
// The language of the page, and the direction in which the panel's parts are read: Horizon's
// pages name neither, and its own frame is laid out from left to right only.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  function direct(part) {
    part.dir = document.querySelector('[data-hip-direction]').getAttribute('data-hip-direction');
  }

  hip.enhance('[data-hip-language]', function (place) {
    document.documentElement.lang = place.getAttribute('data-hip-language');
  });
  hip.enhance('#content_body, #modal_wrapper', direct);
  hip.direct = direct;
}());
