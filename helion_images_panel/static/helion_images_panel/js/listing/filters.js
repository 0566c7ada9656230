// SPDX-License-Identifier: Apache-2.0
// The filters of the list: fields that are left empty stay out of the address, and
// a file finds the image that has its data.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  // Stops the reading of the present file.
  var stop = function () {};

  hip.enhance('[data-hip-filters]', function (form) {
    var isByKeys = false;
    form.addEventListener('keydown', function () { isByKeys = true; });
    form.addEventListener('pointerdown', function () { isByKeys = false; });
    // The choices beside the search box. Keys pass by others on the way to one: they end with Filter.
    form.addEventListener('change', function (event) {
      if (!isByKeys && event.target.matches('[data-hip-filters] > select')) {
        form.requestSubmit();
      }
    });
    form.addEventListener('formdata', function (event) {
      new Set(event.formData.keys()).forEach(function (name) {
        var values = event.formData.getAll(name).filter(Boolean);
        event.formData.delete(name);
        values.forEach(function (value) { event.formData.append(name, value); });
      });
    });
    return function () { stop(); };
  });

  // The server remembers the order: what is left names its own, so that Back leads there.
  function nameOrder() {
    var url = new URL(window.location.href), chosen = document.querySelector('#hip_filter_sort [selected]');
    if (chosen && !url.searchParams.has('sort')) {
      url.searchParams.set('sort', chosen.value);
      window.history.replaceState(window.history.state, '', url);
    }
  }

  // Before all that may lead elsewhere.
  window.addEventListener('click', function (event) {
    if (event.target.closest('[data-hip-images] a[href*="sort="]')) {
      nameOrder();
    }
  }, true);
  window.addEventListener('submit', function (event) {
    if (event.target.matches('[data-hip-filters]')) {
      nameOrder();
    }
  }, true);

  hip.enhance('input[type=file][data-hip-find]', function (field) {
    field.addEventListener('change', function () {
      findImageOf(field.files[0]);
      field.value = '';
    });
  });

  // The checksum is computed in the browser: nothing of the file is sent.
  function findImageOf(file) {
    var place = document.querySelector('[data-hip-digest]'), bar, cancel, worker;
    stop();
    if (!place || !file) {
      return;
    }
    bar = document.createElement('progress');
    cancel = hip.button(gettext('Cancel'), 'btn-default btn-sm', function () {
      stop();
      document.querySelector('#hip_filter_name').focus();
    });
    say(interpolate(gettext('Computing the SHA-512 checksum of %(file)s. Nothing is uploaded.'), {file: hip.isolated(file.name)}, true));
    bar.max = Math.max(file.size, 1);
    bar.value = 0;
    bar.setAttribute('aria-label', gettext('Part of the file that has been read'));
    place.append(bar, cancel);
    stop = function () {
      stop = function () {};
      if (worker) {
        worker.terminate();
      }
      place.hidden = true;
      place.replaceChildren();
    };

    function say(text) {
      var status = hip.element('span', '', text);
      status.setAttribute('role', 'status');
      place.hidden = false;
      place.replaceChildren(status);
    }

    function fail() {
      stop();
      say(interpolate(gettext('%(file)s could not be read here. Enter its checksum: the command "sha512sum" computes it.'),
        {file: hip.isolated(file.name)}, true));
    }

    try {
      worker = new Worker(place.getAttribute('data-hip-digest'));
    } catch {
      // From another host, which some browsers do not allow.
      fail();
      return;
    }
    worker.onerror = fail;
    worker.onmessage = function (event) {
      var field = document.querySelector('#hip_filter_checksum');
      if (event.data.failed) {
        fail();
      } else if (event.data.digest) {
        stop();
        field.value = 'sha512:' + event.data.digest;
        field.form.requestSubmit();
      } else {
        bar.value = event.data.read;
      }
    };
    worker.postMessage(file);
  }

  hip.findImageOf = findImageOf;
}());
