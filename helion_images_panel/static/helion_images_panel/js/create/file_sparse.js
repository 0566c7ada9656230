// SPDX-License-Identifier: Apache-2.0
// Offers to upload a raw disk without its empty parts, as the QCOW2 file that this page makes of it.
(function () {
  'use strict';

  // A smaller file is uploaded soon enough.
  var LEAST_BYTES = 64 * 1024 * 1024;
  // The share that must seem empty, and be so.
  var LEAST_SHARE = 0.2;
  var hip = horizon.helionImages;
  var shares = new WeakMap();

  function format(form) {
    return form.querySelector('select[data-hip-format]');
  }

  function checksum(form) {
    var field = form.querySelector('[name=checksum]');
    return field && !field.disabled ? field.value.trim() : '';
  }

  // Other formats have no empty parts, or are what the person wants.
  function isFit(form, file, found) {
    var select = format(form);
    return Boolean(select && hip.offeredFormat(select, 'qcow2') && file.size >= LEAST_BYTES && found.format === 'raw' &&
      !found.decompressible && !found.problem && !found.warning && (!select.value || select.value === 'raw'));
  }

  function shareOf(file) {
    if (!shares.has(file)) {
      shares.set(file, hip.emptyShare(file).catch(function () { return 0; }));
    }
    return shares.get(file);
  }

  // The format is that of the file, as if the person had not chosen any: it follows the next file too.
  function take(form, file) {
    format(form).value = '';
    hip.chooseFile(form, file);
    form.querySelector('[data-hip-file]').focus();
  }

  function shown(form) {
    return form.querySelector('.hip-sparse');
  }

  // Nothing is uploaded while the page looks: neither the whole file nor a part was asked for.
  function setBusy(form, isBusy) {
    form.querySelectorAll('.modal-footer .btn-primary').forEach(function (button) { button.disabled = isBusy; });
  }

  function remove(form) {
    var node = shown(form);
    if (node) {
      if (node.hipWatch.progress) {
        setBusy(form, false);
      }
      node.hipWatch.isStopped = true;
      node.remove();
    }
  }

  // The place below what is said of the file; what is said here has a live region of its own.
  function renew(form, place, file) {
    var node = hip.element('div', 'hip-sparse');
    remove(form);
    node.hipFile = file;
    node.hipChecksum = Boolean(checksum(form));
    node.hipWatch = {isStopped: false};
    node.setAttribute('aria-live', 'polite');
    place.after(node);
    return node;
  }

  function say(node, text, more) {
    node.replaceChildren(hip.element('p', 'help-block', text), ...(more || []));
  }

  function isShown(form, file) {
    var node = shown(form);
    return Boolean(node && node.hipFile === file && hip.chosenFile(form) === file && node.hipChecksum === Boolean(checksum(form)));
  }

  function ask(form, place, file, share) {
    var node = renew(form, place, file), text = interpolate(
      // Translators: a share, such as 90%.
      gettext('About %(share)s of this disk is empty.'), {share: hip.percent(share * 100)}, true);
    node.hipShare = share;
    if (checksum(form)) {
      say(node, text + ' ' + gettext('The whole file is uploaded, because the expected checksum is compared with it.'));
      return;
    }
    say(node, text + ' ' + gettext(
      'Without the empty parts the upload is faster. The format of the image is then QCOW2. Keep Raw if this cloud requires it, for example to launch instances from Ceph.'
    ), [hip.button(gettext('Leave Out Empty Parts'), 'btn-default btn-xs', function () { look(form, node, file); })]);
  }

  // Reads the whole file, says how far that is, and can be stopped.
  function look(form, node, file) {
    var bar = hip.element('div', 'progress-bar'), frame = hip.element('div', 'progress hip-sparse-progress'),
      label = gettext('Looking for empty parts'), watch = node.hipWatch, stop = hip.button(gettext('Stop'), 'btn-default btn-xs', function () {
        ask(form, node.previousElementSibling, file, node.hipShare);
        shown(form).querySelector('button').focus();
      });
    bar.setAttribute('role', 'progressbar');
    bar.setAttribute('aria-label', label);
    bar.setAttribute('aria-valuemin', 0);
    bar.setAttribute('aria-valuemax', 100);
    frame.appendChild(bar);
    watch.progress = function (share) {
      var percent = Math.floor(share * 100);
      bar.style.width = percent + '%';
      bar.setAttribute('aria-valuenow', percent);
      // The dialog may have been closed.
      watch.isStopped = watch.isStopped || !node.isConnected;
    };
    watch.progress(0);
    setBusy(form, true);
    say(node, label + '…', [frame, stop]);
    stop.focus();
    hip.partsWithData(file, watch).then(function (parts) {
      if (parts && isShown(form, file)) {
        finish(form, node, file, parts);
      }
    }).catch(function () {
      if (isShown(form, file)) {
        setBusy(form, false);
        say(node, hip.fileChanged());
      }
    });
  }

  function finish(form, node, file, parts) {
    var made = hip.qcow2(file, parts, hip.fileStem(file) + '.qcow2'), empty = file.size - made.size;
    if (empty < LEAST_SHARE * file.size) {
      setBusy(form, false);
      say(node, gettext('Only a small part of this disk is empty. The whole file is uploaded.'));
      form.querySelector('[data-hip-file]').focus();
      return;
    }
    hip.fileOrigins.set(made, file);
    take(form, made);
  }

  function tell(form, place, file) {
    var node = renew(form, place, file), origin = hip.fileOrigins.get(file), more = [
      hip.button(gettext('Upload the Whole File'), 'btn-default btn-xs', function () { take(form, origin); })
    ];
    if (checksum(form)) {
      more.unshift(hip.element('div', 'alert alert-warning', gettext(
        'The expected checksum is compared with the QCOW2 file. If it is the checksum of the raw file, upload the whole file.')));
    }
    // Translators: sizes, such as 10 GiB.
    say(node, interpolate(gettext('%(size)s of %(whole)s will be uploaded, without the empty parts.'),
      {size: hip.bytes(file.size), whole: hip.bytes(origin.size)}, true), more);
  }

  // Shows the offer below what is said of the file, or takes it away.
  function offer(form, place, file, found) {
    if (!place || !file || hip.chosenFile(form) !== file || (!isFit(form, file, found) && !hip.fileOrigins.has(file))) {
      remove(form);
    } else if (!isShown(form, file)) {
      remove(form);
      if (hip.fileOrigins.has(file)) {
        tell(form, place, file);
      } else {
        shareOf(file).then(function (share) {
          if (share >= LEAST_SHARE && place.isConnected && hip.chosenFile(form) === file && !isShown(form, file) &&
              isFit(form, file, found)) {
            ask(form, place, file, share);
          }
        });
      }
    }
  }

  hip.offerSparse = offer;
}());
