// SPDX-License-Identifier: Apache-2.0
// Keeps the images in the page that are on their way up to date.
(function () {
  'use strict';

  // Most imports take seconds, some hours: each question waits longer than the
  // one before, until the status changes.
  var FIRST_MS = 2000, LAST_MS = 30000, SLOWER = 1.25;
  var hip = horizon.helionImages;
  var renewedFor = {};

  function label(state) {
    var copying = state.copying_to || [];
    if (state.status === 'importing' && state.stored_bytes) {
      // Translators: the status of an image, and how much of its data is stored.
      return interpolate(gettext('%(status)s, %(size)s so far'),
        {status: state.status_label, size: hip.bytes(state.stored_bytes)}, true);
    }
    if (copying.length) {
      return interpolate(gettext('%(status)s, copying to %(stores)s'),
        {status: state.status_label, stores: copying.join(', ')}, true);
    }
    return state.status_label;
  }

  // What a mark of one store says of the copy that is to get there. Where there
  // are several, it is unknown of which of them the number is.
  function copyLabel(state) {
    if (state.stored_bytes && (state.copying_to || []).length < 2) {
      return interpolate(gettext('Copying, %(size)s so far'), {size: hip.bytes(state.stored_bytes)}, true);
    }
    return gettext('Copying');
  }

  // Glance leaves an image in its state for ever where it lost its data, or was killed.
  function hasStopped(state) {
    return Boolean(state.failure) && !state.in_progress && ['saving', 'uploading', 'importing'].indexOf(state.status) >= 0;
  }

  // A copy may have arrived while those to other stores go on.
  function hasEnded(state, store) {
    var copying = state.copying_to || [];
    return copying.length ? Boolean(store) && copying.indexOf(store) < 0 : !state.in_progress;
  }

  // The icon beside it says the same.
  function showFailure(mark) {
    var icon = mark.parentNode.querySelector('.hip-status-icon');
    if (icon) {
      icon.className = 'hip-status-icon fas fa-circle-xmark text-danger';
    }
  }

  // The details say how it goes on after an import has failed: they are read again
  // for each state, once.
  function isOutdated(state) {
    var overview = document.querySelector('.hip-overview'), note, shown;
    if (!overview || renewedFor[state.id] === state.retry) {
      return false;
    }
    note = document.querySelector('[data-hip-retry]');
    shown = note ? note.getAttribute('data-hip-retry') : '';
    if (shown === (state.retry || '')) {
      return false;
    }
    renewedFor[state.id] = state.retry;
    return true;
  }

  function watch(mark, url) {
    var store = mark.getAttribute('data-hip-store');
    var status, watcher = hip.watch(url, mark.getAttribute('data-hip-watch'), FIRST_MS, function (state) {
      if (!state) {
        mark.textContent = gettext('Deleted');
      } else {
        mark.textContent = store ? copyLabel(state) : label(state);
        mark.title = state.retry_note || '';
      }
      if (state && hasStopped(state)) {
        mark.textContent = interpolate(gettext('%(status)s (failed)'), {status: state.status_label}, true);
        mark.title = state.failure;
        showFailure(mark);
        watcher.stop();
      } else if (!state || hasEnded(state, store) || isOutdated(state)) {
        watcher.stop();
        hip.refresh();
      } else {
        watcher.everyMs = state.status === status ? Math.min(watcher.everyMs * SLOWER, LAST_MS) : FIRST_MS;
        status = state.status;
      }
    }, true);
    return watcher.stop;
  }

  // The marks of a table that is gone are not asked for any more.
  hip.enhance('[data-hip-watch]', function (mark) {
    var panel = document.querySelector('[data-hip-images][data-progress-url]');
    return panel && watch(mark, panel.getAttribute('data-progress-url'));
  });
}());
