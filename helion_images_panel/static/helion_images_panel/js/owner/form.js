// SPDX-License-Identifier: Apache-2.0
// Change Owner: finds projects as one types. A name may stand for several
// projects: what is chosen from the list is sent by its ID.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  // When it is to be confirmed, what was chosen is hidden.
  hip.enhance('form[data-hip-owner] [name=project]:not([type=hidden])', function (field) {
    var chosen = field.form.querySelector('[data-hip-chosen]'), url = field.form.getAttribute('data-hip-owner');
    field.addEventListener('input', function () { chosen.value = ''; });
    hip.combobox(field, {
      search: function (text) {
        return hip.http.getJson(url, {q: text}).then(function (answer) { return answer.found; });
      },
      choose: function (project) {
        field.value = project.name;
        chosen.value = project.value;
      }
    });
  });
}());
