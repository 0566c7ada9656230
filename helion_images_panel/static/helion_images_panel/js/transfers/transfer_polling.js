// SPDX-License-Identifier: Apache-2.0
// What a transfer makes of the state of its image.
(function () {
  'use strict';

  var LOOK_EVERY_MS = 2000;
  // An import that Glance has accepted is queued for a moment.
  var LOOKS_BEFORE_LOST = 15;
  // What is noted when the image service has answered may be seen a moment late.
  var LOOKS_BEFORE_BELIEVED = 3;
  var hip = horizon.helionImages;
  var Transfer = hip.Transfer;

  // report(state, project) as of hip.watch, until the transfer halts.
  Transfer.prototype.look = function (report) {
    var transfer = this;
    if (this.watcher) {
      this.watcher.stop();
    }
    this.watcher = hip.watch(this.steps.progress_url, this.id, LOOK_EVERY_MS, function (state, project) {
      report.call(transfer, state, project);
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

  // The panel does not have the image: from the project in which the person
  // works now.
  Transfer.prototype.miss = function (project) {
    if (this.isElsewhere(project)) {
      this.fail({kind: 'elsewhere', reason: this.elsewhere()});
    } else {
      this.fail({kind: 'gone', reason: gettext('The image was deleted.')});
    }
  };

  Transfer.prototype.isElsewhere = function (project) {
    return Boolean(project && this.steps.project_id) && project !== this.steps.project_id;
  };

  Transfer.prototype.elsewhere = function () {
    return interpolate(gettext(
      'You have switched to another project, where this image is not visible. Switch back to %(project)s, then press Retry.'
    ), {project: this.steps.project_name}, true);
  };

  // Whose data an active image has: 'own', 'other', or '' where it is not known.
  function origin(transfer, state) {
    if (!transfer.file || transfer.answered) {
      return 'own';
    }
    if (state.stored_attempt) {
      return transfer.sentAs.indexOf(state.stored_attempt) >= 0 ? 'own' : 'other';
    }
    // Data that is decompressed or imported on its way may have another size than the file.
    return transfer.mostSent < transfer.size ||
      (state.size_bytes !== transfer.size && !transfer.steps.changes_size) ? 'other' : '';
  }

  Transfer.prototype.seeActive = function (state) {
    var uploader = origin(this, state);
    this.lost += 1;
    if (uploader === 'other') {
      this.fail({kind: 'taken', reason: gettext(
        'Other data was stored in this image, from another page or another tab. This file was not stored. Create a separate image for it.'
      )});
    } else if (uploader || this.lost >= LOOKS_BEFORE_BELIEVED) {
      if (!uploader) {
        this.warnings = this.warnings.concat(this.steps.changes_size ? gettext(
          'The connection was lost at the end, and the dashboard has no record of this upload. If other users upload to this image too, compare its checksum.'
        ) : gettext(
          'The connection was lost at the end, and the dashboard has no record of this upload. The stored data has the same size as your file. If other users upload to this image too, compare its checksum.'
        ));
      }
      this.arrive(state);
    }
  };

  // Where Glance was killed over an upload, the image is "saving" or "uploading" for ever, and
  // "importing" where it did not find the staged data.
  Transfer.prototype.isStuck = function (state) {
    return ['saving', 'uploading', 'importing'].indexOf(state.status) >= 0 && Boolean(state.failure) && !state.in_progress;
  };

  // True where the image takes no data any more, and the person has been shown that.
  Transfer.prototype.giveUp = function (state) {
    if (!this.isStuck(state)) {
      return false;
    }
    this.lost += 1;
    if (this.lost >= LOOKS_BEFORE_BELIEVED) {
      this.fail({kind: 'stuck', reason: state.failure, failure_details: state.failure_details});
    }
    return true;
  };

  // Before a second attempt: is the image empty, and no upload running?
  Transfer.prototype.settle = function (state, project) {
    if (!state) {
      this.miss(project);
    } else if (state.status === 'active') {
      this.seeActive(state);
    } else if (state.failure_kind === 'staged') {
      // Only the import is missing.
      this.halt();
      this.isStaged = true;
      this.send();
    } else if (!state.in_progress && !this.giveUp(state)) {
      this.halt();
      this.isStaged = false;
      this.send();
    }
  };

  // What the image service says while it works without this page.
  Transfer.prototype.come = function (state, project) {
    if (!state) {
      this.miss(project);
    } else if (this.attempt && (state.refused_attempts || []).indexOf(this.attempt) >= 0) {
      this.fail({kind: 'taken', reason: gettext(
        'An upload to this image from another page or another tab started first. This file was not stored.'
      )});
    } else if (state.status === 'active') {
      this.seeActive(state);
    } else if (state.failure_kind === 'busy') {
      this.halt();
      this.wait(state.retry_after_s);
    } else if (state.failure_kind !== 'staged' && this.giveUp(state)) {
      return;
    } else if (state.failure) {
      this.fail(Object.assign({}, state, {reason: state.failure, kind: state.failure_kind}));
    } else if (state.in_progress) {
      this.lost = 0;
      this.standstill = state.standstill || '';
      if (!this.file) {
        this.seeImporting(state);
      } else if (typeof state.stored_bytes === 'number') {
        this.stored = state.stored_bytes;
      }
      if (this.file && state.status === 'importing' && !this.imports) {
        this.beImported();
      } else if (this.state === 'asking' && this.sent >= this.size) {
        this.enter('storing');
      } else {
        this.changed(this);
      }
    } else {
      this.lost += 1;
      if (this.file || this.lost > LOOKS_BEFORE_LOST) {
        this.fail({reason: this.file ? notArrived(this.broken || {}) :
          gettext('The image service has not started to download the data.')});
      }
    }
  };

  // What stands before the dashboard may refuse too, in words of its own.
  function notArrived(failure) {
    if (failure.reason) {
      return failure.reason;
    }
    if (failure.direct && failure.answer) {
      return interpolate(gettext('The image service refused the file: %(reason)s'), {reason: failure.answer}, true);
    }
    if (failure.status === 413) {
      return gettext('The web server in front of the dashboard does not accept files of this size. Ask the cloud\'s operator for a higher limit.');
    }
    if (failure.status) {
      return interpolate(gettext('The upload failed: the web server returned %(status)s %(answer)s'),
        {status: failure.status, answer: failure.answer || ''}, true);
    }
    if (failure.direct) {
      return gettext('The upload failed: the connection to the image service was lost.');
    }
    return gettext('The upload failed: the connection to the dashboard was lost, or the dashboard could not reach the image service.');
  }

  // The image service writes the number of stored bytes once a minute. Before the
  // second number nothing is known of the speed; another task begins anew.
  Transfer.prototype.seeImporting = function (state) {
    var first = this.firstStored, at = state.stored_at_s,
      bytes = typeof state.stored_bytes === 'number' ? state.stored_bytes : null;
    this.second = {state: state.retry || '', note: state.retry_note || '', details: state.retry_details || ''};
    this.expected = state.expected_bytes || 0;
    this.stored = bytes;
    if (bytes === null || typeof at !== 'number' || (first && (bytes < first.bytes || at < first.at))) {
      first = this.firstStored = null;
      this.speed = 0;
    }
    if (bytes === null || typeof at !== 'number') {
      return;
    }
    if (!first) {
      this.firstStored = {bytes: bytes, at: at};
    } else if (bytes > first.bytes && at > first.at) {
      this.speed = (bytes - first.bytes) / (at - first.at);
    }
  };

  // An import may convert the image: what counts is what it is then.
  Transfer.prototype.seeImported = function (state) {
    var format = this.format || this.steps.format;
    if (this.file && !this.imports) {
      return;
    }
    this.stored = state.size_bytes || this.stored;
    if (format && state.format && state.format !== format && state.verification !== 'converted') {
      this.warnings = this.warnings.concat(interpolate(gettext(
        'This cloud converted the image. Its format is now %(format)s.'), {format: state.format_label}, true));
    }
  };

  // The image is active; what was promised about it may still be checked. This
  // page has made the promise, whoever owns the image.
  Transfer.prototype.arrive = function (state) {
    var transfer = this;
    this.halt();
    this.seeImported(state);
    if (!state.may_check && !this.steps.planned) {
      this.finish(state.verification, state.verification_note);
      return;
    }
    this.enter('verifying');
    hip.verify(state.verify_url || this.steps.verify_url, this.steps.page).then(function (answer) {
      if (transfer.state !== 'verifying') {
        return;
      }
      if (answer.status === 404) {
        transfer.look(function (found, project) {
          if (found) {
            transfer.halt();
            transfer.finish(found.verification, found.verification_note);
          } else {
            transfer.miss(project);
          }
        });
        return;
      }
      transfer.publishChecked(answer);
      if (answer.verification === 'mismatch') {
        transfer.fail(Object.assign({kind: 'checksum'}, answer));
      } else {
        transfer.finish(answer.verification || 'pending', answer.reason);
      }
    });
  };
}());
