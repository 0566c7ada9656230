// SPDX-License-Identifier: Apache-2.0
// The steps in which a transfer's image is published, where that was asked for.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  var Transfer = hip.Transfer;

  hip.notPublished = function () {
    return gettext('The image was not published. Publish it with Publish Image.');
  };

  // Once the data was compared: answer says how, if the image is to be published.
  Transfer.prototype.publishChecked = function (answer) {
    if (answer.publication) {
      this.published = Object.assign({tried: [], left: 1}, answer.publication);
      this.publish();
    } else if (this.steps.planned && !answer.seen_url && !answer.deleted) {
      this.notPublished = this.notPublished.concat({reason: hip.notPublished()});
    }
  };

  Transfer.prototype.isPublishing = function () {
    return Boolean(this.published) && this.published.left > 0 && !this.is('deleting', 'deleted');
  };

  // Goes on where the dashboard stopped, before the data: Glance loses the data
  // of an image that is changed at the moment at which an upload begins.
  Transfer.prototype.publish = function () {
    var transfer = this, first = this.published;
    if (!this.isPublishing()) {
      return;
    }
    hip.publishSteps(first.url, {audience: first.audience, page: this.steps.page}, first.tried, function (answer) {
      transfer.published = Object.assign({audience: first.audience}, answer);
      transfer.notPublished = transfer.notPublished.concat(hip.notDone(answer.projects));
      transfer.changed(transfer);
      return transfer.isPublishing();
    }).catch(function (refusal) {
      transfer.published = Object.assign({}, transfer.published, {left: 0});
      transfer.notPublished = transfer.notPublished.concat({reason: refusal.reason ||
        gettext('The dashboard did not respond. Publish the image again to continue with the remaining projects.')});
      transfer.changed(transfer);
    });
  };
}());
