// SPDX-License-Identifier: Apache-2.0
// Where a disk is empty: it is read once, piece by piece, in bounded memory.
(function () {
  'use strict';

  // As QCOW2's, for which this looks.
  var CLUSTER = 65536;
  var PIECE = 256 * CLUSTER;
  // Pieces that are read at the same time.
  var AT_ONCE = 3;
  var SAMPLES = 64;
  // Gaps that are shorter are sent: a file of too many parts takes the browser long.
  var SHORTEST_GAP = 16;
  var MOST_PARTS = 50000;
  var hip = horizon.helionImages;

  function isEmpty(bytes, from, to) {
    var words = new Uint32Array(bytes.buffer, from, (to - from) >> 2), i;
    for (i = 0; i < words.length; i += 1) {
      if (words[i]) {
        return false;
      }
    }
    return bytes.subarray(from + words.length * 4, to).every(function (byte) { return byte === 0; });
  }

  // Resolves to the share of the file that seems to be empty, by a few small pieces of it.
  function share(file) {
    var clusters = Math.ceil(file.size / CLUSTER), places = [], i;
    for (i = 0; i < Math.min(SAMPLES, clusters); i += 1) {
      places.push(Math.floor(i * clusters / Math.min(SAMPLES, clusters)) * CLUSTER);
    }
    return Promise.all(places.map(function (at) {
      return hip.filePiece(file, at, CLUSTER).then(function (piece) { return isEmpty(piece.bytes, 0, piece.bytes.length); });
    })).then(function (found) {
      return found.filter(Boolean).length / (found.length || 1);
    });
  }

  // Whether each cluster of the piece has data.
  function clustersOf(bytes) {
    var found = [], at;
    for (at = 0; at < bytes.length; at += CLUSTER) {
      found.push(!isEmpty(bytes, at, Math.min(at + CLUSTER, bytes.length)));
    }
    return found;
  }

  // Takes clusters in order, and knows the parts with data: [first, the one after the last].
  function Parts(clusters) {
    this.gap = Math.max(SHORTEST_GAP, Math.ceil(clusters / MOST_PARTS));
    this.found = [];
    this.at = 0;
  }

  Parts.prototype.take = function (hasData) {
    var last = this.found[this.found.length - 1];
    if (hasData && last && this.at - last[1] < this.gap) {
      last[1] = this.at + 1;
    } else if (hasData) {
      this.found.push([this.at, this.at + 1]);
    }
    this.at += 1;
  };

  // Rejects where the file has become shorter.
  function read(file, at) {
    return hip.filePiece(file, at, PIECE).then(function (piece) {
      if (piece.bytes.length !== Math.min(PIECE, file.size - at)) {
        throw new Error('The file has changed.');
      }
      return piece;
    });
  }

  // Resolves to the parts with data, in clusters; null when `watch.isStopped`. Rejects if the file
  // cannot be read. watch.progress(share) hears of each piece.
  function find(file, watch) {
    var pieces = Math.ceil(file.size / PIECE), parts = new Parts(Math.ceil(file.size / CLUSTER)), next = 0, waiting = [];
    function ahead() {
      while (waiting.length < AT_ONCE && next < pieces) {
        waiting.push(read(file, next * PIECE));
        // After the first failure nobody waits for the others.
        waiting[waiting.length - 1].catch(function () {});
        next += 1;
      }
    }
    function step() {
      ahead();
      if (!waiting.length || watch.isStopped) {
        return watch.isStopped ? null : parts.found;
      }
      return waiting.shift().then(function (piece) {
        clustersOf(piece.bytes).forEach(function (hasData) { parts.take(hasData); });
        watch.progress(Math.min(1, parts.at * CLUSTER / file.size));
        return step();
      });
    }
    return Promise.resolve().then(step);
  }

  Object.assign(hip, {emptyShare: share, partsWithData: find});
}());
