// SPDX-License-Identifier: Apache-2.0
// Publishes the images of the form one step after the other, and reports each
// project for which that could not be done. Without it the form does the same
// in one request.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  // The run of each form, while it goes on.
  var runs = new WeakMap();

  function Run(form) {
    this.form = form;
    this.images = Array.prototype.slice.call(form.querySelectorAll('[data-hip-image]'));
    this.choice = {
      audience: form.querySelector('[name=audience]:checked').value,
      removeOld: Boolean(form.querySelector('[name=remove_old]:checked'))
    };
    this.failed = 0;
    this.reported = 0;
    this.done = 0;
    // How many projects have the image that was published last.
    this.reached = 0;
    this.isStopped = false;
  }

  Run.prototype.start = function () {
    var run = this;
    runs.set(this.form, this);
    this.form.querySelector('[data-hip-back]').textContent = gettext('Stop');
    this.form.querySelector('[type=submit]').disabled = true;
    this.form.querySelector('fieldset').disabled = true;
    this.form.querySelector('[data-hip-results]').textContent = '';
    this.form.querySelector('[data-hip-done]').hidden = true;
    this.form.querySelector('[data-hip-done] ul').textContent = '';
    this.form.querySelector('[data-hip-run]').hidden = false;
    this.leave = function (event) {
      event.preventDefault();
      event.returnValue = '';
    };
    window.addEventListener('beforeunload', this.leave);
    return this.images.reduce(function (before, image) {
      return before.then(function () { return run.isStopped ? null : run.publish(image); });
    }, Promise.resolve()).then(function () { run.end(); });
  };

  Run.prototype.publish = function (image) {
    var run = this, handled = 0;
    if (this.refused) {
      return Promise.resolve();  // the same would be said of each image
    }
    return hip.publishSteps(image.getAttribute('data-step-url'), this.choice, [], function (answer) {
      hip.notDone(answer.projects).forEach(function (each) {
        run.failed += each.kind === 'failed' ? 1 : 0;
        run.say(image, each);
      });
      run.list(image, answer.projects.filter(function (each) { return each.kind === 'done'; }));
      handled += answer.tried.length;
      run.show(handled / Math.max(1, handled + answer.left), image, answer);
      return !run.isStopped;
    }).catch(function (refusal) {
      run.failed += 1;
      if (['elsewhere', 'session', 'outdated'].indexOf(refusal.kind) >= 0) {
        run.refuse(refusal);
        return;
      }
      run.say(image, {kind: 'failed', reason: refusal.reason ||
        interpolate(gettext('The dashboard did not respond. Select %(button)s again to continue with the remaining projects.'),
          {button: run.submitLabel()}, true)});
    }).then(function () { run.done += 1; });
  };

  Run.prototype.show = function (part, image, answer) {
    var bar = this.form.querySelector('[role=progressbar]');
    var percent = Math.round(100 * (this.done + part) / this.images.length);
    var words = image.querySelector('[data-hip-name]').textContent;
    this.reached = answer.reached;
    bar.style.width = percent + '%';
    bar.setAttribute('aria-valuenow', percent);
    if (answer.total) {
      words = interpolate(gettext('%(image)s: %(reached)s of %(total)s projects'), Object.assign({image: words}, answer), true);
    }
    this.showStatus(words);
  };

  Run.prototype.showStatus = function (words) {
    this.form.querySelector('[data-hip-status]').textContent = words;
  };

  // each: {project, kind, reason} of one project, or of the image itself.
  Run.prototype.say = function (image, each) {
    var line = hip.element('li', 'alert alert-' + (each.kind === 'failed' ? 'warning' : 'info'));
    line.append(hip.element('strong', '', image.querySelector('[data-hip-name]').textContent),
      ': ' + (each.project ? each.project + ' \u2013 ' : '') + each.reason);
    this.form.querySelector('[data-hip-results]').append(line);
    this.reported += 1;
  };

  // About all images that are left.
  Run.prototype.refuse = function (answer) {
    this.refused = answer;
    this.form.querySelector('[data-hip-results]').append(hip.element('li'));
    this.form.querySelector('[data-hip-results]').lastChild.append(hip.page.refusalAlert(answer));
    this.reported += 1;
  };

  Run.prototype.submitLabel = function () {
    return this.form.querySelector('[type=submit]').textContent.trim();
  };

  // After the step that is on its way.
  Run.prototype.stop = function () {
    this.isStopped = true;
    this.showStatus(gettext('Stopping…'));
  };

  // What has become of images without a failure.
  Run.prototype.result = function () {
    var count = this.images.length;
    if (this.reported) {
      return gettext('Finished. See the details below.');
    }
    if (this.choice.audience === 'own') {
      return interpolate(ngettext('Unpublished %(count)s image.', 'Unpublished %(count)s images.', count), {count: count}, true);
    }
    return interpolate(count > 1 ? ngettext('Published %(count)s image.', 'Published %(count)s images.', count) :
      ngettext('Published to %(count)s project.', 'Published to %(count)s projects.', this.reached), {count: count > 1 ? count : this.reached}, true);
  };

  // What is as it should be can be looked up.
  Run.prototype.list = function (image, projects) {
    var details = this.form.querySelector('[data-hip-done]'), list = details.querySelector('ul'),
      name = this.images.length > 1 ? image.querySelector('[data-hip-name]').textContent + ': ' : '';
    projects.forEach(function (each) {
      list.append(hip.element('li', '', name + each.project + ' \u2013 ' + each.reason));
    });
    details.hidden = !list.children.length;
    details.querySelector('summary').textContent = interpolate(this.images.length > 1 ?
      ngettext('Completed: %(count)s change in all images', 'Completed: %(count)s changes in all images', list.children.length) :
      ngettext('Completed: %(count)s project', 'Completed: %(count)s projects', list.children.length), {count: list.children.length}, true);
  };

  Run.prototype.outcome = function () {
    if (this.isStopped) {
      return interpolate(gettext('Stopped. Select %(button)s to continue.'), {button: this.submitLabel()}, true);
    }
    return this.failed ? interpolate(
      gettext('Finished with errors. Select %(button)s to retry the failed projects.'), {button: this.submitLabel()}, true
    ) : this.result();
  };

  Run.prototype.end = function () {
    var back = this.form.querySelector('[data-hip-back]'), submit = this.form.querySelector('[type=submit]');
    window.removeEventListener('beforeunload', this.leave);
    runs.delete(this.form);
    $(this.form).removeClass('wait').removeAttr('data-submitted');
    this.form.querySelector('[data-hip-run]').hidden = true;
    this.showStatus(this.outcome());
    back.textContent = gettext('Close');
    this.form.querySelector('fieldset').disabled = false;
    submit.disabled = false;
    leadTo(this.form, this.failed || this.isStopped ? submit : back);
    back.focus();
  };

  // When all is published, Publish would change nothing: Close is what is left.
  function leadTo(form, button) {
    var back = form.querySelector('[data-hip-back]'), submit = form.querySelector('[type=submit]');
    // The theme's .btn overrides the attribute hidden.
    submit.classList.toggle('hidden', button === back);
    back.classList.toggle('btn-primary', button === back);
    back.classList.toggle('btn-default', button !== back);
  }

  document.addEventListener('change', function (event) {
    var form = event.target.closest('[data-hip-publish]');
    if (form) {
      leadTo(form, form.querySelector('[type=submit]'));
    }
  });

  document.addEventListener('submit', function (event) {
    // To everyone on the cloud it is one change for each image: the form does that at once.
    if (event.target.matches('[data-hip-publish]') && !event.target.querySelector('[name=audience][value=cloud]:checked')) {
      event.preventDefault();
      event.stopImmediatePropagation();
      watchDialog(event.target);
      new Run(event.target).start();
    }
  }, true);

  // The button beside Publish: it stops a run, and closes a dialog; on a page
  // it is a link.
  document.addEventListener('click', function (event) {
    var back = event.target.closest('[data-hip-publish] [data-hip-back]'), form = back && back.closest('form');
    if (form && runs.has(form)) {
      event.preventDefault();
      runs.get(form).stop();
    } else if (form && form.closest('.modal')) {
      event.preventDefault();
      $(form).closest('.modal').modal('hide');
    }
  });

  // A dialog stays while its run goes on; the page under it then shows what it
  // has changed.
  function watchDialog(form) {
    var modal = $(form).closest('.modal');
    modal.off('.hipPublish').on('hide.bs.modal.hipPublish', function (event) {
      if (runs.has(form)) {
        event.preventDefault();
      }
    }).on('hidden.bs.modal.hipPublish', function () {
      // A ticked row would hold the table as it is.
      $('[data-hip-images] .table-row-multi-select').prop('checked', false).last().trigger('change');
      hip.refresh();
    });
  }
}());
