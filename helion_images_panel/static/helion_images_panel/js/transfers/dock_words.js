// SPDX-License-Identifier: Apache-2.0
// What the dock says of an image on its way: a line to read, and news to hear.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  function fill(text, values) {
    return interpolate(text, values, true);
  }

  function sending(transfer) {
    var left = (transfer.size - transfer.sent) / transfer.speed, values = {
      sent: hip.bytes(transfer.sent),
      size: hip.bytes(transfer.size),
      stored: hip.bytes(transfer.stored || 0),
      speed: hip.bytes(Math.round(transfer.speed)),
      left: transfer.speed > 0 ? hip.duration(left) : ''
    };
    if (transfer.stillSeconds()) {
      values.still = hip.duration(transfer.stillSeconds());
      return fill(gettext('Sent %(sent)s of %(size)s. No progress for %(still)s.'), values);
    }
    if (!values.left) {
      return transfer.stored === null ? fill(gettext('Sent %(sent)s of %(size)s'), values) :
        fill(gettext('Sent %(sent)s of %(size)s, stored %(stored)s'), values);
    }
    return transfer.stored === null ?
      fill(gettext('Sent %(sent)s of %(size)s, %(speed)s/s, %(left)s left'), values) :
      fill(gettext('Sent %(sent)s of %(size)s, stored %(stored)s, %(speed)s/s, %(left)s left'), values);
  }

  // Glance does not report how much it has fetched, only how much of it is stored. A
  // cloud that converts images may store more than the file has.
  function importing(transfer) {
    var isWhole = transfer.expected >= (transfer.stored || 0) && transfer.expected > 0, values = {
      stored: hip.bytes(transfer.stored || 0),
      size: hip.bytes(transfer.expected),
      speed: hip.bytes(Math.round(transfer.speed))
    };
    if (transfer.second.state && transfer.second.state !== 'started') {
      return ''; // The note says it.
    }
    if (transfer.standstill) {
      return transfer.standstill;
    }
    if (!transfer.stored && transfer.file) {
      return gettext('The image service is importing the file. You can leave this page.');
    }
    if (!transfer.stored) {
      return isWhole ? fill(gettext('The image service is downloading the data (%(size)s). You can leave this page.'), values) :
        gettext('The image service is downloading the data. You can leave this page.');
    }
    if (transfer.speed > 0) {
      return isWhole ?
        fill(gettext('The image service has stored %(stored)s of %(size)s, %(speed)s/s. You can leave this page.'), values) :
        fill(gettext('The image service has stored %(stored)s, %(speed)s/s. You can leave this page.'), values);
    }
    return isWhole ?
      fill(gettext('The image service has stored %(stored)s of %(size)s. You can leave this page.'), values) :
      fill(gettext('The image service has stored %(stored)s. You can leave this page.'), values);
  }

  var LINES = {
    waiting: function () { return gettext('Waiting'); },
    busy: function () { return gettext('The dashboard is at its upload limit. Your upload will start automatically.'); },
    settling: function () { return gettext('Cleaning up the previous attempt…'); },
    sending: sending,
    asking: function (transfer) {
      return transfer.standstill || gettext('The connection was lost. Checking how much was received…');
    },
    storing: function (transfer) {
      return transfer.standstill || gettext('Uploaded. Processing…');
    },
    importing: importing,
    verifying: function () { return gettext('All data is stored. Comparing it with the expected checksum…'); },
    done: function (transfer) { return transfer.stored ? hip.bytes(transfer.stored) : ''; },
    failed: function () { return ''; },
    cancelled: function () { return gettext('Cancelled. The image has no data.'); },
    kept: function () { return gettext('The image is kept without data. Retry uploads the same file. To upload another file, use Upload Data in the image\'s menu.'); },
    deleting: function () { return gettext('Deleting…'); },
    deleted: function () { return gettext('Deleted.'); }
  };

  // For those who hear the page: changes of state, nothing in between.
  function newsOf(transfer) {
    switch (transfer.state) {
    case 'waiting': return gettext('%(image)s is waiting.');
    case 'busy': return gettext('%(image)s is waiting: the dashboard is at its upload limit.');
    case 'sending': return gettext('%(image)s is being uploaded.');
    case 'asking': return gettext('%(image)s: the connection was lost.');
    case 'storing': return gettext('%(image)s is uploaded and being processed.');
    case 'importing': return transfer.file ? gettext('The image service is importing %(image)s.') : gettext('The image service is downloading the data of %(image)s.');
    case 'verifying': return gettext('%(image)s is being compared with the expected checksum.');
    case 'done': return gettext('%(image)s is active.');
    case 'cancelled': return gettext('%(image)s was cancelled.');
    case 'deleted': return gettext('%(image)s was deleted.');
    default: return '';
    }
  }

  hip.dockWords = {
    line: function (transfer) { return LINES[transfer.state](transfer); },
    // Empty where an alert says it.
    news: function (transfer) { return interpolate(newsOf(transfer), {image: hip.isolated(transfer.name)}, true); }
  };
}());
