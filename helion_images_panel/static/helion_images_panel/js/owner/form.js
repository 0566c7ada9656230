// SPDX-License-Identifier: Apache-2.0
// Change Owner: finds projects as one types. A name may stand for several
// projects: what is chosen from the list is sent by its ID.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  function search(url, text) {
    return fetch(url + '?q=' + encodeURIComponent(text), {
      credentials: 'same-origin',
      headers: {'X-Requested-With': 'XMLHttpRequest'}
    }).then(function (response) {
      if (!response.ok) {
        throw new Error(String(response.status));
      }
      return response.json();
    }).then(function (answer) { return answer.found; });
  }

  function arm(form) {
    var field = form.querySelector('[name=project]'), chosen = form.querySelector('[data-hip-chosen]');
    if (!field || field.type === 'hidden') {
      return;
    }
    field.addEventListener('input', function () { chosen.value = ''; });
    hip.combobox(field, {
      search: function (text) { return search(form.getAttribute('data-hip-owner'), text); },
      choose: function (project) {
        field.value = project.name;
        chosen.value = project.value;
      }
    });
  }

  function bind(root) {
    $(root).find('form[data-hip-owner]').each(function () {
      if (!this.hasAttribute('data-hip-bound')) {
        this.setAttribute('data-hip-bound', '');
        arm(this);
      }
    });
  }

  horizon.addInitFunction(function () {
    bind(document.body);
    horizon.modals.addModalInitFunction(bind);
  });
}());
