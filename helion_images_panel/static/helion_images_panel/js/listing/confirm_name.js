// SPDX-License-Identifier: Apache-2.0
// A deletion of several images that nothing undoes is confirmed by a name: that of
// their project or domain.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  function isAsked(button, images) {
    return button.value.split('__')[1] === 'delete_permanently' && images > 1;
  }

  // Without the marks that the dashboard adds for the direction of a text, and nobody types.
  function bare(text) {
    return text.replace(/[\u2060\u2066-\u2069]/g, '').trim();
  }

  // Adds the field to the place in the dialog, whose button waits for the name.
  function askForName(button, images, place, submit) {
    var panel = document.querySelector('[data-hip-confirm-name]'), label, input, name;

    function isRight() {
      return bare(input.value) === bare(name);
    }

    function show() {
      submit.classList.toggle('disabled', !isRight());
      submit.setAttribute('aria-disabled', String(!isRight()));
    }

    if (!panel || !submit || !isAsked(button, images)) {
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
      if (submit.contains(event.target) && input.isConnected && !isRight()) {
        event.preventDefault();
        event.stopPropagation();
        input.focus();
      }
    }, true);
    place.append(label);
    show();
  }

  hip.askForName = askForName;
}());
