// SPDX-License-Identifier: Apache-2.0
// How a transfer's bytes leave the browser, and what follows where they do not
// arrive.
(function () {
  'use strict';

  var BUSY_MOST_MS = 60000;
  var hip = horizon.helionImages;
  var Transfer = hip.Transfer;

  function newAttempt() {
    return Array.prototype.map.call(window.crypto.getRandomValues(new Uint8Array(16)), function (byte) {
      return (byte + 256).toString(16).slice(1);
    }).join('');
  }

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
    if (this.isStaged) {
      query.push('staged=1');
    }
    return {url: url + (url.indexOf('?') < 0 ? '?' : '&') + query.join('&'), headers: Object.assign({
      'Content-Type': 'application/octet-stream'
    }, hip.http.headers(null, this.steps.page))};
  };

  Transfer.prototype.send = function () {
    var transfer = this, direct = Boolean(this.steps.direct) && !this.refusedDirect && !this.format && !this.isStaged;
    this.clear();
    this.attempt = newAttempt();
    this.sentAs.push(this.attempt);
    if (this.isStaged) {
      this.move(this.size, this.size);
    }
    this.enter(this.isStaged ? 'storing' : 'sending');
    if (!direct) {
      this.look(function (state) {
        if (state && typeof state.stored_bytes === 'number') {
          this.move(this.sent, Math.min(state.stored_bytes, this.size));
          this.changed(this);
        }
      });
    }
    this.request = hip.upload(this.target(direct), this.isStaged ? new Blob([]) : this.file, {
      progress: function (sent, bytesPerSecond) {
        sent = transfer.isStaged ? transfer.size : Math.min(sent, transfer.size);
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
          if (answer.importing) {
            transfer.answered = true;
            transfer.beImported();
            transfer.look(transfer.come);
          } else {
            transfer.finish(answer.verification || '');
          }
        }
      },
      failed: function (failure) {
        transfer.request = null;
        transfer.broke(failure, direct);
      }
    });
  };

  // The image service has the whole file: what it makes of it needs no page.
  Transfer.prototype.beImported = function () {
    this.imports = true;
    this.stored = null;
    this.enter('importing');
  };

  // Without an answer and before the last byte, it may be the file: then
  // nothing else helps, whatever is known of the image.
  Transfer.prototype.broke = function (failure, direct) {
    var transfer = this, attempt = this.attempt, mayBeFile = !failure.status && this.sent < this.size;
    this.stumble(failure, direct);
    if (mayBeFile) {
      hip.isReadable(this.file).then(function (isReadable) {
        if (!isReadable && transfer.attempt === attempt && transfer.is('asking', 'failed')) {
          transfer.fail({kind: 'changed', reason: hip.fileChanged()});
        }
      });
    }
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
        'An upload to this image from another page or another tab started first. This file was not stored.'
      )});
    } else if (direct && [403, 404, 410].indexOf(failure.status) >= 0) {
      // Deleted meanwhile, also where it was protected, or another upload was faster.
      this.ask(failure, direct);
    } else if (failure.answer && direct && failure.status === 415) {
      // It has looked at the end, and Glance leaves what it stored until then:
      // a second upload into the same image meets that, and fails.
      this.fail({kind: 'stuck', reason: interpolate(gettext(
        'The image service refused the content of the file: %(reason)s Delete the image, then create it again with the correct format or another file.'
      ), {reason: failure.answer}, true)});
    } else if (failure.answer && direct) {
      this.fail({reason: interpolate(gettext('The image service refused the file: %(reason)s'), {reason: failure.answer}, true)});
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
}());
