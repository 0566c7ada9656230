// SPDX-License-Identifier: Apache-2.0
// Horizon's question before an action, with what is known of each image:
// public, protected, in use. Elements that stand for an image have the
// attributes of ui/base/image_badges.py.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  var horizons = horizon.datatables.confirm;
  var OURS = 'button[name="action"][value^="images__"]', IMAGE = '[data-hip-image]';
  var count = 0;

  // The row of the action, those that are ticked, or the image of the page.
  function subjects(action) {
    var row = action.closest('tr' + IMAGE), table = action.closest('table');
    if (row) {
      return [row];
    }
    if (table && action.closest('.table_actions, .table_actions_menu')) {
      return Array.prototype.filter.call(table.querySelectorAll('tr' + IMAGE), function (each) {
        return each.querySelector('.table-row-multi-select:checked');
      });
    }
    return Array.prototype.slice.call(document.querySelectorAll('[data-hip-images] > ' + IMAGE));
  }

  function note(item, words, kind) {
    item.append(' ', hip.element('span', 'label label-' + kind, words));
  }

  function line(image) {
    var item = hip.element('li'), notes = [];
    item.append(hip.element('span', '', '"' + image.getAttribute('data-hip-name') + '"'));
    try {
      notes = JSON.parse(image.getAttribute('data-hip-notes'));
    } catch (error) {
      // The name says enough.
    }
    notes.forEach(function (words) { note(item, words, 'default'); });
    return item;
  }

  function describe(modal, action, images) {
    var body = modal.querySelector('.modal-body'), title = modal.querySelector('.modal-title'),
      list = hip.element('ul', 'list-unstyled'), region = hip.element('div', 'hip-selection'),
      help = hip.element('p', '', action.getAttribute('help_text')), items = {}, state;
    count += 1;
    title.id = 'hip_confirm_title_' + count;
    help.id = 'hip_confirm_help_' + count;
    modal.setAttribute('role', 'dialog');
    modal.setAttribute('aria-modal', 'true');
    modal.setAttribute('aria-labelledby', title.id);
    modal.setAttribute('aria-describedby', help.id);
    modal.querySelector('.modal-header .close').setAttribute('aria-label', gettext('Close'));
    images.forEach(function (image) {
      var item = line(image);
      items[image.getAttribute('data-hip-image')] = item;
      list.append(item);
    });
    region.setAttribute('role', 'region');
    region.setAttribute('aria-label', gettext('Selected images'));
    // It scrolls by keyboard, too.
    region.tabIndex = 0;
    region.append(list);
    state = hip.element('p', 'text-muted');
    state.setAttribute('role', 'status');
    body.replaceChildren(
      hip.element('p', '', interpolate(
        ngettext('You have selected %s image:', 'You have selected %s images:', images.length), [images.length]
      )),
      region, help, state
    );
    return {items: items, state: state};
  }

  // Who uses the images is known a moment later, if at all.
  function addUses(place, images) {
    var panel = document.querySelector('[data-hip-images][data-uses-url]');
    if (!panel) {
      return;
    }
    place.state.textContent = gettext('Looking for instances, snapshots and projects that use them…');
    hip.uses(panel.getAttribute('data-uses-url'), images.map(function (image) {
      return image.getAttribute('data-hip-image');
    }), function (uses) {
      Object.keys(uses).forEach(function (id) {
        if (place.items[id]) {
          uses[id].forEach(function (words) { note(place.items[id], words, 'warning'); });
        }
      });
    }).catch(function () {
      // Nothing is claimed where nothing is known.
    }).then(function () {
      place.state.textContent = '';
    });
  }

  // Cancel has the focus at first; afterwards it goes back to where it was.
  function guide(modal, action) {
    modal.querySelector('.cancel').focus();
    $(modal).one('hidden.bs.modal', function () {
      var menu = action.closest('.table_actions_menu, .btn-group'), back = action;
      if (!action.offsetParent && menu) {
        back = menu.querySelector('.dropdown-toggle') || action;
      }
      back.focus();
    });
  }

  horizon.datatables.confirm = function (action) {
    var button = action.nodeType ? action : action[0], images, modal;
    modal = horizons.call(horizon.datatables, action);
    if (modal && button.matches(OURS)) {
      images = subjects(button);
      if (images.length) {
        guide(modal[0], button);
        if (button.classList.contains('btn-danger')) {
          addUses(describe(modal[0], button, images), images);
        } else {
          describe(modal[0], button, images);
        }
      }
    }
    return modal;
  };

  // Horizon asks before red buttons; these are to be confirmed as well.
  document.addEventListener('click', function (event) {
    var button = event.target.closest('[data-hip-asks]');
    if (button) {
      event.preventDefault();
      horizon.datatables.confirm(button);
    }
  });
}());
