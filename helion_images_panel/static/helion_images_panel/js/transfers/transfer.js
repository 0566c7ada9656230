// SPDX-License-Identifier: Apache-2.0
// One image on its way: what state it is in, and what may follow. Knows
// nothing of how it looks. The scripts beside this one have the parts of its
// life: transfer_sending.js, transfer_polling.js, transfer_publishing.js,
// transfer_deletion.js.
//
//   waiting   for its turn in this page
//   busy      the dashboard carries enough uploads: tried again by itself
//   settling  the image service still has to let go of what came before
//   sending   bytes leave the browser
//   asking    the connection broke: what arrived?
//   storing   all are sent, and the image service finishes
//   importing the image service gets the data itself, or imports the file that it has
//   verifying the data is compared with the checksum that was expected
//   done, failed, cancelled (by the person), kept (cancelled, for later),
//   deleting, deleted
(function () {
  'use strict';

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
    // First those of the form itself: they stay, whatever becomes of the data.
    this.warnings = (steps.warnings || []).slice();
    this.refusedDirect = false;
    // Whether the image service has the whole file, and imports it.
    this.imports = false;
    // Whether it has it, and has still to be told to import it.
    this.isStaged = false;
    this.attempts = 0;
    // The IDs under which the bytes were sent, each time another: of two uploads
    // into one image the dashboard says which one it was that was stored.
    this.attempt = '';
    this.sentAs = [];
    this.mostSent = 0;
    this.changed = changed;
    // What the dashboard said of publishing, if that is asked for, and of which
    // projects something is to be said.
    this.published = steps.publish || null;
    this.notPublished = this.published ? hip.notDone(this.published.projects) : [];
    this.clear();
    this.state = 'waiting';
  }

  Transfer.prototype.clear = function () {
    this.sent = 0;
    // Bytes that the image service has got; null while that is unknown.
    this.stored = null;
    // Bytes a second; 0 while that is unknown.
    this.speed = 0;
    // Of an import: the size of the file, where it is known; the first number of
    // stored bytes, with its time.
    this.expected = 0;
    this.firstStored = null;
    // What is to be said of a second attempt to import, and how far that is.
    this.second = {state: '', note: '', details: ''};
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

  // note: what else is to be said of the comparison.
  Transfer.prototype.finish = function (verification, note) {
    this.verification = verification || '';
    this.stored = (this.imports && this.stored) || this.size || this.stored;
    if (this.verification === 'mismatch') {
      this.fail({kind: 'mismatch', reason: note || gettext(
        'The data that the image service stored differs from the uploaded file. Do not use this image.')});
    } else {
      if (note) {
        this.warnings = this.warnings.concat(note);
      }
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
    this.warnings = (this.steps.warnings || []).slice();
    this.imports = false;
    this.format = format || this.format;
    this.enter('waiting');
  };

  hip.Transfer = Transfer;
}());
