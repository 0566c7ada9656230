// SPDX-License-Identifier: Apache-2.0
// The versions of a family stand below the row of the latest one, and are shown by a
// button in it. Those on other pages are fetched when the button is selected. Without scripts
// those of the page are shown, and a link leads to all.
(function () {
  'use strict';

  var BOX = '.table-row-multi-select', OF = 'data-hip-version-of', MORE = 'data-hip-versions-url', FAMILY = 'data-hip-family';
  var ANSWER_MS = 60000;
  var hip = horizon.helionImages;
  // The IDs of the latest versions that are unfolded: a table that is shown anew keeps that.
  var unfolded = new Set();
  // The rows whose other versions are all there, or on their way.
  var loaded = new WeakSet();
  // Those of them whose family has even more, which are not there.
  var goingOn = new WeakSet();

  function idOf(row) {
    return row.getAttribute('data-hip-image');
  }

  function rowsOf(parent, attribute, value) {
    return Array.from(parent.querySelectorAll('tr[' + attribute + ']')).filter(function (other) {
      return other.getAttribute(attribute) === value;
    });
  }

  function othersOf(row) {
    return rowsOf(row.parentNode, OF, idOf(row));
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
    if (isShown && row.getAttribute(MORE) && !loaded.has(row)) {
      load(row, button);
    }
  }

  // Their number is not known before all are there.
  function label(row, button) {
    var count = othersOf(row).length, name = row.getAttribute('data-hip-name'),
      isWhole = !row.getAttribute(MORE) || loaded.has(row) && !goingOn.has(row);
    var text = gettext('More versions'), whole = gettext('More versions of %(image)s');
    if (isWhole) {
      text = count ? ngettext('%(count)s more version', '%(count)s more versions', count) : gettext('No more versions');
      whole = count ? ngettext('%(count)s more version of %(image)s', '%(count)s more versions of %(image)s', count) :
        gettext('No more versions of %(image)s');
    }
    button.lastChild.textContent = ' ' + interpolate(text, {count: count}, true);
    button.setAttribute('aria-label', interpolate(whole, {count: count, image: name}, true));
  }

  function load(row, button) {
    var place = hip.element('div', ''), end;
    if (button.nextElementSibling) {
      button.nextElementSibling.remove();
    }
    button.after(place);
    end = hip.loading(place);
    loaded.add(row);
    hip.alone(function () {
      return hip.http.getPage(row.getAttribute(MORE), {'X-Helion-Images-Refresh': 'versions'}, ANSWER_MS);
    }).then(function (page) {
      hip.showMessages(page);
      add(row, page);
      place.replaceChildren();
      // The list of all of them has pages of its own.
      if (page.querySelector('[data-hip-images] a[href*="marker="]')) {
        goingOn.add(row);
        place.append(linkToAll(row));
      }
      label(row, button);
      show(row, button);
    }, function () {
      loaded.delete(row);
      unfolded.delete(idOf(row));
      place.replaceChildren(hip.alert('warning',
        gettext('The other versions could not be loaded. Select the button again to retry.')));
      show(row, button);
    }).then(end);
  }

  function linkToAll(row) {
    var link = hip.element('a', '', gettext('Show all versions'));
    link.href = row.getAttribute(MORE);
    link.target = '_self';
    return link;
  }

  // The rows of the other page, in the order of their creation, the newest first.
  function add(row, page) {
    var body = row.parentNode, known = new Set(rowsOf(body, FAMILY, row.getAttribute(FAMILY)).map(idOf)), after = row, others;
    rowsOf(page, FAMILY, row.getAttribute(FAMILY)).forEach(function (other) {
      var fresh;
      if (!known.has(idOf(other))) {
        fresh = document.importNode(other, true);
        fresh.setAttribute(OF, idOf(row));
        fresh.removeAttribute('data-hip-versions');
        body.insertBefore(fresh, row.nextSibling);
      }
    });
    others = othersOf(row).sort(function (a, b) {
      return a.getAttribute('data-hip-created') < b.getAttribute('data-hip-created') ? 1 : -1;
    });
    if (drawerOf(row)) {
      after = drawerOf(row);
    }
    others.forEach(function (other) {
      var drawer = drawerOf(other);
      after.after(other);
      after = other;
      if (drawer) {
        after.after(drawer);
        after = drawer;
      }
    });
    hip.compileIn($(body));
    hip.enhanceIn(body);
  }

  function drawerOf(row) {
    var next = row.nextElementSibling;
    return next && next.matches('.hip-drawer') ? next : null;
  }

  function addButton(row) {
    var line = row.querySelector('.hip-name-line'), below = hip.element('div', 'small'), link = row.querySelector('.hip-family'),
      icon = hip.element('span', 'fa fa-clone'), button = hip.element('button', 'btn btn-link btn-sm hip-versions-toggle');
    if (!line || !(Number(row.getAttribute('data-hip-versions')) || row.getAttribute(MORE))) {
      return;
    }
    icon.setAttribute('aria-hidden', 'true');
    button.type = 'button';
    button.append(icon, '');
    label(row, button);
    button.addEventListener('click', function () {
      if (!unfolded.delete(idOf(row))) {
        unfolded.add(idOf(row));
      }
      show(row, button);
    });
    if (link) {
      link.remove();
    }
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
