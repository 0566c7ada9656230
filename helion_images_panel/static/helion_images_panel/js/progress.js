// SPDX-License-Identifier: Apache-2.0
// Watches the images that are on their way: one question for all of them.
(function () {
  'use strict';

  var FIRST_MS = 3000, LATER_MS = 10000, PATIENCE = 20;
  var hip = horizon.helionImages;

  // Where these images stand, by ID; images that are gone have no entry.
  function states(url, ids) {
    var query = ids.map(function (id) { return 'id=' + encodeURIComponent(id); }).join('&');
    return fetch(url + '?' + query, {
      credentials: 'same-origin',
      headers: {'X-Requested-With': 'XMLHttpRequest'}
    }).then(function (response) {
      if (!response.ok) {
        throw new Error(String(response.status));
      }
      return response.json();
    }).then(function (answer) {
      var found = {};
      answer.images.forEach(function (state) { found[state.id] = state; });
      return found;
    });
  }

  function label(state) {
    if (state.status === 'importing' && state.stored_bytes) {
      return interpolate(gettext('%(status)s, %(size)s so far'),
        {status: state.status_label, size: hip.bytes(state.stored_bytes)}, true);
    }
    return state.status_label;
  }

  // Whether a new page would take something from the person's hands.
  function busy() {
    return Boolean(document.querySelector(
      '.modal.in, .open > .dropdown-toggle, .table-row-multi-select:checked, [data-hip-filters] :focus'
    ));
  }

  function watch(panel, round) {
    var marks = Array.prototype.slice.call(panel.querySelectorAll('[data-hip-watch]'));
    if (!marks.length) {
      return;
    }
    window.setTimeout(function () {
      var ids = marks.map(function (mark) { return mark.getAttribute('data-hip-watch'); });
      if (document.hidden) {
        watch(panel, round);
        return;
      }
      states(panel.getAttribute('data-progress-url'), ids).then(function (found) {
        var arrived = false;
        marks.forEach(function (mark) {
          var state = found[mark.getAttribute('data-hip-watch')];
          arrived = arrived || !state || !state.in_progress;
          mark.textContent = state ? label(state) : gettext('Deleted');
        });
        if (arrived && !busy()) {
          window.location.reload();
        } else {
          watch(panel, round + 1);
        }
      }, function () {
        watch(panel, round + 1);
      });
    }, round < PATIENCE ? FIRST_MS : LATER_MS);
  }

  hip.states = states;
  horizon.addInitFunction(function () {
    document.querySelectorAll('[data-hip-images]').forEach(function (panel) {
      watch(panel, 0);
    });
  });
}());
