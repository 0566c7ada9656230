// SPDX-License-Identifier: Apache-2.0
// How an action on many images went is drawn with the page, and belongs among
// Horizon's own messages above it.
(function () {
  'use strict';

  horizon.addInitFunction(function () {
    var place = document.querySelector('#main_content > .messages'),
      told = document.querySelector('[data-hip-outcomes]');
    if (place && told) {
      place.append.apply(place, Array.prototype.slice.call(told.children));
      told.remove();
    }
  });
}());
