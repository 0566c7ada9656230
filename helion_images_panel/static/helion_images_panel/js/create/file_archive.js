// SPDX-License-Identifier: Apache-2.0
// Compressed files and archives, and the images that are archives by nature.
(function () {
  'use strict';

  var BLOCK = 512;
  // What decides is one of the first entries.
  var MOST_ENTRIES = 8;
  var hip = horizon.helionImages;

  function compressed(head) {
    var signatures = {
      '1f8b': 'gzip', 'fd377a585a00': 'xz', '504b0304': 'ZIP', '425a68': 'bzip2',
      '28b52ffd': 'Zstandard', '377abcaf271c': '7-Zip', '04224d18': 'LZ4'
    };
    var found = Object.keys(signatures).find(function (signature) {
      return head.hex(0, signature.length / 2) === signature;
    });
    return found && {
      label: signatures[found],
      compressed: true,
      warning: gettext('This is a compressed file. Extract it first: the image service stores the file as it is.')
    };
  }

  // Entries of OCI layouts, of `docker save`, and of `skopeo copy … docker-archive:` and
  // `podman save`, which write the layers first.
  var DOCKER = /^(manifest\.json|repositories|oci-layout|index\.json|blobs(\/|$)|[0-9a-f]{64}(\/|\.json$|\.tar$|$))/;

  function name(block) {
    return block.text(0, 100).replace(/\0[^]*$/, '').replace(/^(\.\/)+/, '');
  }

  function size(block) {
    return parseInt(block.text(124, 12), 8) || 0;
  }

  // Folders, and entries with the attributes of the next one, decide nothing.
  function decides(block) {
    return block.text(156, 1).match(/[5xgLK]/) ? DOCKER.test(name(block)) : true;
  }

  function tar(head, file) {
    if (!head.has(257, 'ustar')) {
      return null;
    }
    return firstEntry(file, 0, MOST_ENTRIES).then(function (first) {
      // An OVA begins with the description of the machine.
      if (/\.ovf$/i.test(first)) {
        return {format: 'ova', label: 'OVA', virtualBytes: null};
      }
      if (DOCKER.test(first)) {
        return {format: 'docker', label: 'Docker', virtualBytes: null};
      }
      return {label: gettext('tar archive'), compressed: true,
        warning: gettext('This is an archive. Extract it first: the image service stores the file as it is.')};
    });
  }

  // Resolves to the name of the first entry that decides; empty without one.
  function firstEntry(file, at, left) {
    return hip.filePiece(file, at, BLOCK).then(function (block) {
      if (!left || block.bytes.length < BLOCK || !block.has(257, 'ustar')) {
        return '';
      }
      return decides(block) ? name(block) :
        firstEntry(file, at + BLOCK + Math.ceil(size(block) / BLOCK) * BLOCK, left - 1);
    });
  }

  hip.fileLooks = Object.assign(hip.fileLooks || {}, {compressed: compressed, tar: tar});
}());
