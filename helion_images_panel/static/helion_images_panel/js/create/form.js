// SPDX-License-Identifier: Apache-2.0
// Create Image and Upload Data: sends the form, shows what is wrong with it,
// and hands the image over to the dock.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  function field(form, name) {
    return form.querySelector('[name=' + name + ']');
  }

  function submit(form) {
    // Whether there is room for it the dashboard knows anew, and says before a
    // byte is sent.
    var file = hip.chosenFile(form), buttons = $(form).find('.modal-footer .btn');
    if (form.querySelector('[data-hip-file]')) {
      field(form, 'file_name').value = file ? file.name : '';
      field(form, 'file_size').value = file ? file.size : '';
    }
    buttons.prop('disabled', true);
    (file ? hip.fileRefusal(form, file) : Promise.resolve('')).then(function (refused) {
      // No image is made whose data would be refused.
      if (refused) {
        return showRefusal(form) ? {shown: true} : {reason: refused};
      }
      return hip.submitForm(form.action, new FormData(form), hip.page.ofForm(form));
    }).then(function (answer) {
      if (answer.shown) {
        return;
      }
      if (answer.steps) {
        begin(form, answer.steps, file);
      } else if (answer.page) {
        showErrors(form, answer.page, file);
      } else {
        complain(form, answer);
      }
    }).catch(function () {
      complain(form, {
        reason: gettext('Unexpected response. Check the image list before you retry: the image may already exist.')
      });
    }).then(function () {
      buttons.prop('disabled', false);
    });
  }

  // Resolves to {steps}, to the {page} with the form and its errors, or to a
  // refusal with its reason. page: the session for which it is sent.
  function submitForm(url, data, page) {
    return hip.http.post(url, data, page).then(function (response) {
      if (response.status === 201) {
        return response.json().then(function (steps) { return {steps: Object.assign({page: page}, steps)}; });
      }
      if (response.ok && !response.headers.get('X-Horizon-Location')) {
        return hip.http.pageOf(response).then(function (shown) {
          var reason = hip.http.reasonOf(shown);
          return reason ? {reason: reason} : {page: shown};
        });
      }
      return hip.http.refusalOf(response);
    });
  }

  // Upload Data is about an image of the page's project: there is nothing to
  // choose.
  function complain(form, answer) {
    hip.page.complain(form, answer, hip.takesSeveral(form) ? function (page) {
      form.setAttribute('data-hip-page-chosen', page);
      submit(form);
    } : null);
  }

  // Whether the reason stands under the file already; then the focus goes there.
  function showRefusal(form) {
    var alert = form.querySelector('[data-hip-content] .alert-danger');
    if (alert) {
      showTab(form, alert);
      alert.scrollIntoView({block: 'nearest'});
      (alert.querySelector('button') || form.querySelector('[data-hip-file]')).focus();
    }
    return Boolean(alert);
  }

  function showTab(form, element) {
    $(form).find('[data-target="#' + $(element).closest('.js-tab-pane').attr('id') + '"]').tab('show');
  }

  // The chosen file would be lost with the old field, so it is put into the
  // new one.
  function showErrors(form, page, file) {
    var fresh = page.querySelector('form[data-hip-create] .modal-body'), first;
    if (!fresh) {
      throw new Error('no form');
    }
    hip.renewQuota(form, fresh.closest('form'));
    form.querySelector('.modal-body').replaceWith(document.adoptNode(fresh));
    hip.enhanceIn(form);
    if (file) {
      hip.chooseFile(form, file);
    }
    horizon.modals.initModal($(form).closest('.workflow, .modal'));
    first = form.querySelector('.has-error');
    if (first) {
      showTab(form, first);
      $(first).find('input:visible, textarea:visible, select:visible').first().trigger('focus');
    }
  }

  // As if the person had chosen it.
  function chooseFile(form, file) {
    var input = form.querySelector('[data-hip-file]'), source = field(form, 'source'), transfer = new DataTransfer();
    if (!input) {
      return;
    }
    if (source && source.value !== 'file') {
      $(source).val('file').trigger('change');
    }
    transfer.items.add(file);
    input.files = transfer.files;
    input.dispatchEvent(new Event('change', {bubbles: true}));
  }

  function begin(form, steps, file) {
    var dialog = $(form).closest('.modal'), link;
    hip.queue.add(steps, steps.upload_url ? file : null);
    if (dialog.length) {
      dialog.one('hidden.bs.modal', function () {
        // By keyboard the dock lies behind the whole list.
        var next = document.querySelector('.hip-dock-toggle') || document.querySelector('#images__action_create');
        if (next) {
          next.focus();
        }
      });
      dialog.modal('hide');
    } else {
      // The form was a page of its own.
      link = hip.element('a', 'alert-link', gettext('View the image list'));
      link.href = steps.index_url;
      form = $(form).find('.modal-body')[0];
      form.replaceChildren(hip.element('div', 'alert alert-info',
        gettext('The image was created. The progress of its data is shown at the bottom of this page.') + ' '));
      form.firstChild.appendChild(link);
      $(form).siblings('.modal-footer').remove();
    }
  }

  // Create Image takes several files too, each for an image of its own.
  hip.enhance('form[data-hip-create] [data-hip-file]', function (input) {
    input.multiple = hip.takesSeveral(input.form);
  });

  // Before Horizon's own handler of forms in dialogs, which would send the
  // form and close the dialog.
  document.addEventListener('submit', function (event) {
    if (event.target.matches('form[data-hip-create]')) {
      event.preventDefault();
      event.stopImmediatePropagation();
      submit(event.target);
    }
  }, true);

  $(document).on('change', 'form[data-hip-create] [data-hip-file]', function () {
    var files = Array.prototype.slice.call(this.files), form = this.form;
    if (files.length > 1) {
      this.value = '';
      hip.closeDialog(form, function () { hip.several(form.action, files); });
    }
  });

  // then() is called when the dialog of this form has gone.
  function closeDialog(form, then) {
    var dialog = $(form).closest('.modal');
    if (!dialog.length) {
      then();
      return;
    }
    dialog.one('hidden.bs.modal', function () { window.setTimeout(then, 0); });
    dialog.modal('hide');
  }

  Object.assign(hip, {submitForm: submitForm, chooseFile: chooseFile, closeDialog: closeDialog});
}());
