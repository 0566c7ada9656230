// SPDX-License-Identifier: Apache-2.0
// Horizon's question before an action on images, with what is known of each of
// them: public, protected, in use. Horizon asks; this describes its dialog.
// Elements that stand for an image have the attributes of
// ui/base/image_badges.py.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  var OURS = 'button[name="action"][value^="images__"]', IMAGE = '[data-hip-image]';
  // Before these a person is asked: by Horizon, as they are red, or by this script.
  var ASKED = OURS + '.btn-danger, ' + OURS + '[data-hip-asks]';
  // And before these, where they are for several images: some of them may stay as they are.
  var ASKED_FOR_SEVERAL = ['images__protect', 'images__unprotect'];
  var count = 0;
  var described = new WeakSet();
  // What is asked, by the name of the action: about one image by its name. Some languages have
  // one plural form for all numbers, which could not name it.
  var QUESTIONS = {
    protect: function (images) {
      return images === 1 ? gettext('Protect "%(image)s"?') :
        ngettext('Protect %(count)s image?', 'Protect %(count)s images?', images);
    },
    unprotect: function (images) {
      return images === 1 ? gettext('Unprotect "%(image)s"?') :
        ngettext('Unprotect %(count)s image?', 'Unprotect %(count)s images?', images);
    },
    communitize: function (images) {
      return images === 1 ? gettext('Make "%(image)s" a community image?') :
        ngettext('Make %(count)s image a community image?', 'Make %(count)s images community images?', images);
    },
    uncommunitize: function (images) {
      return images === 1 ? gettext('Restore the previous visibility of "%(image)s"?') :
        ngettext('Restore the previous visibility of %(count)s image?', 'Restore the previous visibility of %(count)s images?', images);
    },
    deactivate: function (images) {
      return images === 1 ? gettext('Deactivate "%(image)s"?') :
        ngettext('Deactivate %(count)s image?', 'Deactivate %(count)s images?', images);
    },
    reactivate: function (images) {
      return images === 1 ? gettext('Reactivate "%(image)s"?') :
        ngettext('Reactivate %(count)s image?', 'Reactivate %(count)s images?', images);
    },
    delete: function (images) {
      return images === 1 ? gettext('Delete "%(image)s"?') :
        ngettext('Delete %(count)s image?', 'Delete %(count)s images?', images);
    },
    delete_permanently: function (images) {
      return images === 1 ? gettext('Delete "%(image)s" permanently?') :
        ngettext('Delete %(count)s image permanently?', 'Delete %(count)s images permanently?', images);
    },
    hide: function (images) {
      return images === 1 ? gettext('Hide "%(image)s"?') :
        ngettext('Hide %(count)s image?', 'Hide %(count)s images?', images);
    },
    unhide: function (images) {
      return images === 1 ? gettext('Unhide "%(image)s"?') :
        ngettext('Unhide %(count)s image?', 'Unhide %(count)s images?', images);
    },
    unpublish: function (images) {
      return images === 1 ? gettext('Unpublish "%(image)s"?') :
        ngettext('Unpublish %(count)s image?', 'Unpublish %(count)s images?', images);
    },
    stop_sharing: function (images) {
      return images === 1 ? gettext('Stop sharing "%(image)s"?') :
        ngettext('Stop sharing %(count)s image?', 'Stop sharing %(count)s images?', images);
    }
  };

  function nameOf(action) {
    return action.value.split('__')[1];
  }

  function asked(action, images) {
    return interpolate(QUESTIONS[nameOf(action)](images.length),
      {image: images[0].getAttribute('data-hip-name'), count: images.length}, true);
  }

  function isForTicked(action) {
    return Boolean(action.closest('table') && action.closest('.table_actions, .table_actions_menu'));
  }

  // The menu of a row has the actions that are possible for its image.
  function isPossible(action, row) {
    var id = 'images__row_' + row.getAttribute('data-hip-image') + '__action_' + nameOf(action);
    return Boolean(document.getElementById(id));
  }

  function tickedRows(table) {
    return Array.prototype.filter.call(table.querySelectorAll('tr' + IMAGE), function (row) {
      return row.querySelector('.table-row-multi-select:checked');
    });
  }

  // The row of the action, those that are ticked, or the image of the page.
  function subjects(action) {
    var row = action.closest('tr' + IMAGE), table = action.closest('table');
    if (row) {
      return [row];
    }
    if (isForTicked(action)) {
      return tickedRows(table);
    }
    return Array.prototype.slice.call(document.querySelectorAll('[data-hip-images] > ' + IMAGE));
  }

  function note(item, words, kind) {
    item.append(' ', hip.element('span', 'label label-' + kind, words));
  }

  // What will happen to how many of the ticked images, and to which of them nothing.
  // Where it is nothing at all, there is nothing to confirm.
  function describeEffects(modal, action, images, items) {
    var staying = images.filter(function (image) { return !isPossible(action, image); }), locked = [];
    if (nameOf(action).indexOf('delete') === 0) {
      locked = staying.filter(function (image) { return image.getAttribute('data-hip-protected') === 'true'; });
    }
    staying.forEach(function (image) {
      note(items[image.getAttribute('data-hip-image')], gettext('Stays as it is'), 'info');
    });
    if (staying.length === images.length) {
      modal.querySelector('.modal-footer .btn:not(.cancel)').remove();
    }
    return hip.effects(nameOf(action), {
      changed: images.length - staying.length, locked: locked.length, other: staying.length - locked.length
    });
  }

  // The question names a single image.
  function line(image, isAlone) {
    var item = hip.element('li'), notes = [];
    if (!isAlone) {
      item.append(hip.element('span', '', '"' + image.getAttribute('data-hip-name') + '"'));
    }
    try {
      notes = JSON.parse(image.getAttribute('data-hip-notes'));
    } catch {
      // The name says enough.
    }
    notes.forEach(function (words) { note(item, words, 'default'); });
    return item;
  }

  function restorableBy(image) {
    return image.getAttribute('data-hip-restorable');
  }

  function restorable(images, value) {
    return images.filter(function (image) { return restorableBy(image) === value; });
  }

  // What the person cannot undo: Glance has no data of some images, and others they may not make
  // public again.
  function describeRestoring(action, images, items) {
    var lost = restorable(images, 'false');
    if (nameOf(action) !== 'delete') {
      return action.getAttribute('help_text');
    }
    restorable(images, 'admin').forEach(function (image) {
      note(items[image.getAttribute('data-hip-image')], gettext('Only an admin can restore it'), 'warning');
    });
    if (!lost.length) {
      return action.getAttribute('help_text');
    }
    if (lost.length === images.length) {
      return gettext('A deleted image cannot be recovered. Instances launched from it keep running.');
    }
    lost.forEach(function (image) {
      note(items[image.getAttribute('data-hip-image')], gettext('Cannot be restored'), 'danger');
    });
    return action.getAttribute('help_text');
  }

  function describe(modal, action, images) {
    var body = modal.querySelector('.modal-body'),
      list = hip.element('ul', 'list-unstyled'), region = hip.element('div', 'hip-selection'),
      words = hip.element('p', '', asked(action, images)),
      help = hip.element('p'), items = {}, parts, state;
    count += 1;
    words.id = 'hip_confirm_question_' + count;
    help.id = 'hip_confirm_help_' + count;
    hip.announceDialog(modal);
    modal.setAttribute('aria-describedby', words.id + ' ' + help.id);
    images.forEach(function (image) {
      var item = line(image, images.length === 1);
      items[image.getAttribute('data-hip-image')] = item;
      list.append(item);
    });
    help.textContent = describeRestoring(action, images, items);
    region.setAttribute('role', 'region');
    region.setAttribute('aria-label', gettext('Selected images'));
    // It scrolls by keyboard, too.
    region.tabIndex = 0;
    region.append(list);
    state = hip.element('p', 'hip-quiet');
    state.setAttribute('role', 'status');
    parts = [words, region, help, state];
    if (isForTicked(action)) {
      parts.splice(1, 0, describeEffects(modal, action, images, items));
      parts[1].id = 'hip_confirm_effects_' + count;
      modal.setAttribute('aria-describedby', [words.id, parts[1].id, help.id].join(' '));
    }
    region.hidden = images.length === 1 && !region.querySelector('.label');
    body.replaceChildren.apply(body, parts);
    hip.askForName(action, images.map(restorableBy), body, modal.querySelector('.modal-footer .btn:not(.cancel)'));
    return {items: items, state: state, region: region};
  }

  function addUses(place) {
    var panel = document.querySelector('[data-hip-images][data-uses-url]');
    if (panel) {
      hip.addUses(panel.getAttribute('data-uses-url'), place, function () { place.region.hidden = false; });
    }
  }

  function explain(modal, button) {
    var images = subjects(button), place;
    described.add(modal);
    if (images.length) {
      modal.querySelector('.cancel').focus();
      place = describe(modal, button, images);
      if (hip.showsUses(button)) {
        addUses(place);
      }
    }
  }

  // The dialog in which Horizon asks about this button: it does so by itself,
  // at the body, before red ones. None where the button is disabled.
  function question(button) {
    var modal;
    if (!button.matches('.btn-danger')) {
      modal = horizon.datatables.confirm(button);
      return modal && modal[0];
    }
    return Array.from(document.querySelectorAll('#modal_wrapper > .modal')).pop();
  }

  function isAsked(button) {
    var isForSeveral = ASKED_FOR_SEVERAL.indexOf(button.value) >= 0 && isForTicked(button);
    return button.matches(ASKED) || (isForSeveral && subjects(button).length > 1);
  }

  // Who launches, shares or is based on an image matters little where it is protected.
  hip.showsUses = function (button) {
    return button.matches('.btn-danger, [data-hip-asks]');
  };

  hip.isPossible = isPossible;
  hip.tickedRows = tickedRows;

  // Behind Horizon's own listener.
  document.addEventListener('click', function (event) {
    var button = event.target.closest(OURS), modal;
    if (button && isAsked(button)) {
      event.preventDefault();
      modal = question(button);
      if (modal && !described.has(modal)) {
        explain(modal, button);
      }
    }
  });
}());
