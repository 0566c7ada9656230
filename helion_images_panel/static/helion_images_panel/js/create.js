// SPDX-License-Identifier: Apache-2.0
// Create Image: sends the form, then the file, and shows both on their way.
(function () {
  'use strict';

  var POLL_MS = 2000;
  var hip = horizon.helionImages;
  // True while bytes move: the page then asks before it is left.
  var moving = false;

  function chosenFile(form) {
    var input = form.querySelector('[data-hip-file]');
    return input && input.files.length ? input.files[0] : null;
  }

  function submit(form) {
    var source = form.querySelector('[name=source]'),
      file = source && source.value === 'file' ? chosenFile(form) : null,
      buttons = $(form).find('.modal-footer .btn');
    form.querySelector('[name=file_name]').value = file ? file.name : '';
    form.querySelector('[name=file_size]').value = file ? file.size : '';
    buttons.prop('disabled', true);
    fetch(form.action, {
      method: 'POST',
      body: new FormData(form),
      credentials: 'same-origin',
      headers: {'X-Requested-With': 'XMLHttpRequest'}
    }).then(function (response) {
      var elsewhere = response.headers.get('X-Horizon-Location');
      if (elsewhere) {
        window.location.assign(elsewhere);
      } else if (response.status === 201) {
        return response.json().then(function (steps) { follow(form, steps, file); });
      } else if (response.ok) {
        return response.text().then(function (page) { showErrors(form, page, file); });
      } else if (response.status === 403) {
        complain(form, gettext('You are not allowed to create images here, or your session has ended.'));
      } else {
        throw new Error(String(response.status));
      }
      return null;
    }).catch(function () {
      complain(form, gettext('The dashboard gave no answer that makes sense. Look at the list of images before you try again: the image may have been created.'));
    }).finally(function () {
      buttons.prop('disabled', false);
    });
  }

  function complain(form, text) {
    var body = form.querySelector('.modal-body'), old = body.querySelector('[data-hip-complaint]'), alert;
    if (old) {
      old.remove();
    }
    alert = hip.element('div', 'alert alert-danger', text);
    alert.setAttribute('role', 'alert');
    alert.setAttribute('data-hip-complaint', '');
    body.insertBefore(alert, body.firstChild);
  }

  // The server's page holds the same form with its errors; the chosen file
  // would be lost with the old field, so it is put into the new one.
  function showErrors(form, page, file) {
    var answered = new DOMParser().parseFromString(page, 'text/html'),
      fresh = answered.querySelector('form[data-hip-create] .modal-body'), input, transfer, first;
    if (!fresh) {
      throw new Error('no form');
    }
    form.querySelector('.modal-body').replaceWith(document.adoptNode(fresh));
    input = form.querySelector('[data-hip-file]');
    if (input && file) {
      transfer = new DataTransfer();
      transfer.items.add(file);
      input.files = transfer.files;
    }
    horizon.modals.initModal($(form).closest('.workflow'));
    first = form.querySelector('.has-error');
    if (first) {
      $(form).find('[data-target="#' + $(first).closest('.js-tab-pane').attr('id') + '"]').tab('show');
      // A themed drop-down has a button in place of its field.
      $(first).find('input:visible, textarea:visible, button:visible').first().trigger('focus');
    }
  }

  // The dialog's second face: a bar, a line that says what happens, buttons.
  function Face(form, steps) {
    this.form = form;
    this.dialog = $(form).closest('.modal');
    this.body = form.querySelector('.modal-body');
    this.footer = form.querySelector('.modal-footer');
    this.heading = hip.element('p', 'hip-progress-name', steps.name);
    this.track = hip.element('div', 'progress');
    this.bar = hip.element('div', 'progress-bar progress-bar-striped active');
    this.bar.setAttribute('role', 'progressbar');
    this.bar.setAttribute('aria-label', steps.name);
    this.track.appendChild(this.bar);
    this.line = hip.element('p', 'hip-progress-line');
    this.line.setAttribute('aria-live', 'polite');
    this.body.replaceChildren(this.heading, this.track, this.line);
    this.buttons([]);
    $(form).find('.close').addClass('hidden');
    // Closing it is going back to the list, which has a new image now.
    this.dialog.on('hidden.bs.modal', function (event) {
      if (event.target === event.currentTarget) {
        leave(steps);
      }
    });
    this.dialog.on('hide.bs.modal', function (event) {
      if (moving && event.target === event.currentTarget) {
        event.preventDefault();
      }
    });
  }

  // fraction: 0 to 1, or null where nobody can tell.
  Face.prototype.show = function (fraction, text) {
    var percent = fraction === null ? 100 : Math.floor(fraction * 100);
    this.bar.style.width = percent + '%';
    this.bar.classList.toggle('active', fraction === null);
    this.bar.classList.toggle('progress-bar-striped', fraction === null);
    if (fraction === null) {
      this.bar.removeAttribute('aria-valuenow');
    } else {
      this.bar.setAttribute('aria-valuenow', percent);
    }
    if (this.line.textContent !== text) {
      this.line.textContent = text;
    }
  };

  // Each button: [label, class, what it does].
  Face.prototype.buttons = function (wanted) {
    var footer = this.footer;
    footer.replaceChildren();
    wanted.forEach(function (button) {
      var made = hip.element('button', 'btn ' + button[1], button[0]);
      made.type = 'button';
      made.addEventListener('click', function (event) {
        // Horizon asks for confirmation of red buttons in forms; these ones
        // are the answer to a question already.
        event.stopPropagation();
        button[2]();
      });
      footer.appendChild(made);
    });
  };

  Face.prototype.fail = function (steps, reason) {
    var alert = hip.element('div', 'alert alert-danger', reason);
    alert.setAttribute('role', 'alert');
    moving = false;
    this.body.replaceChildren(this.heading, alert, hip.element('p', '',
      gettext('The image has no data and stays queued until it is removed.')));
    this.buttons([
      [gettext('Keep It Queued'), 'btn-default', function () { leave(steps); }],
      [gettext('Remove Image'), 'btn-danger', function () { remove(steps); }]
    ]);
    this.footer.querySelector('.btn-danger').focus();
  };

  function leave(steps) {
    moving = false;
    window.location.assign(steps.index_url);
  }

  function act(steps, action) {
    var body = new URLSearchParams();
    body.append('csrfmiddlewaretoken', hip.csrfToken());
    body.append('action', 'images__' + action + '__' + steps.id);
    return fetch(steps.index_url, {
      method: 'POST',
      body: body,
      credentials: 'same-origin',
      headers: {'X-Requested-With': 'XMLHttpRequest'}
    });
  }

  function remove(steps) {
    var first = steps.protected ? act(steps, 'unprotect') : Promise.resolve();
    // Whatever becomes of it, the list tells.
    first.then(function () { return act(steps, 'delete'); })
      .then(function () { leave(steps); }, function () { leave(steps); });
  }

  function follow(form, steps, file) {
    var face = new Face(form, steps);
    if (steps.upload_url) {
      send(face, steps, file);
    } else {
      watch(face, steps);
    }
  }

  function through(steps) {
    return {url: steps.upload_url, headers: {
      'X-CSRFToken': hip.csrfToken(),
      'X-Requested-With': 'XMLHttpRequest',
      'Content-Type': 'application/octet-stream'
    }};
  }

  function direct(steps) {
    return {url: steps.direct.url, headers: {
      'X-Auth-Token': steps.direct.token,
      'Content-Type': 'application/octet-stream'
    }};
  }

  function send(face, steps, file, refusedDirect) {
    var straight = steps.direct && !refusedDirect,
      request = hip.upload(straight ? direct(steps) : through(steps), file, {
        progress: function (sent, bytesPerSecond) {
          face.show(sent / file.size, sendingText(sent, file.size, bytesPerSecond));
          if (sent >= file.size) {
            face.show(null, gettext('All sent. The image service is storing the image.'));
          }
        },
        done: function () { leave(steps); },
        failed: function (failure) {
          if (straight && !failure.status && !failure.sent) {
            // No answer before the first byte: the image service does not
            // let browsers in, so the bytes go through the dashboard.
            send(face, steps, file, true);
          } else {
            explain(face, steps, failure);
          }
        }
      });
    moving = true;
    face.show(0, gettext('Sending the file.'));
    face.buttons([[gettext('Cancel Upload'), 'btn-default', function () {
      request.abort();
      face.fail(steps, gettext('The upload was cancelled.'));
    }]]);
  }

  function sendingText(sent, size, bytesPerSecond) {
    var values = {
      sent: hip.bytes(sent),
      size: hip.bytes(size),
      speed: hip.bytes(Math.round(bytesPerSecond)),
      left: bytesPerSecond ? hip.duration((size - sent) / bytesPerSecond) : ''
    };
    return interpolate(values.left ?
      gettext('Sent %(sent)s of %(size)s, %(speed)s per second, %(left)s left.') :
      gettext('Sent %(sent)s of %(size)s.'), values, true);
  }

  // A connection can also break over a refusal, or when all has arrived: the
  // server knows.
  function explain(face, steps, failure) {
    var reason = gettext(
      'The upload did not arrive: the connection to the dashboard broke, or the dashboard could not reach the image service.');
    moving = false;
    hip.states(steps.progress_url, [steps.id]).then(function (found) {
      var state = found[steps.id] || {};
      if (state.status === 'active') {
        leave(steps);
      } else if (state.in_progress && !failure.reason) {
        // All has arrived, and the image service is still at it.
        watch(face, steps);
      } else {
        face.fail(steps, failure.reason || state.failure || reason);
      }
    }, function () {
      face.fail(steps, reason);
    });
  }

  // Glance fetches the data itself; the page may be left at any time.
  function watch(face, steps) {
    var again = function () { window.setTimeout(function () { watch(face, steps); }, POLL_MS); };
    face.buttons([[gettext('Continue in Background'), 'btn-primary', function () { leave(steps); }]]);
    if (!face.line.textContent) {
      face.show(null, gettext('The image service begins to fetch the image.'));
    }
    hip.states(steps.progress_url, [steps.id]).then(function (found) {
      var state = found[steps.id];
      if (!state || state.status === 'active') {
        leave(steps);
      } else if (state.failure) {
        face.fail(steps, state.failure);
      } else {
        if (state.stored_bytes) {
          face.show(null, interpolate(gettext('The image service has fetched %s so far.'),
            [hip.bytes(state.stored_bytes)]));
        }
        again();
      }
    }, again);
  }

  window.addEventListener('beforeunload', function (event) {
    if (moving) {
      event.preventDefault();
      event.returnValue = '';
    }
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
}());
