// SPDX-License-Identifier: Apache-2.0
// The steps of Create Image are links to parts of a form, as the tabs of an image's page
// are; Horizon calls them tabs without the rest of what tabs are.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  function mark(list) {
    list.querySelectorAll('a[data-toggle=tab]').forEach(function (link) {
      if (link.parentNode.matches('.active')) {
        link.setAttribute('aria-current', 'step');
      } else {
        link.removeAttribute('aria-current');
      }
    });
  }

  hip.enhance('.workflow ul[role=tablist]', function (list) {
    list.removeAttribute('role');
    mark(list);
    $(list).on('shown.bs.tab', function () { mark(list); });
  });

  // What the step Access says of projects while the step Image publishes the image to others.
  hip.enhance('form[data-hip-create] [data-hip-published]', function (note) {
    var form = note.closest('form'), visibility = form.querySelector('[name=audience]');
    note.id = 'hip_published';

    function show() {
      var search = form.querySelector('.hip-projects input');
      note.hidden = !visibility || visibility.value === 'own';
      if (search && note.hidden) {
        search.removeAttribute('aria-describedby');
      } else if (search) {
        search.setAttribute('aria-describedby', note.id);
      }
    }

    if (visibility) {
      visibility.addEventListener('change', show);
    }
    // The search for projects is made after this.
    window.setTimeout(show, 0);
  });
}());
