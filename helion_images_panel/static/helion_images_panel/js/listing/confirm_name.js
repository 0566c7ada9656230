// SPDX-License-Identifier: Apache-2.0
// A deletion of several images that nothing undoes is confirmed by a name: that of
// their project or domain. The dashboard compares it, too.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  // restorable: for each image who can restore it, as in ui/base/image_badges.py.
  function isAsked(button, restorable) {
    var action = button.value.split('__')[1], lost = restorable.filter(function (each) { return each === 'false'; });
    return action === 'delete_permanently' && restorable.length > 1 || action === 'delete' && lost.length > 1;
  }

  // Without the marks that the dashboard adds for the direction of a text, and nobody types.
  function bare(text) {
    return text.replace(/[\u2060\u2066-\u2069]/g, '').trim();
  }

  // The field of a form that the dashboard reads: ui/base/confirmed_name.py.
  function putInto(form, name) {
    var field = form.elements.confirmed_name || hip.element('input');
    field.type = 'hidden';
    field.name = 'confirmed_name';
    field.value = name;
    form.append(field);
  }

  // What was entered in the dialog, if it asks for a name.
  function confirmedName(place) {
    var input = place.querySelector('[data-hip-name-to-confirm]');
    return input ? input.value : '';
  }

  // Adds the field to the place in the dialog, whose button waits for the name.
  function askForName(button, restorable, place, submit) {
    var panel = document.querySelector('[data-hip-confirm-name]'), label, input, name;

    function isRight() {
      return bare(input.value) === bare(name);
    }

    function show() {
      submit.classList.toggle('disabled', !isRight());
      submit.setAttribute('aria-disabled', String(!isRight()));
    }

    if (!panel || !submit || !isAsked(button, restorable)) {
      return;
    }
    name = panel.getAttribute('data-hip-confirm-name');
    label = hip.element('label', '', interpolate(gettext('Enter "%(name)s" to confirm'), {name: name}, true));
    input = hip.element('input', 'form-control');
    input.type = 'text';
    input.autocomplete = 'off';
    input.setAttribute('data-hip-name-to-confirm', '');
    label.append(input);
    input.addEventListener('input', show);
    input.addEventListener('keydown', function (event) {
      if (event.key === 'Enter') {
        event.preventDefault();
        submit.click();
      }
    });
    // Before the listeners of the button.
    submit.closest('.modal').addEventListener('click', function (event) {
      if (!submit.contains(event.target) || !input.isConnected) {
        return;
      }
      if (!isRight()) {
        event.preventDefault();
        event.stopPropagation();
        input.focus();
      } else if (button.form) {
        putInto(button.form, input.value);
      }
    }, true);
    place.append(label);
    show();
  }

  hip.askForName = askForName;
  hip.confirmedName = confirmedName;
}());
