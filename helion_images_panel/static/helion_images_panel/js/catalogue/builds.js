// SPDX-License-Identifier: Apache-2.0
// Official Images: has the publishers' lists read in portions, shows how far that is, and
// then the cards anew.
(function () {
  'use strict';

  // Another page may have the lists read: after so long it is asked again.
  var BUSY_MS = 3000;
  // Without a cache that keeps what was read, it would never end.
  var MOST_PORTIONS = 60;
  var hip = horizon.helionImages;

  function Lookup(form) {
    this.form = form;
    this.button = form.querySelector('button');
    this.place = form.querySelector('[data-hip-builds-status]');
    this.isRunning = false;
  }

  Lookup.prototype.say = function (text) {
    this.place.textContent = text;
  };

  Lookup.prototype.run = function (isStaleOnly) {
    var lookup = this;
    if (this.isRunning) {
      return;
    }
    this.isRunning = true;
    // Not disabled: the focus stays on it.
    this.button.setAttribute('aria-disabled', 'true');
    this.say(gettext('Reading the publishers\' lists…'));
    this.portion(isStaleOnly, MOST_PORTIONS).then(function () {
      lookup.say(gettext('The publishers\' lists were read.'));
      hip.refresh();
    }).catch(function (answer) {
      lookup.say(answer.reason || gettext('The lists could not be read: the dashboard does not respond. Try again.'));
    }).then(function () {
      lookup.isRunning = false;
      lookup.button.removeAttribute('aria-disabled');
    });
  };

  // Resolves once nothing is left, and rejects with the reason.
  Lookup.prototype.portion = function (isStaleOnly, portionsLeft) {
    var lookup = this, data = new FormData(this.form);
    data.set('stale', String(isStaleOnly));
    return hip.http.postForJson(this.form.action, data).then(function (answer) {
      if (answer.reason || typeof answer.total !== 'number') {
        throw answer;
      }
      if (answer.left === 0) {
        return null;
      }
      if (portionsLeft <= 1) {
        throw {reason: gettext('The publishers\' lists could not all be read. Try again later.')};
      }
      if (answer.left === null) {
        return new Promise(function (resolve) { window.setTimeout(resolve, BUSY_MS); }).then(function () {
          return lookup.portion(isStaleOnly, portionsLeft - 1);
        });
      }
      lookup.say(interpolate(gettext('Reading the publishers\' lists: %(done)s of %(total)s'),
        {done: answer.total - answer.left, total: answer.total}, true));
      return lookup.portion(isStaleOnly, portionsLeft - 1);
    });
  };

  hip.enhance('form[data-hip-builds]', function (form) {
    var lookup = new Lookup(form);
    form.addEventListener('submit', function (event) {
      event.preventDefault();
      lookup.run(false);
    });
    if (form.hasAttribute('data-hip-stale')) {
      lookup.run(true);
    }
  });

  // An image that was added is on its card once it has its data.
  document.addEventListener('hip:transfer', function (event) {
    if (event.detail.is('done') && document.querySelector('form[data-hip-builds], .hip-cards')) {
      hip.refresh();
    }
  });
}());
