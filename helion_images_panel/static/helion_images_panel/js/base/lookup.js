// SPDX-License-Identifier: Apache-2.0
// A field that finds projects or images as one types. A name may stand for
// several: what is chosen from the list is sent by its ID.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  // When a choice is to be confirmed, its field is hidden.
  hip.enhance('form[data-hip-lookup-url] [data-hip-lookup]:not([type=hidden])', function (field) {
    var chosen = field.form.querySelector('[data-hip-chosen]'), url = field.form.getAttribute('data-hip-lookup-url');
    field.addEventListener('input', function () { chosen.value = ''; });
    hip.combobox(field, {
      search: function (text) {
        return hip.http.getJson(url, {q: text}).then(function (answer) { return answer.found; });
      },
      choose: function (one) {
        field.value = one.name;
        chosen.value = one.value;
      }
    });
  });
}());
