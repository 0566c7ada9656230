// SPDX-License-Identifier: Apache-2.0
// The versions of a family stand below the row of the latest one, and are shown by a
// button in it. Without scripts all of them are shown.
(function () {
  'use strict';

  var BOX = '.table-row-multi-select', OF = 'data-hip-version-of';
  var hip = horizon.helionImages;
  // The IDs of the latest versions that are unfolded: a table that is shown anew keeps that.
  var unfolded = new Set();

  function idOf(row) {
    return row.getAttribute('data-hip-image');
  }

  function othersOf(row) {
    return Array.from(row.parentNode.querySelectorAll('tr[' + OF + ']')).filter(function (other) {
      return other.getAttribute(OF) === idOf(row);
    });
  }

  function show(row, button) {
    var isShown = unfolded.has(idOf(row));
    button.setAttribute('aria-expanded', String(isShown));
    othersOf(row).forEach(function (other) {
      var drawer = other.nextElementSibling;
      other.hidden = !isShown;
      if (drawer && drawer.matches('.hip-drawer')) {
        drawer.hidden = !isShown;
      }
    });
  }

  function addButton(row) {
    var count = Number(row.getAttribute('data-hip-versions')), line = row.querySelector('.hip-name-line'),
      below = hip.element('div', 'small'),
      icon = hip.element('span', 'fa fa-clone'), button = hip.element('button', 'btn btn-link btn-sm hip-versions-toggle');
    if (!line || !count) {
      return;
    }
    icon.setAttribute('aria-hidden', 'true');
    button.type = 'button';
    button.append(icon, ' ' + interpolate(ngettext('%(count)s more version', '%(count)s more versions', count), {count: count}, true));
    button.setAttribute('aria-label', interpolate(
      ngettext('%(count)s more version of %(image)s', '%(count)s more versions of %(image)s', count),
      {count: count, image: row.getAttribute('data-hip-name')}, true));
    button.addEventListener('click', function () {
      if (!unfolded.delete(idOf(row))) {
        unfolded.add(idOf(row));
      }
      show(row, button);
    });
    // The line of the name is as short as it is in other rows.
    below.append(button);
    line.after(below);
    show(row, button);
  }

  // What is ticked is in sight: the box of the heading ticks all rows.
  function showTicked() {
    document.querySelectorAll('.hip-list tr[hidden] ' + BOX + ':checked').forEach(function (box) {
      var id = box.closest('tr').getAttribute(OF);
      var row = id && document.querySelector('.hip-list tr[data-hip-image="' + CSS.escape(id) + '"]');
      if (row) {
        unfolded.add(id);
        show(row, row.querySelector('.hip-versions-toggle'));
      }
    });
  }

  hip.enhance('.hip-list tr[data-hip-versions]', addButton);
  $(document).on('change', '.hip-list ' + BOX, showTicked);
}());
