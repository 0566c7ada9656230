// SPDX-License-Identifier: Apache-2.0
// Selects all images that match the filters of the list, on all of its pages. Without
// this, actions are for the rows of one page.
(function () {
  'use strict';

  var ROWS = 'tbody .table-row-multi-select', BUTTONS = '.hip-list .hip-bulk button[name="action"]';
  // Another page of the list, or the rest of a search.
  var MORE = '[data-hip-images] .table_wrapper a[href*="marker="], [data-hip-search]';
  // A form has a field for each, and Django refuses one of more than 1,000.
  var MAX_IN_FORM = 500;
  // The list changes while it is read: how often it is read from the start.
  var ATTEMPTS = 3;
  var hip = horizon.helionImages;
  var bars = new WeakMap();
  // The bars of lists of which all that matches is selected.
  var whole = new WeakSet();

  function place() {
    return document.querySelector('[data-hip-selection]');
  }

  function build(bar) {
    var button = hip.button('', 'btn-link hip-bulk-all', function () { selectAll(bar); });
    if (place()) {
      bar.querySelector('.hip-bulk-clear').before(button);
      bars.set(bar, button);
      show(bar);
    }
  }

  // The offer, once all rows of a page are ticked.
  function show(bar) {
    var boxes = Array.from(bar.closest('table').querySelectorAll(ROWS)), total = place().getAttribute('data-hip-total');
    var isOffered = boxes.length && boxes.every(function (box) { return box.checked; }) && document.querySelector(MORE);
    bars.get(bar).classList.toggle('hidden', !isOffered || whole.has(bar));
    bars.get(bar).textContent = total ? interpolate(gettext('Select all %(total)s that match'), {total: total}, true) : gettext('Select all that match');
  }

  function selectAll(bar) {
    var words = gettext('All images that match are selected');
    whole.add(bar);
    show(bar);
    // As the bar says how many are ticked: see bulk.js.
    bar.querySelector('strong').textContent = words;
    bar.parentElement.querySelector('[role=status]').textContent = words;
    bar.querySelector('.hip-bulk-clear').focus();
  }

  function showAll() {
    document.querySelectorAll('.hip-list .hip-bulk').forEach(function (bar) {
      if (bars.has(bar)) {
        show(bar);
      }
    });
  }

  // What is ticked afterwards is what counts. Behind the listener of bulk.js.
  function forget() {
    document.querySelectorAll('.hip-list .hip-bulk').forEach(function (bar) { whole.delete(bar); });
    showAll();
  }

  // All that matches, or the first `most` of it: {images: [{id, name, refusal}], isCut}.
  // report(count) is called in between; false ends it, with null.
  function read(action, most, report) {
    var url = place().getAttribute('data-hip-selection'), attempts = 0;

    function part(known, position) {
      return hip.http.getJson(url, Object.assign({action: action}, position)).then(function (answer) {
        answer.images.forEach(function (image) { known.set(image.id, image); });
        if (report(known.size) === false) {
          return null;
        }
        if (answer.next && known.size <= most) {
          return part(known, answer.next);
        }
        return {images: Array.from(known.values()).slice(0, most), isCut: known.size > most};
      }, function (refusal) {
        attempts += 1;
        if (refusal.kind !== 'changed' || attempts >= ATTEMPTS) {
          throw refusal;
        }
        return part(new Map(), {});
      });
    }

    return part(new Map(), {});
  }

  // Who uses the images, some at a time for as long as goesOn() says so: for many of
  // them it takes longer than a person reads. reportMissing(words): what is not included.
  function usesOfMany(images, goesOn, report, reportMissing) {
    var panel = document.querySelector('[data-hip-images][data-uses-url]'), some = images.slice(0, hip.IDS_PER_QUESTION);
    if (!panel || !some.length || !goesOn()) {
      return Promise.resolve();
    }
    return hip.uses(panel.getAttribute('data-uses-url'), some.map(function (image) { return image.id; }), function (uses, missing) {
      if (missing) {
        reportMissing(missing);
      }
      some.forEach(function (image) {
        if (uses[image.id] && uses[image.id].length) {
          report(image, uses[image.id]);
        }
      });
    }).then(function () { return usesOfMany(images.slice(hip.IDS_PER_QUESTION), goesOn, report, reportMissing); });
  }

  // The ticked rows, as `read` resolves to what matches.
  function readRows(button, rows, most) {
    return Promise.resolve({
      images: rows.slice(0, most).map(function (row) {
        return {
          id: row.getAttribute('data-hip-image'),
          name: row.getAttribute('data-hip-name'),
          refusal: hip.isPossible(button, row) ? '' :
            gettext('The action is not possible for the image, or you are not allowed to change it.')
        };
      }),
      isCut: rows.length > most
    });
  }

  // Before Horizon's listeners, which send the form of the table, and that of Publish.
  // A form with more fields than MAX_IN_FORM may be refused as a whole.
  document.addEventListener('click', function (event) {
    var button = event.target.closest(BUTTONS), most, rows, isWhole;
    if (!button || !place()) {
      return;
    }
    isWhole = whole.has(button.closest('.hip-bulk'));
    rows = isWhole ? [] : hip.tickedRows(button.closest('table'));
    if (isWhole || rows.length > MAX_IN_FORM) {
      event.preventDefault();
      event.stopImmediatePropagation();
      $(button).closest('.open').removeClass('open');
      most = Number(place().getAttribute('data-hip-limit'));
      most = button.matches('[data-hip-dialog]') ? Math.min(most, MAX_IN_FORM) : most;
      hip.runOnAll(button, place().getAttribute('data-hip-selection'), function (report) {
        return isWhole ? read(button.value.split('__')[1], most, report) : readRows(button, rows, most);
      });
    }
  }, true);

  hip.usesOfMany = usesOfMany;
  hip.enhance('.hip-list .hip-bulk', build);
  $(document).on('change', '.hip-list .table-row-multi-select', forget);
  // A search adds rows to the page.
  hip.enhance('.hip-list tr[data-object-id]:last-child', showAll);
}());
