// SPDX-License-Identifier: Apache-2.0
// Dialogs stay open until what they ask for is done, and the tables of the page
// are sent without leaving it for anything but the page that comes next: nothing
// that the person has entered or ticked, nor any upload, is lost over it.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  var TABLES = '[data-hip-images] .table_wrapper > form, .detail-actions-form';
  var DIALOGS = '.modal form[method=post i]:not([data-hip-create])';

  // Buttons of Horizon are named "action", as the form's address would be.
  function dataOf(form, submitter) {
    var data = new FormData(form);
    if (submitter && submitter.name) {
      data.append(submitter.name, submitter.value);
    }
    return data;
  }

  // Resolves to {ok, text, elsewhere, said, refusal}.
  function send(form, data) {
    return hip.http.post(form.getAttribute('action') || window.location.href, data).then(function (response) {
      var messages = JSON.parse(response.headers.get('X-Horizon-Messages') || '[]');
      var elsewhere = response.headers.get('X-Horizon-Location');
      messages.forEach(function (message) { horizon.alert(message[0], message[1], message[2]); });
      if (!response.ok) {
        return hip.http.refusalOf(response).then(function (refusal) {
          return {ok: false, refusal: refusal, said: messages.length > 0};
        });
      }
      return response.text().then(function (text) { return {ok: true, text: text, elsewhere: elsewhere}; });
    });
  }

  // Where the answer leads to this page and something goes on in it, it is shown in
  // place; any other page is asked about before that ends for it.
  function follow(answer, form, data) {
    if (answer.elsewhere && !(hip.queue.holdsPage() && isHere(answer.elsewhere))) {
      hip.expectFocus(form, data.get('action'));
      window.location.assign(answer.elsewhere);
    } else if (!answer.ok && !answer.said) {
      hip.page.refusalNotice(answer.refusal);
    } else {
      hip.refresh();
    }
  }

  function pathOf(url) {
    return new URL(url, window.location.href).pathname;
  }

  function isHere(url) {
    return pathOf(url) === window.location.pathname;
  }

  function unknown() {
    return {kind: 'refused', reason: gettext('The action may not have completed. Check the images before you try again.')};
  }

  // Whether the page is left for the next one.
  function isLeft(answer) {
    return Boolean(answer.elsewhere) && !hip.queue.holdsPage();
  }

  // What Horizon has done to the form, and the page over it.
  function release(form) {
    form.removeAttribute('data-submitted');
    $(form).removeClass('wait').find('td.actions_column button[type="submit"]:not([disabled])').removeClass('disabled');
    // Of a confirmed action.
    $(form).children('input[type=hidden][name=action]').remove();
    if (horizon.modals.spinner) {
      horizon.modals.spinner.modal('hide');
    }
  }

  function act(form, submitter) {
    var data = dataOf(form, submitter);
    send(form, data).catch(function () { return {ok: false, refusal: unknown()}; }).then(function (answer) {
      follow(answer, form, data);
      if (isLeft(answer)) {
        return;
      }
      release(form);
      if (answer.ok) {
        $(form).find('.table-row-multi-select').prop('checked', false);
      }
    });
  }

  function answerDialog(form, submitter) {
    var data = dataOf(form, submitter), buttons = $(form).find('.modal-footer .btn').prop('disabled', true);
    send(form, data).catch(function () { return {ok: false, refusal: unknown()}; }).then(function (answer) {
      if (answer.elsewhere && pathOf(answer.elsewhere) === form.getAttribute('data-hip-publish-url')) {
        hip.closeDialog(form, function () {
          hip.openPublish(answer.elsewhere, document.querySelector('a[href="' + CSS.escape(form.getAttribute('action')) + '"]'));
        });
      } else if (answer.elsewhere && !hip.queue.needsPage()) {
        // As Horizon does: the page is loaded anew, with its messages.
        hip.expectFocus(form);
        window.location.href = answer.elsewhere;
      } else if (answer.elsewhere) {
        hip.closeDialog(form, function () { follow(answer, form, data); });
      } else if (answer.ok) {
        // The form again, with what is wrong in it.
        hip.closeDialog(form, function () { horizon.modals.success(answer.text); });
      } else {
        buttons.prop('disabled', false);
        hip.page.complain(form, answer.refusal);
      }
    });
  }

  // By jQuery, as a confirmed action submits its form.
  $(document).on('submit', TABLES, function (event) {
    event.preventDefault();
    act(this, event.originalEvent && event.originalEvent.submitter);
  });

  // Dialogs of this panel; those of others, such as Create Volume, are sent by
  // Horizon while nothing is lost over that.
  function isOurs(form) {
    return Boolean(form.querySelector('[name=' + hip.page.FIELD + ']')) || hip.queue.needsPage();
  }

  // Before Horizon's own handler, which would close the dialog on an error, and
  // leave the page for the login.
  document.addEventListener('submit', function (event) {
    if (document.querySelector('[data-hip-images]') && event.target.matches(DIALOGS) && isOurs(event.target)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      answerDialog(event.target, event.submitter);
    }
  }, true);
}());
