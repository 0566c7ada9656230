// SPDX-License-Identifier: Apache-2.0
// How an action on many images went is drawn with the page, and belongs among
// Horizon's own messages above it.
(function () {
  'use strict';

  horizon.helionImages.enhance('[data-hip-outcomes]', function (reports) {
    var place = document.querySelector('#main_content > .messages');
    if (place) {
      place.append.apply(place, Array.from(reports.children));
      reports.remove();
    }
  });
}());
