// SPDX-License-Identifier: Apache-2.0
// Create N Images: a dialog with one line for each of several files.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  // The server's own form says which formats there are, what is filled in at
  // first, how much room there is, and holds the token against forged requests.
  function formOf(createUrl) {
    return hip.http.getDialog(createUrl).then(function (page) {
      return page.querySelector('form[data-hip-create]') || Promise.reject({reason: hip.http.reasonOf(page)});
    });
  }

  // A field of it for all files: under other IDs, as a page of its own still shows that form.
  function copied(node) {
    var copy = document.importNode(node, true);
    ['id', 'for', 'list'].forEach(function (name) {
      copy.querySelectorAll('[' + name + ']').forEach(function (each) {
        each.setAttribute(name, 'hip_several_' + each.getAttribute(name));
      });
    });
    return copy;
  }

  function several(createUrl, files) {
    formOf(createUrl).then(function (form) {
      new Dialog(createUrl, form, files).open();
    }).catch(function (error) {
      hip.page.refusalNotice(error.reason ? error :
        {kind: 'refused', reason: gettext('Unable to create images: the dashboard does not respond. Try again.')});
    });
  }

  function Dialog(createUrl, form, files) {
    this.createUrl = createUrl;
    this.template = form;
    this.build();
    this.showRoom();
    this.showRequired();
    this.showPresets();
    this.lines = [];
    this.add(files);
  }

  // Also those that are dropped onto it later.
  Dialog.prototype.add = function (files) {
    var dialog = this, lines = files.map(function (file) { return new hip.BatchLine(dialog, file); });
    lines.forEach(function (line) { dialog.table.appendChild(line.node); });
    this.lines = this.lines.concat(lines);
    this.count();
  };

  Dialog.prototype.build = function () {
    var content = hip.element('form', 'modal-content'), header = hip.element('div', 'modal-header'),
      body = hip.element('div', 'modal-body'), footer = hip.element('div', 'modal-footer'),
      frame = hip.element('div', 'modal-dialog modal-lg'), close = hip.element('button', 'close'),
      table = hip.element('table', 'table'), heads = hip.element('tr'), dialog = this;
    this.form = content;
    content.noValidate = true;
    content.setAttribute('data-hip-several', '');
    content.setAttribute('ng-non-bindable', '');
    close.type = 'button';
    close.setAttribute('data-dismiss', 'modal');
    close.setAttribute('aria-label', gettext('Close'));
    close.appendChild(hip.element('span', 'fa fa-times'));
    this.title = hip.element('h3', 'modal-title');
    this.title.id = 'hip_several_title';
    header.append(close, this.title);
    this.alerts = hip.element('div');
    this.quota = hip.element('div');
    this.required = hip.element('div');
    this.presets = hip.element('div', 'hip-several-preset');
    [gettext('Name'), gettext('Format'), gettext('Size'), gettext('Minimum Disk (GB)'), ''].forEach(function (title) {
      var cell = hip.element(title ? 'th' : 'td', '', title);
      if (title) {
        cell.scope = 'col';
      }
      heads.appendChild(cell);
    });
    table.appendChild(hip.element('thead')).appendChild(heads);
    this.table = table.appendChild(hip.element('tbody'));
    body.append(hip.element('p', '', gettext(
      'Each file becomes one image. Two files are uploaded at a time. All other settings use the Create Image defaults. You can edit them later.'
    )), this.quota, this.alerts, this.required, this.presets, table);
    if (this.template.querySelector('[name=audience] option[value=cloud]:checked')) {
      body.insertBefore(hip.element('p', '', gettext('The images will be public: all projects in this cloud can see and use them.')), this.alerts);
    }
    this.cancel = hip.button(gettext('Cancel'), 'btn-default', function () { dialog.node.modal('hide'); });
    this.create = hip.element('button', 'btn btn-primary');
    this.create.type = 'submit';
    footer.append(this.cancel, this.create);
    content.append(header, body, footer);
    frame.appendChild(content);
    this.node = $(hip.element('div', 'modal hip-several'));
    this.node.attr({
      'data-backdrop': horizon.modals.MODAL_BACKDROP || 'static',
      tabindex: -1,
      role: 'dialog',
      'aria-labelledby': this.title.id
    }).append(frame);
    content.hipDialog = this;
  };

  Dialog.prototype.open = function () {
    var dialog = this;
    this.node.appendTo('#modal_wrapper').modal('show');
    hip.enhanceIn(this.form);
    this.node.one('shown.bs.modal', function () { dialog.lines[0].name.focus(); });
    this.lines[0].name.focus();
  };

  // What the dashboard says of the project's room, in its words.
  Dialog.prototype.showRoom = function () {
    var lines = this.template.querySelector('.hip-quota'),
      heading = lines && lines.previousElementSibling;
    this.quota.replaceChildren.apply(this.quota, [heading, lines].filter(Boolean).map(function (node) {
      return document.importNode(node, true);
    }));
  };

  // What the cloud requires of each image is asked once, for all of them.
  Dialog.prototype.showRequired = function () {
    var dialog = this;
    this.template.querySelectorAll('[data-hip-required]').forEach(function (field) {
      dialog.required.appendChild(copied(field.closest('.form-group')));
    });
  };

  // So is a preset, with what its properties do.
  Dialog.prototype.showPresets = function () {
    var select = this.template.querySelector('select[name=preset]'), presets = this.presets;
    if (select) {
      presets.append(copied(select.closest('.form-group')));
      this.template.querySelectorAll('[data-hip-preset]').forEach(function (part, index) {
        part = copied(part);
        part.id = 'hip_several_preset_' + index;
        presets.append(part);
      });
    }
  };

  Dialog.prototype.requiredFields = function () {
    return Array.prototype.slice.call(this.required.querySelectorAll('[data-hip-required]'));
  };

  Dialog.prototype.preset = function () {
    return this.presets.querySelector('select');
  };

  // The first without a value, after each is marked that has none.
  Dialog.prototype.missing = function () {
    return this.requiredFields().filter(function (field) {
      var isMissing = !field.value.trim();
      field.closest('.form-group').classList.toggle('has-error', isMissing);
      return isMissing;
    })[0];
  };

  // What depends on how many there are.
  Dialog.prototype.count = function () {
    var count = this.lines.length, refusal;
    if (!count) {
      this.node.modal('hide');
      return;
    }
    this.title.textContent = interpolate(ngettext('Create %(count)s Image', 'Create %(count)s Images', count), {count: count}, true);
    this.create.textContent = ngettext('Create Image', 'Create Images', count);
    refusal = hip.quotaRefusal(this.template, this.lines.map(function (line) { return line.file; }), true);
    this.alerts.replaceChildren();
    if (refusal) {
      this.alerts.appendChild(hip.alert('danger', refusal));
    }
    this.create.disabled = Boolean(this.working);
    return refusal;
  };

  // There may be more room than when the dialog opened, or less.
  Dialog.prototype.hasRoom = function () {
    var dialog = this;
    return formOf(this.createUrl).then(function (form) {
      dialog.template = form;
      dialog.showRoom();
    }, function () {
      // Then each image is refused, or not, when it is made.
    }).then(function () { return !dialog.count(); });
  };

  Dialog.prototype.take = function (line) {
    var at = this.lines.indexOf(line), next;
    this.lines.splice(at, 1);
    line.node.remove();
    this.count();
    next = this.lines[Math.min(at, this.lines.length - 1)];
    if (next && !this.working) {
      next.name.focus();
    }
  };

  // One after the other, so that a limit of the cloud stops at the right one.
  Dialog.prototype.submit = function () {
    var dialog = this, wrong, missing;
    if (this.working) {
      return;
    }
    missing = this.missing();
    if (missing) {
      missing.focus();
      return;
    }
    wrong = this.lines.filter(function (line) { return !line.check(); });
    if (wrong.length) {
      wrong[0].focusWrong();
      return;
    }
    this.working = true;
    this.refused = null;
    this.create.disabled = true;
    hip.queue.hold();
    this.hasRoom().then(function (hasRoom) {
      return (hasRoom ? dialog.lines.slice() : []).reduce(function (earlier, line) {
        return earlier.then(function () { return dialog.createOne(line); });
      }, Promise.resolve());
    }).then(function () {
      dialog.working = false;
      hip.queue.release();
      if (dialog.lines.length) {
        dialog.create.disabled = false;
        dialog.lines[0].focusWrong();
      }
      if (dialog.refused) {
        dialog.complain(dialog.refused);
      }
    });
  };

  // About all that is left.
  Dialog.prototype.complain = function (answer) {
    var dialog = this;
    this.alerts.replaceChildren(hip.page.refusalAlert(answer, function (page) {
      dialog.form.setAttribute('data-hip-page-chosen', page);
      dialog.submit();
    }));
  };

  Dialog.prototype.createOne = function (line) {
    var dialog = this, data = line.data(new FormData(this.template));
    if (!document.contains(this.form)) {
      return Promise.resolve();  // closed meanwhile: no more are made
    }
    if (this.refused) {
      return Promise.resolve();  // the same would be said of each line
    }
    this.requiredFields().concat(this.preset() || []).forEach(function (field) { data.set(field.name, field.value); });
    return hip.isReadable(line.file).then(function (isReadable) {
      return isReadable ? hip.submitForm(dialog.createUrl, data, hip.page.ofForm(dialog.form)) : {reason: hip.fileChanged()};
    }).then(function (answer) {
      if (answer.steps) {
        hip.queue.add(answer.steps, line.file);
        dialog.take(line);
      } else if (answer.kind === 'elsewhere' || answer.kind === 'session' || answer.kind === 'outdated') {
        dialog.refused = answer;
      } else {
        line.complain(answer.reason || errors(answer.page));
      }
    }).catch(function () {
      line.complain(gettext('Unexpected response. Check the image list before you retry: the image may already exist.'));
    });
  };

  // What the server's form says is wrong, each thing once.
  function errors(page) {
    var said = [];
    page.querySelectorAll('.has-error .help-block, .alert-danger').forEach(function (node) {
      var text = node.textContent.trim();
      if (text && said.indexOf(text) < 0) {
        said.push(text);
      }
    });
    return said.join(' ') || gettext('Unable to create the image.');
  }

  document.addEventListener('submit', function (event) {
    if (event.target.matches('form[data-hip-several]')) {
      event.preventDefault();
      event.stopImmediatePropagation();
      event.target.hipDialog.submit();
    }
  }, true);

  hip.several = several;
}());
