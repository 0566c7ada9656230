// SPDX-License-Identifier: Apache-2.0
// Publishes the images of the page one step after the other, and tells of each
// project for which that could not be done. Without it the form does the same
// in one request.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  function Run(form) {
    this.form = form;
    this.images = Array.prototype.slice.call(form.querySelectorAll('[data-hip-image]'));
    this.audience = form.querySelector('[name=audience]:checked').value;
    this.failed = 0;
    this.done = 0;
  }

  Run.prototype.start = function () {
    var run = this;
    this.form.querySelector('[type=submit]').disabled = true;
    this.form.querySelector('fieldset').disabled = true;
    this.form.querySelector('[data-hip-results]').textContent = '';
    this.form.querySelector('[data-hip-run]').hidden = false;
    this.leave = function (event) {
      event.preventDefault();
      event.returnValue = '';
    };
    window.addEventListener('beforeunload', this.leave);
    return this.images.reduce(function (before, image) {
      return before.then(function () { return run.publish(image); });
    }, Promise.resolve()).then(function () { run.end(); });
  };

  Run.prototype.publish = function (image) {
    var run = this, handled = 0;
    return hip.publishSteps(image.getAttribute('data-step-url'), this.audience, [], function (answer) {
      answer.projects.forEach(function (each) {
        run.failed += 1;
        run.say(image, each.project + ' \u2013 ' + each.reason);
      });
      handled += answer.tried.length;
      run.show(handled / Math.max(1, handled + answer.left), image, answer);
    }).catch(function (reason) {
      run.failed += 1;
      run.say(image, typeof reason === 'string' ? reason :
        gettext('The dashboard did not answer. Apply again: what is done stays done, and the rest follows.'));
    }).then(function () { run.done += 1; });
  };

  Run.prototype.show = function (part, image, answer) {
    var bar = this.form.querySelector('[role=progressbar]');
    var percent = Math.round(100 * (this.done + part) / this.images.length);
    var words = image.querySelector('[data-hip-name]').textContent;
    bar.style.width = percent + '%';
    bar.setAttribute('aria-valuenow', percent);
    if (answer.total) {
      words += ': ' + interpolate(gettext('%(reached)s of %(total)s projects'), answer, true);
    }
    this.tell(words);
  };

  Run.prototype.tell = function (words) {
    this.form.querySelector('[data-hip-status]').textContent = words;
  };

  Run.prototype.say = function (image, reason) {
    var line = hip.element('li', 'alert alert-warning');
    line.append(hip.element('strong', '', image.querySelector('[data-hip-name]').textContent), ': ' + reason);
    this.form.querySelector('[data-hip-results]').append(line);
  };

  Run.prototype.end = function () {
    var back = this.form.querySelector('[data-hip-back]'), submit = this.form.querySelector('[type=submit]');
    window.removeEventListener('beforeunload', this.leave);
    $(this.form).removeClass('wait').removeAttr('data-submitted');
    this.form.querySelector('[data-hip-run]').hidden = true;
    this.tell(this.failed ? gettext('Finished, but for what is named here. Apply again tries that once more.') :
      gettext('Finished.'));
    back.textContent = gettext('Back to the images');
    this.form.querySelector('fieldset').disabled = false;
    submit.disabled = false;
    back.focus();
  };

  document.addEventListener('submit', function (event) {
    // To everyone on the cloud it is one change for each image: the form does that at once.
    if (event.target.matches('[data-hip-publish]') && !event.target.querySelector('[name=audience][value=cloud]:checked')) {
      event.preventDefault();
      event.stopImmediatePropagation();
      new Run(event.target).start();
    }
  }, true);
}());
