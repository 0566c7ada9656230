// SPDX-License-Identifier: Apache-2.0
// Compressed files and archives, and the images that are archives by nature.
(function () {
  'use strict';

  var BLOCK = 512;
  // What decides is one of the first entries.
  var MOST_ENTRIES = 8;
  var hip = horizon.helionImages;

  // Those that the dashboard decompresses, as transfers/decompression.py.
  var DECOMPRESSIBLE = ['1f8b', 'fd377a585a00', '425a68', '28b52ffd'];

  // What is in such a file, by its name without the last ending.
  function inner(file) {
    var name = String(file.name || '').toLowerCase().replace(/\.[^.]*$/, ''), ending = name.slice(name.lastIndexOf('.') + 1);
    return ending === 'img' ? 'raw' : ['qcow2', 'raw', 'vmdk', 'vhd', 'vhdx', 'vdi', 'iso'].find(function (format) {
      return format === ending;
    }) || '';
  }

  function compressed(head, file) {
    var signatures = {
      '1f8b': 'gzip', 'fd377a585a00': 'xz', '504b0304': 'ZIP', '504b0506': 'ZIP', '425a68': 'bzip2',
      '28b52ffd': 'Zstandard', '502a4d18': 'Zstandard', '377abcaf271c': '7-Zip', '04224d18': 'LZ4', '02214c18': 'LZ4',
      '5d0000': 'LZMA', '4c5a4950': 'lzip', '894c5a4f': 'lzop', '1f9d': 'compress', '526172211a07': 'RAR'
    };
    var found = Object.keys(signatures).find(function (signature) {
      return head.hex(0, signature.length / 2) === signature;
    }), decompressible = DECOMPRESSIBLE.indexOf(found) >= 0;
    return found && {
      format: decompressible ? inner(file) : '',
      bySuffix: true,
      label: signatures[found],
      compressed: true,
      decompressible: decompressible,
      warning: gettext('This is a compressed file. Extract it first: the image service stores the file as it is.')
    };
  }

  // Entries of OCI layouts, of `docker save`, and of those that write the layers first, such as
  // `skopeo copy … docker-archive:`, `podman save`, crane, ko, Kaniko and Jib.
  var DOCKER = new RegExp('^(manifest\\.json|repositories|oci-layout|index\\.json|blobs(/|$)|' +
    '(sha256:)?[0-9a-f]{64}(/|\\.json$|\\.tar(\\.gz|\\.zst)?$|$))');

  function plain(text) {
    return text.replace(/\0[^]*$/, '').replace(/^(\.\/)+/, '');
  }

  // A name that is too long for its field stands in an entry of its own before it: of GNU's
  // tar, or as an attribute.
  function longName(block, data) {
    var path = block.text(156, 1) === 'L' ? ['', data] : block.text(156, 1) === 'x' && data.match(/^\d+ path=(.*)$/m);
    return path ? plain(path[1]) : '';
  }

  function size(block) {
    return parseInt(block.text(124, 12), 8) || 0;
  }

  // Folders, and entries with the attributes of the next one, decide nothing.
  function decides(block) {
    return block.text(156, 1).match(/[5xgLK]/) ? DOCKER.test(plain(block.text(0, 100))) : true;
  }

  function tar(head, file) {
    if (!head.has(257, 'ustar')) {
      return null;
    }
    return firstEntry(file, 0, MOST_ENTRIES, '').then(function (first) {
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

  // Resolves to the name of the first entry that decides; empty without one. `given` is its long
  // name, if the entry before it had that.
  function firstEntry(file, at, left, given) {
    return hip.filePiece(file, at, 3 * BLOCK).then(function (block) {
      if (!left || block.bytes.length < BLOCK || !block.has(257, 'ustar')) {
        return '';
      }
      return decides(block) ? given || plain(block.text(0, 100)) :
        firstEntry(file, at + BLOCK + Math.ceil(size(block) / BLOCK) * BLOCK, left - 1,
          longName(block, block.text(BLOCK, Math.min(size(block), 2 * BLOCK))));
    });
  }

  hip.fileLooks = Object.assign(hip.fileLooks || {}, {compressed: compressed, tar: tar});
}());
