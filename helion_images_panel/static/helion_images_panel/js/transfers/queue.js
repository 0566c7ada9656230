// SPDX-License-Identifier: Apache-2.0
// The transfers of this page: two in flight, the others wait for their turn.
(function () {
  'use strict';

  var IN_FLIGHT = 2;
  var hip = horizon.helionImages;
  var transfers = [];
  var held = 0;

  // "hip:transfer" is sent for every change of every transfer.
  function changed(transfer) {
    advance();
    document.dispatchEvent(new CustomEvent('hip:transfer', {detail: transfer}));
  }

  function next() {
    var flying = transfers.filter(function (transfer) { return transfer.isInFlight(); }).length;
    return transfers.find(function (transfer) {
      return !held && transfer.state === 'waiting' && !transfer.isPublishing() &&
        (!transfer.file || flying < IN_FLIGHT);
    });
  }

  // Whoever begins changes, and so comes back here: each looks anew.
  function advance() {
    var transfer = next();
    while (transfer) {
      transfer.begin();
      transfer = next();
    }
  }

  // steps: the dashboard's answer to a form. file: the person's, or null.
  function add(steps, file) {
    // Upload Data takes an image up again that failed before.
    transfers.filter(function (transfer) { return transfer.id === steps.id; }).forEach(drop);
    transfers.push(new hip.Transfer(steps, file || null, changed));
    changed(transfers[transfers.length - 1]);
    transfers[transfers.length - 1].publish();
  }

  function drop(transfer) {
    transfer.halt();
    transfers = transfers.filter(function (other) { return other !== transfer; });
    changed(transfer);
  }

  // Nothing begins until as often released: images that are still being made
  // are not to stand in line behind the bytes of the first one.
  function hold() {
    held += 1;
  }

  function release() {
    held -= 1;
    advance();
  }

  function needsPage() {
    return transfers.some(function (transfer) { return transfer.needsPage(); });
  }

  // Of all files together: bytes sent and to send, and bytes per second.
  function total() {
    var sum = {sent: 0, size: 0, speed: 0};
    transfers.forEach(function (transfer) {
      if (transfer.needsPage() || (transfer.file && transfer.is('done', 'verifying', 'importing'))) {
        sum.sent += transfer.is('done', 'verifying', 'importing') ? transfer.size : transfer.sent;
        sum.size += transfer.size;
        sum.speed += transfer.state === 'sending' ? transfer.speed : 0;
      }
    });
    return sum;
  }

  // Whether the person is asked before the page is left.
  function holdsPage() {
    return needsPage() || hip.isChecking() || transfers.some(function (transfer) { return transfer.isPublishing(); });
  }

  window.addEventListener('beforeunload', function (event) {
    if (holdsPage()) {
      event.preventDefault();
      event.returnValue = '';
    }
  });

  // A download would be asked about too, though it leaves nothing: it opens
  // apart from the page, and with it what the dashboard says if it refuses.
  document.addEventListener('click', function (event) {
    var link = event.target.closest('a[data-hip-download]');
    if (link) {
      link.target = needsPage() ? '_blank' : '';
    }
  }, true);

  hip.queue = {
    add: add,
    drop: drop,
    hold: hold,
    release: release,
    all: function () { return transfers; },
    needsPage: needsPage,
    holdsPage: holdsPage,
    total: total
  };
}());
