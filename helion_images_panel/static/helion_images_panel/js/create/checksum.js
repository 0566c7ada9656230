// SPDX-License-Identifier: Apache-2.0
// Says which kind of checksum was entered, or why it is none, once the field is
// left: the dashboard reads it, as it will when the form is sent.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  function value(form, name) {
    var field = form.querySelector('[name=' + name + ']');
    return field ? field.value : '';
  }

  function question(field) {
    var form = field.form, file = hip.chosenFile(form), data = new FormData();
    data.append('recognize', 'checksum');
    data.append('checksum', field.value);
    data.append('source', value(form, 'source'));
    data.append('file_name', file ? file.name : '');
    data.append('location', value(form, 'location'));
    return hip.http.postForJson(form.action, data, hip.page.ofForm(form));
  }

  hip.enhance('form[data-hip-create] [name=checksum]', function (field) {
    var status = hip.element('p', 'help-block'), asked = 0;
    status.setAttribute('role', 'status');
    field.insertAdjacentElement('afterend', status);

    function say(answer) {
      status.textContent = answer.recognized || answer.reason || '';
      status.classList.toggle('text-danger', !answer.recognized);
    }

    field.addEventListener('input', function () {
      asked += 1;
      say({});
    });
    field.addEventListener('change', function () {
      var number = asked += 1;
      if (!field.value.trim()) {
        say({});
        return;
      }
      question(field).then(function (answer) {
        // A slow answer about an earlier text is not shown.
        if (number === asked && answer.status === 200) {
          say(answer);
        }
      }, function () {
        // The form says it when it is sent.
      });
    });
  });
}());
