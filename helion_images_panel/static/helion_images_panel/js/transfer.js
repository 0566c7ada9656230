// SPDX-License-Identifier: Apache-2.0
// One image on its way: what state it is in, and what may follow. Knows
// nothing of how it looks.
//
//   waiting   for its turn in this page
//   busy      the dashboard carries enough uploads: tried again by itself
//   settling  the image service still has to let go of what came before
//   sending   bytes leave the browser
//   asking    the connection broke: what arrived?
//   storing   all are sent, and the image service finishes
//   importing the image service gets the data itself
//   verifying the data is compared with the checksum that was expected
//   done, failed, cancelled (by the person), kept (cancelled, for later),
//   removing, removed
(function () {
  'use strict';

  var LOOK_EVERY_MS = 2000;
  var BUSY_MOST_MS = 60000;
  // An import that Glance has accepted is queued for a moment.
  var LOOKS_BEFORE_LOST = 15;
  var hip = horizon.helionImages;

  // steps: what the dashboard answered to the form. file: null where the
  // image service gets the data itself. changed(transfer) hears of everything.
  function Transfer(steps, file, changed) {
    this.steps = steps;
    this.file = file;
    this.id = steps.id;
    this.name = steps.name;
    this.size = file ? file.size : 0;
    this.format = '';
    this.warnings = (steps.warnings || []).slice();
    this.refusedDirect = false;
    this.attempts = 0;
    this.changed = changed;
    // What the dashboard told of publishing, if that is asked for, and of which
    // projects something is to be said.
    this.published = steps.publish || null;
    this.notPublished = this.published ? hip.notDone(this.published.projects) : [];
    this.clear();
    this.state = 'waiting';
  }

  Transfer.prototype.clear = function () {
    this.sent = 0;
    // Bytes that the image service has got; null while nobody knows.
    this.stored = null;
    this.speed = 0;
    this.failure = null;
    this.verification = '';
    this.tries = 0;
    this.lost = 0;
    this.broken = null;
    // What it most likely means that nothing moves any more.
    this.standstill = '';
  };

  Transfer.prototype.is = function () {
    return Array.prototype.indexOf.call(arguments, this.state) >= 0;
  };

  // Whether leaving the page would end it.
  Transfer.prototype.needsPage = function () {
    return Boolean(this.file) && this.is('waiting', 'busy', 'settling', 'sending', 'asking', 'storing');
  };

  // Whether it holds one of the page's places.
  Transfer.prototype.isInFlight = function () {
    return Boolean(this.file) && this.is('busy', 'settling', 'sending', 'asking', 'storing');
  };

  Transfer.prototype.enter = function (state) {
    this.state = state;
    this.changed(this);
  };

  Transfer.prototype.isPublishing = function () {
    return Boolean(this.published) && this.published.left > 0 && !this.is('removing', 'removed');
  };

  // Goes on where the dashboard stopped, before the data: Glance loses the data
  // of an image that is changed at the moment at which an upload begins.
  Transfer.prototype.publish = function () {
    var transfer = this, first = this.published;
    if (!this.isPublishing()) {
      return;
    }
    hip.publishSteps(first.url, {audience: first.audience}, first.tried, function (answer) {
      transfer.published = answer;
      transfer.notPublished = transfer.notPublished.concat(hip.notDone(answer.projects));
      transfer.changed(transfer);
      return transfer.isPublishing();
    }).catch(function (reason) {
      transfer.published = Object.assign({}, transfer.published, {left: 0});
      transfer.notPublished = transfer.notPublished.concat({reason: typeof reason === 'string' ? reason :
        gettext('The dashboard did not answer. Publish the image again: what is done stays done, and the rest follows.')});
      transfer.changed(transfer);
    });
  };

  Transfer.prototype.halt = function () {
    window.clearTimeout(this.timer);
    if (this.watcher) {
      this.watcher.stop();
      this.watcher = null;
    }
    if (this.request) {
      this.request.abort();
      this.request = null;
    }
  };

  Transfer.prototype.look = function (told) {
    var transfer = this;
    if (this.watcher) {
      this.watcher.stop();
    }
    this.watcher = hip.watch(this.steps.progress_url, this.id, LOOK_EVERY_MS, function (state) {
      told.call(transfer, state);
    });
    // A request that is under way was let in, and ends by itself.
    this.watcher.ended = function () {
      if (!transfer.request) {
        transfer.endSession();
      }
    };
  };

  Transfer.prototype.endSession = function () {
    this.fail({kind: 'session', reason: gettext(
      'Your session has ended. Log in again in another tab, then press Retry here.')});
  };

  // Its turn has come.
  Transfer.prototype.begin = function () {
    this.attempts += 1;
    if (!this.file) {
      this.enter('importing');
      this.look(this.come);
    } else if (this.attempts > 1) {
      this.enter('settling');
      this.look(this.settle);
    } else {
      this.send();
    }
  };

  // Before a second attempt: is the image empty, and nobody at it?
  Transfer.prototype.settle = function (state) {
    if (state && state.in_progress) {
      return;
    }
    this.halt();
    if (!state) {
      this.fail({reason: gettext('The image has been deleted meanwhile.'), kind: 'gone'});
    } else if (state.status === 'active') {
      this.arrive(state);
    } else {
      this.send();
    }
  };

  Transfer.prototype.target = function (direct) {
    var url = this.steps.upload_url;
    if (direct) {
      return {url: this.steps.direct.url, headers: Object.assign({
        'X-Auth-Token': this.steps.direct.token,
        'Content-Type': 'application/octet-stream'
      }, this.steps.direct.headers)};
    }
    if (this.format) {
      url += (url.indexOf('?') < 0 ? '?' : '&') + 'format=' + encodeURIComponent(this.format);
    }
    return {url: url, headers: Object.assign({
      'Content-Type': 'application/octet-stream'
    }, hip.headers())};
  };

  Transfer.prototype.send = function () {
    var transfer = this, direct = Boolean(this.steps.direct) && !this.refusedDirect && !this.format;
    this.clear();
    this.enter('sending');
    if (!direct) {
      this.look(function (state) {
        if (state && typeof state.stored_bytes === 'number') {
          this.stored = Math.min(state.stored_bytes, this.size);
          this.changed(this);
        }
      });
    }
    this.request = hip.upload(this.target(direct), this.file, {
      progress: function (sent, bytesPerSecond) {
        transfer.sent = Math.min(sent, transfer.size);
        transfer.speed = bytesPerSecond;
        if (transfer.sent >= transfer.size && transfer.state === 'sending') {
          transfer.enter('storing');
        } else {
          transfer.changed(transfer);
        }
      },
      done: function (answer) {
        transfer.request = null;
        transfer.sent = transfer.size;
        if (direct) {
          transfer.enter('storing');
          transfer.look(transfer.come);
        } else if (answer.id !== transfer.id) {
          // Not the dashboard's answer: what stands before it may have another.
          transfer.stumble({status: 0, sent: transfer.sent}, direct);
        } else {
          transfer.halt();
          transfer.warnings = transfer.warnings.concat(answer.warnings || []);
          transfer.finish(answer.verification || '');
        }
      },
      failed: function (failure) {
        transfer.request = null;
        transfer.stumble(failure, direct);
      }
    });
  };

  Transfer.prototype.stumble = function (failure, direct) {
    this.halt();
    if (direct && !failure.status && !failure.sent) {
      // No answer before the first byte: the image service does not let
      // browsers in, so the bytes go through the dashboard.
      this.refusedDirect = true;
      this.send();
    } else if (direct && failure.status === 401) {
      // The token has ended; the dashboard has a newer one, or says so.
      this.refusedDirect = true;
      this.send();
    } else if (failure.kind === 'busy') {
      this.wait(failure.retry_after_s);
    } else if (failure.status === 401 && !direct) {
      this.endSession();
    } else if (failure.reason) {
      this.fail(failure);
    } else if (failure.answer && direct) {
      this.fail({reason: interpolate(gettext('The image service refused the file: %s'), [failure.answer])});
    } else {
      // A connection can also break over a refusal, or when all has arrived:
      // the server knows.
      this.broken = Object.assign({direct: direct}, failure);
      this.enter('asking');
      this.look(this.come);
    }
  };

  // Each time a little longer, and not all browsers at the same moment.
  Transfer.prototype.wait = function (retryAfterS) {
    var transfer = this, tries = this.tries + 1,
      ms = Math.min(BUSY_MOST_MS, (retryAfterS || 5) * 1000 * (1 + Math.min(tries - 1, 4) / 2));
    this.clear();
    this.tries = tries;
    this.enter('busy');
    this.timer = window.setTimeout(function () {
      transfer.send();
      transfer.tries = tries;
    }, ms * (0.75 + Math.random() / 2));
  };

  // What the image service says while it works without this page.
  Transfer.prototype.come = function (state) {
    if (!state) {
      this.fail({reason: gettext('The image has been deleted meanwhile.'), kind: 'gone'});
    } else if (state.status === 'active') {
      this.arrive(state);
    } else if (state.failure_kind === 'busy') {
      this.halt();
      this.wait(state.retry_after_s);
    } else if (state.failure) {
      this.fail(Object.assign({}, state, {reason: state.failure, kind: state.failure_kind}));
    } else if (state.in_progress) {
      this.lost = 0;
      this.standstill = state.standstill || '';
      if (typeof state.stored_bytes === 'number') {
        this.stored = state.stored_bytes;
      }
      if (this.state === 'asking' && this.sent >= this.size) {
        this.enter('storing');
      } else {
        this.changed(this);
      }
    } else {
      this.lost += 1;
      if (this.file || this.lost > LOOKS_BEFORE_LOST) {
        this.fail({reason: this.file ? notArrived(this.broken || {}) :
          gettext('The image service has not begun to fetch the image.')});
      }
    }
  };

  // What stands before the dashboard may refuse too, in words of its own.
  function notArrived(failure) {
    if (failure.status === 413) {
      return gettext('The web server before the dashboard lets no file of this size through. Ask the cloud\'s operator for a higher limit.');
    }
    if (failure.status) {
      return interpolate(gettext('The upload did not arrive: the web server answered %(status)s %(answer)s'),
        {status: failure.status, answer: failure.answer || ''}, true);
    }
    if (failure.direct) {
      return gettext('The upload did not arrive: the connection to the image service broke.');
    }
    return gettext('The upload did not arrive: the connection to the dashboard broke, or the dashboard could not reach the image service.');
  }

  // The image is active; what was promised about it may still be checked.
  Transfer.prototype.arrive = function (state) {
    var transfer = this;
    this.halt();
    if (!state.check_due) {
      this.finish(state.verification === 'pending' ? '' : state.verification);
      return;
    }
    this.enter('verifying');
    hip.verify(state.verify_url || this.steps.verify_url).then(function (answer) {
      if (transfer.state !== 'verifying') {
        return;
      }
      if (answer.status === 404) {
        transfer.fail({reason: gettext('The image has been deleted meanwhile.'), kind: 'gone'});
      } else if (answer.verification === 'mismatch') {
        transfer.fail(Object.assign({kind: 'checksum'}, answer));
      } else {
        if (answer.reason) {
          transfer.warnings = transfer.warnings.concat(answer.reason);
        }
        transfer.finish(answer.verification || '');
      }
    });
  };

  Transfer.prototype.finish = function (verification) {
    this.verification = verification || '';
    this.stored = this.size || this.stored;
    if (this.verification === 'mismatch') {
      this.fail({kind: 'mismatch', reason: gettext(
        'The image service has stored other data than this browser has sent. Do not use this image.')});
    } else {
      this.enter('done');
    }
  };

  // failure: {reason, kind, …} as the dashboard answers it.
  Transfer.prototype.fail = function (failure) {
    this.halt();
    this.failure = failure;
    this.enter('failed');
  };

  // What the person may do.

  Transfer.prototype.cancel = function () {
    this.halt();
    this.enter('cancelled');
  };

  Transfer.prototype.keep = function () {
    this.enter('kept');
  };

  // The same file into the same image, as another format if one is named.
  Transfer.prototype.retry = function (format) {
    this.halt();
    this.clear();
    this.warnings = [];
    this.format = format || this.format;
    this.enter('waiting');
  };

  Transfer.prototype.remove = function () {
    var transfer = this;
    this.halt();
    this.enter('removing');
    hip.remove(this.steps).then(function () {
      return hip.states(transfer.steps.progress_url, [transfer.id]);
    }).then(function (found) {
      if (found[transfer.id] && found[transfer.id].status !== 'deleted') {
        throw new Error('still there');
      }
      transfer.enter('removed');
    }).catch(function () {
      transfer.fail({reason: gettext('The image could not be removed. Look at the list of images for the reason.'), kind: 'remains'});
    });
  };

  hip.Transfer = Transfer;
}());
