// SPDX-License-Identifier: Apache-2.0
// The help of a field, which Horizon shows to those who point at it only: by keyboard it is
// a button beside the label, and those who hear the page are told it with the field.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  var count = 0;

  function describe(field, words, icon) {
    var text = hip.element('span', 'sr-only', words), known = (field.getAttribute('aria-describedby') || '').split(' ');
    count += 1;
    text.id = 'hip_help_' + count;
    icon.after(text);
    // Django names an element that Horizon's templates do not have.
    field.setAttribute('aria-describedby', known.filter(function (id) {
      return id && document.getElementById(id);
    }).concat(text.id).join(' '));
  }

  function press(event) {
    var icon = event.currentTarget, isOpen = Boolean(icon.getAttribute('aria-describedby'));
    if (event.key === 'Escape' && isOpen) {
      // The dialog around stays open.
      event.stopPropagation();
      $(icon).tooltip('hide');
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      $(icon).tooltip('toggle');
    }
  }

  function begin(icon) {
    var words = icon.getAttribute('title') || icon.getAttribute('data-original-title'), group = icon.closest('.form-group'),
      label = group.querySelector('label'), field = group.querySelector('input:not([type=hidden]), select, textarea'),
      name = label ? label.textContent.trim() : '';
    // In a label it would be a part of the field's name.
    if (label && label.contains(icon)) {
      label.after(icon);
    }
    if (field) {
      describe(field, words, icon);
    }
    icon.tabIndex = 0;
    icon.setAttribute('role', 'button');
    icon.setAttribute('aria-label', interpolate(gettext('Help on %(field)s'), {field: name}, true));
    icon.addEventListener('keydown', press);
  }

  hip.enhance('.form-group .help-icon', begin);
}());
