// SPDX-License-Identifier: Apache-2.0
// Whether a file fits into what the project has left, before it is sent.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  // What the dialog knows; null where the cloud does not say.
  function quota(form) {
    var holder = form.matches('[data-hip-quota]') ? form : form.querySelector('[data-hip-quota]');
    try {
      return JSON.parse(holder.getAttribute('data-hip-quota'));
    } catch {
      return null;
    }
  }

  // Why these files do not fit; empty if they do. isNew: each becomes a new image.
  function refusal(form, files, isNew) {
    var left = quota(form) || {}, size = files.reduce(function (sum, file) { return sum + file.size; }, 0);
    if (isNew && typeof left.count_left === 'number' && files.length > left.count_left) {
      return left.count_left > 0 ? interpolate(ngettext(
        'The project may create %(count)s more image. Delete images, or ask the cloud\'s operator for a higher limit.',
        'The project may create %(count)s more images. Delete images, or ask the cloud\'s operator for a higher limit.',
        left.count_left), {count: left.count_left}, true) :
        gettext('The project has reached its limit of images. Delete an image, or ask the cloud\'s operator for a higher limit.');
    }
    if (typeof left.size_left_bytes === 'number' && size > left.size_left_bytes) {
      return interpolate(files.length > 1 ?
        gettext('The files are too large (%(size)s together); %(left)s of quota is left. Delete images, or ask the cloud\'s operator for a higher limit.') :
        gettext('The file is too large (%(size)s); %(left)s of quota is left. Delete images, or ask the cloud\'s operator for a higher limit.'),
      {size: hip.bytes(size), left: left.size_left}, true);
    }
    // Too many under way now may be fewer when its turn comes.
    return '';
  }

  // What the dialog knows is what the dashboard said in another form just now.
  function renew(form, fresh) {
    if (fresh.hasAttribute('data-hip-quota')) {
      form.setAttribute('data-hip-quota', fresh.getAttribute('data-hip-quota'));
    } else {
      form.removeAttribute('data-hip-quota');
    }
  }

  hip.quotaRefusal = refusal;
  hip.renewQuota = renew;
}());
