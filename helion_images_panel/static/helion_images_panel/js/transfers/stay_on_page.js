// SPDX-License-Identifier: Apache-2.0
// While bytes move, the forms of the page are sent without leaving it: the
// person goes on working beside the uploads.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  var TABLES = '[data-hip-images] .table_wrapper > form, .detail-actions-form';

  // Buttons of Horizon are named "action", as the form's address would be.
  function send(form, submitter) {
    var data = new FormData(form);
    if (submitter && submitter.name) {
      data.append(submitter.name, submitter.value);
    }
    return hip.http.post(form.getAttribute('action') || window.location.href, data).then(function (response) {
      return response.text().then(function (text) {
        var messages = JSON.parse(response.headers.get('X-Horizon-Messages') || '[]');
        messages.forEach(function (message) { horizon.alert(message[0], message[1], message[2]); });
        return {
          ok: response.ok,
          text: text,
          elsewhere: response.headers.get('X-Horizon-Location'),
          said: messages.length > 0
        };
      });
    });
  }

  // Where the answer leads to this page, it is shown in place; any other page
  // is asked about before the uploads end for it.
  function follow(answer) {
    if (answer.elsewhere && new URL(answer.elsewhere, window.location.href).pathname !== window.location.pathname) {
      window.location.assign(answer.elsewhere);
      return;
    }
    if (!answer.ok && !answer.said) {
      fail();
    }
    hip.refresh();
  }

  function fail() {
    hip.notice('danger', gettext('The action may not have completed. Check the images before you try again.'));
  }

  function act(form, submitter) {
    send(form, submitter).then(follow, fail).then(function () {
      // What Horizon has done to the form and the page over it.
      form.removeAttribute('data-submitted');
      $(form).removeClass('wait').find('.table-row-multi-select').prop('checked', false);
      if (horizon.modals.spinner) {
        horizon.modals.spinner.modal('hide');
      }
    });
  }

  function answerDialog(form, submitter) {
    var buttons = $(form).find('.modal-footer .btn').prop('disabled', true);
    send(form, submitter).then(function (answer) {
      if (answer.elsewhere || !answer.ok) {
        hip.closeDialog(form, function () { follow(answer); });
      } else {
        // The form again, with what is wrong in it.
        hip.closeDialog(form, function () { horizon.modals.success(answer.text); });
      }
    }, function () {
      buttons.prop('disabled', false);
      fail();
    });
  }

  // By jQuery, as a confirmed action submits its form.
  $(document).on('submit', TABLES, function (event) {
    if (hip.queue.needsPage()) {
      event.preventDefault();
      act(this, event.originalEvent && event.originalEvent.submitter);
    }
  });

  // Before Horizon's own handler, which would leave the page.
  document.addEventListener('submit', function (event) {
    if (hip.queue.needsPage() && document.querySelector('[data-hip-images]') &&
        event.target.matches('.modal form[method=post i]:not([data-hip-create])')) {
      event.preventDefault();
      event.stopImmediatePropagation();
      answerDialog(event.target, event.submitter);
    }
  }, true);
}());
