// SPDX-License-Identifier: Apache-2.0
// The dialog of an action on all images that match: confirmed, run in portions, stopped.
(function () {
  'use strict';

  // As many images as one request takes: PORTION of the dashboard.
  var PORTION = 20;
  var hip = horizon.helionImages;

  // read(report) finds the images: see selection.js.
  function Run(button, url, read) {
    this.button = button;
    this.action = button.value.split('__')[1];
    this.label = button.textContent.trim();
    this.url = url;
    this.read = read;
    this.isStopped = false;
    this.isRunning = false;
    // Reasons, and the names of their images; no reason is a success.
    this.results = new Map();
    this.tried = 0;
    this.newNames = [];
  }

  Run.prototype.open = function () {
    var run = this, kind = this.button.matches('.btn-danger') ? 'btn-danger' : 'btn-primary',
      title = interpolate(gettext('Confirm %(action)s'), {action: this.label}, true);
    this.modal = horizon.modals.create('', '', '', gettext('Cancel'), kind);
    this.element = this.modal[0];
    this.submit = this.element.querySelector('.modal-footer .btn:not(.cancel)');
    this.cancel = this.element.querySelector('.modal-footer .cancel');
    this.submit.textContent = this.label;
    this.name(title);
    this.body = this.element.querySelector('.modal-body');
    this.status = hip.element('p');
    this.status.setAttribute('role', 'status');
    this.details = hip.element('div');
    this.body.replaceChildren(this.details, this.status);
    this.submit.classList.add('hidden');
    this.submit.addEventListener('click', function (event) {
      event.preventDefault();
      run.confirm();
    });
    // The button beside it stops a run, and closes the dialog otherwise.
    this.modal.on('hide.bs.modal', function (event) {
      if (run.isRunning) {
        event.preventDefault();
        run.stop();
      }
    }).one('hidden.bs.modal', function () { run.close(); });
    this.modal.modal();
    this.cancel.focus();
    this.find();
  };

  Run.prototype.name = function (title) {
    this.element.querySelector('.modal-title').textContent = title;
    hip.announceDialog(this.element);
  };

  Run.prototype.say = function (words) {
    this.status.textContent = words;
  };

  Run.prototype.find = function () {
    var run = this;
    this.say(gettext('Finding the images…'));
    return this.read(function (count) {
      run.say(interpolate(gettext('Finding the images: %(count)s so far…'), {count: count}, true));
      return !run.isStopped;
    }).then(function (found) { return found && run.ask(found); }).catch(function (refusal) { run.refuse(refusal); });
  };

  // What will happen to how many, and why others stay as they are.
  Run.prototype.ask = function (found) {
    var run = this, reasons = new Map();
    this.images = found.images.filter(function (image) { return !image.refusal; });
    this.known = new Set(found.images.map(function (image) { return image.id; }));
    this.isCut = found.isCut;
    found.images.forEach(function (image) {
      if (image.refusal) {
        add(reasons, image.refusal, image.name);
      }
    });
    this.say('');
    this.details.append(hip.effects(this.action, {changed: this.images.length, locked: 0, other: 0}));
    if (found.isCut) {
      this.details.append(hip.element('p', 'text-warning', interpolate(gettext(
        'More images match than can be selected at a time. Only the first %(count)s, by name, are included.'
      ), {count: found.images.length}, true)));
    }
    if (this.images.length) {
      this.details.append(names(ngettext('%(count)s image selected', '%(count)s images selected', this.images.length), this.images.map(nameOf)));
    }
    reasons.forEach(function (named, reason) {
      run.list('info', ngettext('%(count)s image stays as it is', '%(count)s images stay as they are', named.length), named, reason);
    });
    this.details.append(hip.element('p', '', this.button.getAttribute('help_text')));
    hip.askForName(this.button, this.images.map(function (image) { return image.restorable; }), this.details, this.submit);
    this.submit.classList.toggle('hidden', !this.images.length);
    if (hip.showsUses(this.button)) {
      this.addUses();
    }
  };

  Run.prototype.addUses = function () {
    var run = this, list = hip.element('ul', 'hip-names'), note = hip.element('p');
    $(list).attr({tabindex: 0, 'aria-label': gettext('Images in use')});
    function goesOn() {
      return !run.isStopped && !run.isRunning;
    }
    function noteMissing(words) {
      if (goesOn()) {
        note.textContent = words;
        run.details.append(note);
      }
    }
    hip.usesOfMany(this.images, goesOn, function (image, words) {
      if (goesOn()) {
        list.append(hip.element('li', '', [image.name].concat(words).join(' \u2013 ')));
        run.details.append(list, note);
      }
    }, noteMissing).catch(function () {
      noteMissing(ngettext('The uses of the image could not be checked.', 'The uses of the images could not be checked.', run.images.length));
    });
  };

  function nameOf(image) {
    return image.name;
  }

  function add(groups, reason, name) {
    groups.set(reason, (groups.get(reason) || []).concat(name));
  }

  // title: with their number.
  function names(title, all) {
    var details = hip.element('details', 'hip-details'), list = hip.element('ul', 'hip-names');
    $(list).attr({tabindex: 0, 'aria-label': interpolate(title, {count: all.length}, true)});
    all.forEach(function (name) { list.append(hip.element('li', '', name)); });
    details.append(hip.element('summary', '', gettext('Show names')), list);
    return details;
  }

  // One alert for all images with the same reason, if there are any. title: with
  // their number.
  Run.prototype.list = function (kind, title, named, reason) {
    var alert = hip.element('div', 'alert alert-' + kind);
    alert.append(hip.element('strong', '', interpolate(title, {count: named.length}, true)));
    if (reason) {
      alert.append(' \u2013 ' + reason);
    }
    alert.append(names(title, named));
    if (named.length) {
      this.details.append(alert);
    }
  };

  Run.prototype.confirm = function () {
    if (this.button.matches('[data-hip-dialog]')) {
      // Publish has a dialog of its own, in which the audience is chosen.
      this.modal.modal('hide');
      hip.publishImages(this.button, this.images.map(function (image) { return image.id; }));
      return;
    }
    this.confirmedName = hip.confirmedName(this.details);
    this.start();
  };

  Run.prototype.start = function () {
    var run = this;
    this.isRunning = true;
    this.name(this.label);
    this.details.textContent = '';
    this.submit.classList.add('hidden');
    this.cancel.textContent = gettext('Stop');
    this.cancel.focus();
    this.bar = hip.element('div', 'progress-bar');
    this.bar.setAttribute('role', 'progressbar');
    this.bar.setAttribute('aria-valuemin', '0');
    this.bar.setAttribute('aria-valuemax', String(this.images.length));
    this.bar.setAttribute('aria-label', gettext('Progress'));
    this.progress = hip.element('div', 'progress');
    this.progress.append(this.bar);
    this.details.append(this.progress);
    this.leave = function (event) {
      event.preventDefault();
      event.returnValue = '';
    };
    window.addEventListener('beforeunload', this.leave);
    this.show();
    this.portion().then(function () { return run.lookForNew(); }).then(function () { run.end(); }, this.end.bind(this));
  };

  Run.prototype.show = function () {
    var values = {count: this.tried, total: this.images.length};
    this.bar.style.width = (100 * this.tried / this.images.length) + '%';
    this.bar.setAttribute('aria-valuenow', String(this.tried));
    this.say(interpolate(this.isStopped ? gettext('Stopping after %(count)s of %(total)s images…') :
      gettext('%(count)s of %(total)s images processed'), values, true));
  };

  // The next images, and those after them.
  Run.prototype.portion = function () {
    var run = this, images = this.images.slice(this.tried, this.tried + PORTION), body = new FormData();
    if (!images.length || this.isStopped) {
      return Promise.resolve();
    }
    body.append('action', this.action);
    body.append('confirmed_name', this.confirmedName);
    images.forEach(function (image) { body.append('id', image.id); });
    return hip.alone(function () { return hip.http.postForJson(run.url, body); }).then(function (answer) {
      var failures;
      if (!answer.results) {
        throw answer;
      }
      failures = new Map(answer.results.map(function (result) { return [result.id, result.failure]; }));
      images.forEach(function (image) { add(run.results, failures.get(image.id), image.name); });
      run.tried += images.length;
      run.show();
      return run.portion();
    });
  };

  // Images that match now, and did not when the action was confirmed.
  Run.prototype.lookForNew = function () {
    var run = this;
    if (this.isCut || this.isStopped) {
      return Promise.resolve();
    }
    return this.read(function () { return !run.isStopped; }).then(function (found) {
      run.newNames = (found ? found.images : []).filter(function (image) {
        return !run.known.has(image.id);
      }).map(nameOf);
    }).catch(function () {
      // All that was confirmed is done.
    });
  };

  Run.prototype.stop = function () {
    this.isStopped = true;
    this.show();
  };

  // refusal: why the rest could not be tried, if so.
  Run.prototype.end = function (refusal) {
    var run = this, left = this.images.slice(this.tried), done = this.results.get('') || [], lost = [];
    // Without an answer, or with one of a proxy's, some of the portion may have been changed.
    if (refusal && !(refusal.status >= 400 && refusal.status < 500)) {
      lost = left.splice(0, PORTION);
    }
    window.removeEventListener('beforeunload', this.leave);
    this.isRunning = false;
    this.progress.remove();
    this.say(this.isStopped ? gettext('Stopped.') : gettext('Finished.'));
    if (refusal) {
      this.refuse(refusal);
    }
    this.list('success', ngettext('Success: %(count)s image', 'Success: %(count)s images', done.length), done);
    this.results.forEach(function (named, reason) {
      if (reason) {
        run.list('danger', ngettext('Error: %(count)s image', 'Error: %(count)s images', named.length), named, reason);
      }
    });
    this.list('warning', ngettext('No response: %(count)s image', 'No response: %(count)s images', lost.length), lost.map(nameOf),
      gettext('They may have been changed. Check them before you try again.'));
    this.list('warning', ngettext('Not changed: %(count)s image', 'Not changed: %(count)s images', left.length), left.map(nameOf),
      gettext('The action ended before.'));
    this.list('info', ngettext('Not included: %(count)s image', 'Not included: %(count)s images', this.newNames.length), this.newNames,
      gettext('New in the list since you confirmed.'));
    this.cancel.textContent = gettext('Close');
    this.cancel.focus();
  };

  Run.prototype.refuse = function (refusal) {
    this.say('');
    this.details.append(hip.page.refusalAlert(refusal.reason ? refusal : {
      kind: 'refused', reason: gettext('The dashboard does not respond. Check the images before you try again.')
    }));
  };

  // A ticked row would hold the table as it is.
  Run.prototype.close = function () {
    var all;
    this.isStopped = true;
    if (this.results.size || this.tried) {
      all = document.querySelector('.hip-list thead .table-row-multi-select');
      $('.hip-list .table-row-multi-select').prop('checked', false).last().trigger('change');
      hip.refresh();
      if (all) {
        all.focus();
      }
    } else {
      hip.focusOpener(this.button);
    }
    this.modal.remove();
  };

  hip.runOnAll = function (button, url, read) { new Run(button, url, read).open(); };
}());
