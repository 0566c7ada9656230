// SPDX-License-Identifier: Apache-2.0
// What a person may do about an image in the dock, and what is asked first.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  // Each has a label and what it does, or a url. `question` is what is to be
  // answered before that, by pressing `confirm`.
  function actions(transfer) {
    var retry = {label: gettext('Retry'), act: function () { transfer.retry(); }},
      deletion = {
        label: gettext('Delete Image'),
        danger: true,
        question: doubts(transfer) && [doubts(transfer), gettext('Delete it anyway?')].join(' '),
        confirm: gettext('Delete Image'),
        act: function () { transfer.delete(); }
      };
    if (canStop(transfer)) {
      return [{label: gettext('Cancel'), act: function () { transfer.cancel(); }}];
    }
    if (transfer.is('importing', 'asking', 'storing', 'verifying')) {
      return [{
        label: gettext('Cancel'),
        question: [whatIsLeft(transfer), doubts(transfer)].filter(Boolean).join(' '),
        confirm: gettext('Stop and Delete Image'),
        act: function () { transfer.delete(); }
      }];
    }
    if (transfer.is('cancelled')) {
      return [retry, {label: gettext('Keep Image'), act: function () { transfer.keep(); }}, deletion];
    }
    if (transfer.is('kept')) {
      return [retry, deletion];
    }
    if (transfer.is('failed')) {
      return afterFailure(transfer, transfer.failure || {}, retry, deletion);
    }
    return transfer.is('done') ? afterSuccess(transfer) : [];
  }

  // A version takes the place of the latest one only with data that is verified.
  function afterSuccess(transfer) {
    var url = transfer.steps.make_latest_url;
    return url && transfer.verification === 'verified' ? [{label: gettext('Make It the Latest'), url: url, primary: true}] : [];
  }

  // Whether it ends without the image. When all has left this browser, whether
  // it becomes an image is not for it to say any more.
  function canStop(transfer) {
    return transfer.is('waiting', 'busy', 'settling', 'sending') ||
      (transfer.is('asking') && transfer.sent < transfer.size);
  }

  function whatIsLeft(transfer) {
    if (transfer.is('importing') && transfer.file) {
      return gettext('The image service is importing the file. Only deleting the image stops it.');
    }
    if (transfer.is('importing')) {
      return gettext('The image service downloads the data itself. Only deleting the image stops it.');
    }
    if (transfer.is('verifying')) {
      return gettext('All data is stored and is being compared with the expected checksum.');
    }
    return gettext('The whole file is uploaded. Only deleting the image prevents it from becoming active.');
  }

  // What this transfer has not made, or somebody has protected, is not deleted
  // by one click.
  function doubts(transfer) {
    var words = [];
    if (!transfer.steps.created) {
      words.push(gettext('The image existed before this upload.'));
    }
    if (transfer.steps.protected) {
      words.push(gettext('The image is protected.'));
    }
    return words.join(' ');
  }

  // The image takes no other data, but a new one takes the file.
  function createAgain(transfer, deletion) {
    return Object.assign({}, deletion, {
      label: gettext('Delete and Create Again'),
      danger: false,
      primary: true,
      act: function () {
        transfer.delete().then(function () {
          if (transfer.is('deleted')) {
            hip.createFrom(transfer.file, transfer.name);
          }
        });
      }
    });
  }

  // The form for other data, where the page knows it: for a source, or for any.
  function uploadData(transfer, label, source) {
    var url = transfer.steps.upload_data_url;
    return url ? [{label: label || gettext('Upload Data'), url: url + (source ? '?source=' + source : '')}] : [];
  }

  // Where the data of an image whose import failed may come from instead.
  function otherSources(transfer, failure) {
    // This page knows of no failure: the import has not started.
    if (!('takes_url' in failure)) {
      return uploadData(transfer, '', 'location');
    }
    return (failure.takes_url ? uploadData(transfer, gettext('Try Another URL'), 'location') : [])
      .concat(failure.takes_file ? uploadData(transfer, gettext('Upload a File Instead'), 'file') : []);
  }

  function afterFailure(transfer, failure, retry, deletion) {
    var another = uploadData(transfer);
    // Of an image that has somebody else's data nothing is to be done here.
    if (failure.kind === 'gone' || failure.kind === 'taken' || failure.seen_url) {
      return [];
    }
    if (failure.kind === 'elsewhere') {
      return [retry];
    }
    if (failure.kind === 'stuck' && transfer.file && hip.createUrl()) {
      return [createAgain(transfer, deletion), deletion];
    }
    if (failure.kind === 'mismatch' || failure.kind === 'stuck' || 'deleted' in failure) {
      return [deletion];
    }
    if (!transfer.file && failure.kind === 'session') {
      return [retry];
    }
    if (!transfer.file) {
      return otherSources(transfer, failure).concat(deletion);
    }
    if (failure.kind === 'format' && failure.actual_format) {
      return [{
        label: interpolate(gettext('Switch to %(format)s and Retry'), {format: failure.actual_label || failure.actual_format}, true),
        primary: true,
        act: function () { transfer.retry(failure.actual_format); }
      }, deletion];
    }
    if (['unsafe', 'format', 'compressed', 'changed'].indexOf(failure.kind) >= 0) {
      return another.concat(deletion);
    }
    // The checksum may be what is wrong: Upload Data takes another one.
    return [retry].concat(failure.kind === 'checksum' ? another : [], deletion);
  }

  hip.dockActions = actions;
}());
