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
      return fill(gettext('Sent %(sent)s of %(size)s. Nothing has moved for %(still)s.'), values);
    }
    if (!values.left) {
      return transfer.stored === null ? fill(gettext('Sent %(sent)s of %(size)s'), values) :
        fill(gettext('Sent %(sent)s of %(size)s, stored %(stored)s'), values);
    }
    return transfer.stored === null ?
      fill(gettext('Sent %(sent)s of %(size)s, %(speed)s/s, %(left)s left'), values) :
      fill(gettext('Sent %(sent)s of %(size)s, stored %(stored)s, %(speed)s/s, %(left)s left'), values);
  }

  // How much Glance has fetched nobody is told, only what it has stored of it.
  function importing(transfer) {
    if (!transfer.stored) {
      return gettext('The image service fetches the image. You may leave this page.');
    }
    return fill(gettext('The image service has stored %(stored)s. You may leave this page.'),
      {stored: hip.bytes(transfer.stored)});
  }

  var LINES = {
    waiting: function () { return gettext('Waits for its turn.'); },
    busy: function () { return gettext('The dashboard is busy with other uploads; yours starts by itself.'); },
    settling: function () { return gettext('The image service still lets go of the data that came before.'); },
    sending: sending,
    asking: function (transfer) {
      return transfer.standstill || gettext('The connection broke. Asking what has arrived.');
    },
    storing: function (transfer) {
      return transfer.standstill || gettext('All sent. The image service is finishing.');
    },
    importing: importing,
    verifying: function () { return gettext('All is there. It is being compared with the expected checksum.'); },
    done: function (transfer) { return transfer.stored ? hip.bytes(transfer.stored) : ''; },
    failed: function () { return ''; },
    cancelled: function () { return gettext('Cancelled. The image has no data.'); },
    kept: function () { return gettext('Kept without data. Retry sends the same file; Upload Data in the menu of the image takes any.'); },
    removing: function () { return gettext('Being removed.'); },
    removed: function () { return gettext('Removed.'); }
  };

  // For those who hear the page: changes of state, nothing in between.
  function newsOf(state) {
    switch (state) {
    case 'waiting': return gettext('%s waits for its turn.');
    case 'busy': return gettext('%s waits: the dashboard is busy with other uploads.');
    case 'sending': return gettext('%s is being sent.');
    case 'asking': return gettext('%s: the connection broke.');
    case 'storing': return gettext('%s is all sent. The image service is finishing.');
    case 'importing': return gettext('%s is being fetched by the image service.');
    case 'verifying': return gettext('%s is being compared with the expected checksum.');
    case 'done': return gettext('%s is active.');
    case 'cancelled': return gettext('%s is cancelled.');
    case 'removed': return gettext('%s is removed.');
    default: return '';
    }
  }

  hip.dockWords = {
    line: function (transfer) { return LINES[transfer.state](transfer); },
    // Empty where an alert says it.
    news: function (transfer) { return interpolate(newsOf(transfer.state), [transfer.name]); }
  };
}());
