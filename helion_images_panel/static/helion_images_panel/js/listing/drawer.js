// SPDX-License-Identifier: Apache-2.0
// A row opens a drawer below it with the essentials of its image, which come from
// the page of its details and are fetched once.
(function () {
  'use strict';

  var ANSWER_MS = 60000;
  var hip = horizon.helionImages;
  // What the drawers show, or have shown, by the image's ID.
  var contents = new Map();
  // The IDs of those that are open: a table that is shown anew keeps them open.
  var opened = new Set();

  function addButton(line) {
    var row = line.closest('tr[data-hip-image]'), button = hip.element('button', 'btn btn-link hip-drawer-toggle'),
      icon = hip.element('span', 'fa fa-chevron-down'), label;
    if (!row) {
      return;
    }
    label = interpolate(gettext('Essentials of %(image)s'), {image: row.getAttribute('data-hip-name')}, true);
    icon.setAttribute('aria-hidden', 'true');
    button.type = 'button';
    button.title = gettext('Show the essentials');
    button.setAttribute('aria-label', label);
    button.setAttribute('aria-expanded', 'false');
    button.append(icon);
    button.addEventListener('click', function () { toggle(row, button); });
    line.append(button);
    if (opened.has(idOf(row))) {
      show(row, button);
    }
  }

  function idOf(row) {
    return row.getAttribute('data-hip-image');
  }

  // What an image changes with.
  function stateOf(row) {
    var time = row.querySelector('time'), status = row.querySelector('.hip-status');
    return (time ? time.dateTime : '') + (status ? status.textContent : '');
  }

  function toggle(row, button) {
    var drawer = document.getElementById(button.getAttribute('aria-controls') || '');
    if (drawer) {
      drawer.remove();
      opened.delete(idOf(row));
      if (contents.get(idOf(row)).querySelector('.alert')) {
        contents.delete(idOf(row));
      }
      button.setAttribute('aria-expanded', 'false');
      button.removeAttribute('aria-controls');
    } else {
      opened.add(idOf(row));
      show(row, button);
    }
  }

  function show(row, button) {
    var drawer = hip.element('tr', 'hip-drawer'), cell = hip.element('td');
    drawer.id = 'hip_drawer_' + idOf(row);
    cell.colSpan = row.cells.length;
    cell.setAttribute('ng-non-bindable', '');
    cell.append(contentOf(row));
    drawer.append(cell);
    row.after(drawer);
    button.setAttribute('aria-expanded', 'true');
    button.setAttribute('aria-controls', drawer.id);
  }

  // The element that has the essentials, or is going to have them.
  function contentOf(row) {
    var place = contents.get(idOf(row)) || hip.element('div', 'hip-essentials');
    contents.set(idOf(row), place);
    // An image that has got its data since then has a checksum, and a size.
    if (place.getAttribute('data-hip-state') !== stateOf(row)) {
      fill(place, row);
    }
    return place;
  }

  function fill(place, row) {
    var link = row.querySelector('.hip-name a'), end = hip.loading(place);
    place.setAttribute('data-hip-state', stateOf(row));
    hip.alone(function () {
      return hip.http.getPage(link.href, {'X-Helion-Images-Refresh': 'drawer'}, ANSWER_MS);
    }).then(function (page) {
      var list = hip.element('dl', 'hip-facts');
      hip.showMessages(page);
      page.querySelectorAll('.hip-facts dd[data-hip-essential]').forEach(function (value) {
        // The page has a dash for what is not set.
        if (value.textContent.trim() !== '-') {
          list.append(document.importNode(value.previousElementSibling, true), document.importNode(value, true));
        }
      });
      place.replaceChildren(list);
      hip.enhanceIn(place);
    }, function () {
      place.replaceChildren(hip.alert('warning',
        gettext('The essentials could not be loaded. Close them, and open them again to retry.')));
    }).then(end);
  }

  hip.enhance('.hip-list .hip-name-line', addButton);
}());
