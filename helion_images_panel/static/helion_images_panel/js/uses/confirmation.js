// SPDX-License-Identifier: Apache-2.0
// What uses images, in each dialog that takes them away from those who use them: it is known a
// moment later, if at all.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  // Before these, projects lose the image.
  var REMOVING = 'button[name="action"][value^="members__remove"]';

  function note(item, words) {
    item.append(' ', hip.element('span', 'label label-warning', words));
  }

  // place: {items: {ID: element}, state: the paragraph that says how far it is}. found() is called
  // once there is something to see. losing: the projects that lose the images, if not all do.
  function addUses(url, place, found, losing) {
    var ids = Object.keys(place.items), notes = [], missing = '';
    place.state.textContent = ngettext(
      'Checking for instances, volumes, images and projects that use the image…',
      'Checking for instances, volumes, images and projects that use the images…', ids.length);
    return hip.uses(url, ids, function (uses, words) {
      if (words && notes.indexOf(words) < 0) {
        notes.push(words);
      }
      Object.keys(uses).forEach(function (id) {
        if (place.items[id]) {
          uses[id].forEach(function (use) {
            note(place.items[id], use);
            found(place.items[id]);
          });
        }
      });
    }, losing).then(function () {
      missing = notes.join(' ');
    }).catch(function () {
      missing = ngettext(
        'The uses of the image could not be checked.',
        'The uses of the images could not be checked.', ids.length);
    }).then(function () {
      place.state.textContent = missing;
      // It stays, and is to be read.
      place.state.classList.toggle('hip-quiet', !missing);
    });
  }

  // The lines of the images in a dialog: the name of each, where the dialog has others.
  function build(element) {
    var list = hip.element('ul', 'list-unstyled'), state = hip.element('p', 'hip-quiet'), items = {},
      names = JSON.parse(element.getAttribute('data-hip-uses-of'));
    Object.keys(names).forEach(function (id) {
      items[id] = hip.element('li', '', names[id] && '"' + names[id] + '"');
      items[id].hidden = true;
      list.append(items[id]);
    });
    state.setAttribute('role', 'status');
    element.replaceChildren(list, state);
    return {items: items, state: state};
  }

  function listed(element, name) {
    return (element.getAttribute(name) || '').split(' ').filter(Boolean);
  }

  function isGiven(field, values) {
    if (field.type === 'checkbox' || field.type === 'radio') {
      return field.checked && (!values.length || values.indexOf(field.value) >= 0);
    }
    return values.length ? values.indexOf(field.value) >= 0 : Boolean(field.value);
  }

  // Whether what is chosen in the form takes the image away: where the element names no field, the
  // form does nothing else.
  function applies(element) {
    var names = listed(element, 'data-hip-uses-fields'), values = listed(element, 'data-hip-uses-values');
    return !names.length || names.some(function (name) {
      return Array.from(element.closest('form').elements).some(function (field) {
        return field.name === name && isGiven(field, values);
      });
    });
  }

  // The services are asked once, and not before they matter.
  function begin(element) {
    var form = element.closest('form'), isAsked = false;

    function look() {
      element.hidden = !applies(element);
      if (!element.hidden && !isAsked) {
        isAsked = true;
        addUses(element.getAttribute('data-uses-url'), build(element), function (item) { item.hidden = false; },
          listed(element, 'data-hip-uses-projects'));
      }
    }

    look();
    if (form) {
      form.addEventListener('change', look);
      form.addEventListener('input', look);
      // Horizon's own drop-downs change their field by jQuery alone.
      $(form).on('change', look);
    }
  }

  // The projects of a row of the table of members, or of its ticked rows.
  function projects(button) {
    var id = button.value.split('__')[2];
    return id ? [id] : Array.from(button.closest('table').querySelectorAll('tbody .table-row-multi-select:checked'), function (box) {
      return box.value;
    });
  }

  // Horizon asks before the members are removed: by then its dialog is at the end of the page.
  document.addEventListener('click', function (event) {
    var button = event.target.closest(REMOVING), panel = document.querySelector('[data-hip-images][data-uses-url]'),
      image = panel && panel.querySelector('[data-hip-image]'), modal, element, names = {};
    if (!button || !image) {
      return;
    }
    modal = Array.from(document.querySelectorAll('#modal_wrapper > .modal')).pop();
    if (modal && !modal.querySelector('[data-hip-uses-of]')) {
      element = hip.element('div', 'hip-uses-of');
      names[image.getAttribute('data-hip-image')] = '';
      element.setAttribute('data-hip-uses-of', JSON.stringify(names));
      element.setAttribute('data-uses-url', panel.getAttribute('data-uses-url'));
      element.setAttribute('data-hip-uses-projects', projects(button).join(' '));
      modal.querySelector('.modal-body').append(element);
      hip.enhanceIn(element);
    }
  });

  hip.addUses = addUses;
  hip.enhance('[data-hip-uses-of]', begin);
}());
