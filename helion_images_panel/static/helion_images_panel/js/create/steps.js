// SPDX-License-Identifier: Apache-2.0
// The steps of Create Image are links to parts of a form, as the tabs of an image's page
// are; Horizon calls them tabs without the rest of what tabs are.
(function () {
  'use strict';

  function mark(list) {
    list.querySelectorAll('a[data-toggle=tab]').forEach(function (link) {
      if (link.parentNode.matches('.active')) {
        link.setAttribute('aria-current', 'step');
      } else {
        link.removeAttribute('aria-current');
      }
    });
  }

  horizon.helionImages.enhance('.workflow ul[role=tablist]', function (list) {
    list.removeAttribute('role');
    mark(list);
    $(list).on('shown.bs.tab', function () { mark(list); });
  });
}());
