// SPDX-License-Identifier: Apache-2.0
// How a transfer's image is deleted.
(function () {
  'use strict';

  var DELETE_AGAIN_MS = 2000;
  var hip = horizon.helionImages;
  var Transfer = hip.Transfer;

  // Resolves to what is found afterwards, as of hip.states.
  Transfer.prototype.tryToDelete = function () {
    var transfer = this;
    return hip.alone(function () { return hip.deleteImage(transfer.steps); }).then(function (refusal) {
      transfer.refusal = refusal;
      return hip.states(transfer.steps.progress_url, [transfer.id]);
    });
  };

  function isThere(transfer, found) {
    return Boolean(found[transfer.id]) && found[transfer.id].status !== 'deleted';
  }

  // Resolves when it has been tried.
  Transfer.prototype.delete = function () {
    var transfer = this;
    this.halt();
    this.enter('deleting');
    return this.tryToDelete().then(function (found) {
      if (!isThere(transfer, found) || !transfer.steps.protected) {
        return found;
      }
      // Glance, when it notices that an upload has ended, writes the image as
      // it was when that began: protected.
      return new Promise(function (resolve) { window.setTimeout(resolve, DELETE_AGAIN_MS); }).then(function () {
        return transfer.tryToDelete();
      });
    }).then(function (found) {
      if (isThere(transfer, found)) {
        throw transfer.refusal;
      }
      if (transfer.isElsewhere(found.project)) {
        transfer.miss(found.project);
      } else {
        transfer.enter('deleted');
      }
    }).catch(function (refusal) {
      transfer.fail({reason: refusal.reason || gettext('Unable to delete the image. See the image list for the reason.'), kind: 'remains'});
    });
  };
}());
