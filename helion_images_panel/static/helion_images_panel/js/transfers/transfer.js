// SPDX-License-Identifier: Apache-2.0
// One image on its way: what state it is in, and what may follow. Knows
// nothing of how it looks. What it learns by asking is in transfer_asking.js.
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

  var BUSY_MOST_MS = 60000;
  var REMOVE_AGAIN_MS = 2000;
  // After so long without a byte it is said.
  var STILL_S = 10;
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
    // The IDs under which the bytes were sent, each time another: of two uploads
    // into one image the dashboard tells which one it was that was stored.
    this.attempt = '';
    this.sentAs = [];
    this.mostSent = 0;
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
    // Whether the image service itself has said that it stored the file.
    this.answered = false;
    this.movedAt = Date.now();
  };

  function newAttempt() {
    return Array.prototype.map.call(window.crypto.getRandomValues(new Uint8Array(16)), function (byte) {
      return (byte + 256).toString(16).slice(1);
    }).join('');
  }

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

  // For how many seconds nothing has moved; 0 while that is nothing unusual.
  Transfer.prototype.stillSeconds = function () {
    var seconds = Math.floor((Date.now() - this.movedAt) / 1000);
    return this.state === 'sending' && seconds >= STILL_S ? seconds : 0;
  };

  Transfer.prototype.move = function (sent, stored) {
    if (sent !== this.sent || stored !== this.stored) {
      this.movedAt = Date.now();
    }
    this.sent = sent;
    this.stored = stored;
    this.mostSent = Math.max(this.mostSent, sent);
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

  Transfer.prototype.target = function (direct) {
    var url = this.steps.upload_url, query = ['attempt=' + this.attempt];
    if (direct) {
      return {url: this.steps.direct.url, headers: Object.assign({
        'X-Auth-Token': this.steps.direct.token,
        'Content-Type': 'application/octet-stream'
      }, this.steps.direct.headers)};
    }
    if (this.format) {
      query.push('format=' + encodeURIComponent(this.format));
    }
    return {url: url + (url.indexOf('?') < 0 ? '?' : '&') + query.join('&'), headers: Object.assign({
      'Content-Type': 'application/octet-stream'
    }, hip.http.headers())};
  };

  Transfer.prototype.send = function () {
    var transfer = this, direct = Boolean(this.steps.direct) && !this.refusedDirect && !this.format;
    this.clear();
    this.attempt = newAttempt();
    this.sentAs.push(this.attempt);
    this.enter('sending');
    if (!direct) {
      this.look(function (state) {
        if (state && typeof state.stored_bytes === 'number') {
          this.move(this.sent, Math.min(state.stored_bytes, this.size));
          this.changed(this);
        }
      });
    }
    this.request = hip.upload(this.target(direct), this.file, {
      progress: function (sent, bytesPerSecond) {
        sent = Math.min(sent, transfer.size);
        // Sent to the image service itself, it is where it is to be.
        transfer.move(sent, direct ? sent : transfer.stored);
        transfer.speed = bytesPerSecond;
        if (transfer.sent >= transfer.size && transfer.state === 'sending') {
          transfer.enter('storing');
        } else {
          transfer.changed(transfer);
        }
      },
      done: function (answer) {
        transfer.request = null;
        transfer.move(transfer.size, transfer.stored);
        if (direct) {
          transfer.answered = true;
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
    } else if (failure.status === 404 && !direct) {
      // Gone, or not seen from the project in which the person works now.
      this.ask(failure, direct);
    } else if (failure.reason) {
      this.fail(failure);
    } else if (direct && failure.status === 409) {
      this.fail({kind: 'taken', reason: gettext(
        'Another upload into this image was ahead of this one, from another page or another tab. This file was not stored.'
      )});
    } else if (failure.answer && direct && failure.status === 415) {
      // It has looked at the end, and Glance leaves what it stored until then:
      // a second upload into the same image meets that, and fails.
      this.fail({kind: 'stuck', reason: interpolate(gettext(
        'The image service refused the content of the file: %s Remove the image, and create it again with the right format or another file.'
      ), [failure.answer])});
    } else if (failure.answer && direct) {
      this.fail({reason: interpolate(gettext('The image service refused the file: %s'), [failure.answer])});
    } else {
      // A connection can also break over a refusal, or when all has arrived:
      // the server knows.
      this.ask(failure, direct);
    }
  };

  Transfer.prototype.ask = function (failure, direct) {
    this.broken = Object.assign({direct: direct}, failure);
    this.enter('asking');
    this.look(this.come);
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

  // Resolves to what is found afterwards, as of hip.states.
  Transfer.prototype.tryToRemove = function () {
    var transfer = this;
    return hip.alone(function () { return hip.remove(transfer.steps); }).then(function () {
      return hip.states(transfer.steps.progress_url, [transfer.id]);
    });
  };

  function isThere(transfer, found) {
    return Boolean(found[transfer.id]) && found[transfer.id].status !== 'deleted';
  }

  Transfer.prototype.remove = function () {
    var transfer = this;
    this.halt();
    this.enter('removing');
    this.tryToRemove().then(function (found) {
      if (!isThere(transfer, found) || !transfer.steps.protected) {
        return found;
      }
      // Glance, when it notices that an upload has ended, writes the image as
      // it was when that began: protected.
      return new Promise(function (resolve) { window.setTimeout(resolve, REMOVE_AGAIN_MS); }).then(function () {
        return transfer.tryToRemove();
      });
    }).then(function (found) {
      if (isThere(transfer, found)) {
        throw new Error('still there');
      }
      if (transfer.isElsewhere(found.project)) {
        transfer.miss(found.project);
      } else {
        transfer.enter('removed');
      }
    }).catch(function () {
      transfer.fail({reason: gettext('The image could not be removed. Look at the list of images for the reason.'), kind: 'remains'});
    });
  };

  hip.Transfer = Transfer;
}());
