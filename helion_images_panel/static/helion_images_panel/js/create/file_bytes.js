// SPDX-License-Identifier: Apache-2.0
// Pieces of a file, and the numbers and texts in them.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  // Reading past the end is an error.
  function Piece(buffer) {
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
  }

  Piece.prototype.u32 = function (at, bigEndian) {
    return this.view.getUint32(at, !bigEndian);
  };

  // Exact up to 2^53, which no disk reaches.
  Piece.prototype.u64 = function (at, bigEndian) {
    var high = this.u32(bigEndian ? at : at + 4, bigEndian), low = this.u32(bigEndian ? at + 4 : at, bigEndian);
    return high * 4294967296 + low;
  };

  Piece.prototype.text = function (at, length) {
    return String.fromCharCode.apply(null, this.bytes.subarray(at, at + length));
  };

  Piece.prototype.hex = function (at, length) {
    return Array.prototype.map.call(this.bytes.subarray(at, at + length), function (byte) {
      return ('0' + byte.toString(16)).slice(-2);
    }).join('');
  };

  Piece.prototype.has = function (at, text) {
    return this.text(at, text.length) === text;
  };

  function piece(file, at, length) {
    return file.slice(at, at + length).arrayBuffer().then(function (buffer) { return new Piece(buffer); });
  }

  // The files of which this page has made others.
  var origins = new WeakMap();

  // Resolves to whether the file can still be read: browsers read no file that
  // was changed or removed after it was chosen.
  function isReadable(file) {
    return piece(origins.get(file) || file, 0, 1).then(function () { return true; }, function () { return false; });
  }

  hip.filePiece = piece;
  hip.isReadable = isReadable;
  hip.fileOrigins = origins;
  hip.fileChanged = function () { return gettext('The file has changed. Choose it again.'); };
}());
