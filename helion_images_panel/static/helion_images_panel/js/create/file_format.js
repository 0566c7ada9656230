// SPDX-License-Identifier: Apache-2.0
// What a file is, by its own bytes: its format, the size of the disk in it,
// and what speaks against it as an image.
(function () {
  'use strict';

  // Enough for all that stands at a fixed place near the beginning.
  var HEAD_BYTES = 36864;
  var SECTOR = 512;
  var hip = horizon.helionImages;

  // Bytes of a file with the numbers in them. Reading past the end is an error.
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

  // Each look takes the file's head and the file, and answers what it finds:
  // {format, label, virtualBytes, warning, compressed, bySuffix}, a promise of
  // that, or nothing where the file is none of its own.

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

  function qcow2(head) {
    var found;
    if (!head.has(0, 'QFI\xfb')) {
      return null;
    }
    found = {format: 'qcow2', label: 'QCOW2', virtualBytes: head.u64(24, true)};
    if (head.u64(8, true)) {
      found.warning = gettext('This disk needs another file, its backing file. Convert it to a standalone image first (qemu-img convert).');
    } else if (head.u32(4, true) >= 3 && head.u32(76, true) & 4) {
      found.warning = gettext('This disk stores its data in another file. Convert it to a standalone image first (qemu-img convert).');
    }
    return found;
  }

  function vmdk(head) {
    var found;
    if (head.has(0, 'COWD')) {
      return {format: 'vmdk', label: 'VMDK', virtualBytes: head.u32(12) * SECTOR};
    }
    if (head.has(0, 'KDMV')) {
      return {format: 'vmdk', label: 'VMDK', virtualBytes: head.u64(12) * SECTOR};
    }
    if (!head.has(0, '# Disk DescriptorFile')) {
      return null;
    }
    found = {format: 'vmdk', label: 'VMDK', virtualBytes: 0};
    head.text(0, HEAD_BYTES).replace(/^(?:RW|RDONLY|NOACCESS) (\d+) /gm, function (_line, sectors) {
      found.virtualBytes += Number(sectors) * SECTOR;
      return '';
    });
    found.warning = gettext('This file only describes a disk; the data is in other files. Convert it to a standalone image first (qemu-img convert).');
    return found;
  }

  function vhdFooter(footer) {
    var found;
    if (!footer.has(0, 'conectix')) {
      return null;
    }
    found = {format: 'vhd', label: 'VHD', virtualBytes: footer.u64(48, true)};
    if (footer.u32(60, true) === 4) {
      found.warning = gettext('This disk contains only the differences from its parent disk. Merge it with the parent first.');
    }
    return found;
  }

  // A dynamic disk begins with a copy of its footer.
  function vhd(head) {
    return vhdFooter(head);
  }

  // A fixed one is raw data with the footer behind. The image service reads
  // only beginnings, and takes it for a raw disk.
  function fixedVhd(_head, file) {
    return file.size % SECTOR || file.size < 2 * SECTOR ? null :
      piece(file, file.size - SECTOR, SECTOR).then(vhdFooter).then(function (found) {
        return found && Object.assign(found, {
          label: gettext('Fixed-size VHD'),
          warning: gettext('The image service treats a fixed-size VHD as a raw disk. Convert it first (qemu-img convert).')
        });
      });
  }

  // GUIDs as they stand in the file.
  var VHDX_METADATA = '06a27c8b90479a4bb8fe575f050f886e';
  var VHDX_SIZE = '2442a52f1bcd7648b2115dbed83bf4b8';
  var VHDX_PARAMETERS = '3767a1ca36fa434db3b633f0aa44e76b';

  function vhdx(head, file) {
    var found = {format: 'vhdx', label: 'VHDX', virtualBytes: null};
    if (!head.has(0, 'vhdxfile')) {
      return null;
    }
    return piece(file, 196608, 65536).then(function (regions) {
      var at = find(regions, 16, regions.u32(8), VHDX_METADATA), start = regions.u64(at + 16);
      return piece(file, start, 65536).then(function (table) {
        var count = table.view.getUint16(10, true), size = find(table, 32, count, VHDX_SIZE),
          parameters = find(table, 32, count, VHDX_PARAMETERS);
        return Promise.all([
          piece(file, start + table.u32(size + 16), 8),
          piece(file, start + table.u32(parameters + 16), 8)
        ]);
      });
    }).then(function (items) {
      found.virtualBytes = items[0].u64(0);
      if (items[1].u32(4) & 2) {
        found.warning = gettext('This disk contains only the differences from its parent disk. Merge it with the parent first.');
      }
      return found;
    }).catch(function () {
      return found;
    });
  }

  // Where the entry of this GUID stands in a table of entries of 32 bytes.
  function find(table, first, count, guid) {
    var i;
    for (i = 0; i < Math.min(count, 2047); i += 1) {
      if (table.hex(first + i * 32, 16) === guid) {
        return first + i * 32;
      }
    }
    throw new Error('no entry ' + guid);
  }

  function vdi(head) {
    return head.bytes.length > 0x178 && head.u32(64) === 0xbeda107f ?
      {format: 'vdi', label: 'VDI', virtualBytes: head.u64(0x170)} : null;
  }

  function iso(head) {
    return head.has(32769, 'CD001') ?
      {format: 'iso', label: 'ISO 9660', virtualBytes: head.u32(32848) * head.view.getUint16(32896, true)} : null;
  }

  function ploop(head) {
    return head.has(0, 'WithoutFreeSpace') || head.has(0, 'WithouFreSpacExt') ?
      {format: 'ploop', label: 'PLOOP', virtualBytes: null} : null;
  }

  // An OVA is a tar whose first file describes the machine.
  function tar(head) {
    var first = head.text(0, 100).replace(/\0[^]*$/, '');
    if (!head.has(257, 'ustar')) {
      return null;
    }
    if (/\.ovf$/i.test(first)) {
      return {format: 'ova', label: 'OVA', virtualBytes: null};
    }
    if (/^(manifest\.json|repositories|oci-layout|index\.json|blobs\/|[0-9a-f]{64}(\/|\.json$))/.test(first)) {
      return {format: 'docker', label: 'Docker', virtualBytes: null};
    }
    return {label: gettext('tar archive'), compressed: true,
      warning: gettext('This is an archive. Extract it first: the image service stores the file as it is.')};
  }

  function partitions(head, file) {
    if (head.has(SECTOR, 'EFI PART')) {
      return {format: 'raw', label: gettext('Raw disk with GPT partitions'), virtualBytes: file.size};
    }
    if (head.hex(510, 2) === '55aa') {
      return {format: 'raw', label: gettext('Raw disk with a boot sector'), virtualBytes: file.size};
    }
    return null;
  }

  // Only where the content says nothing: it may be anything.
  function suffix(_head, file) {
    return /\.(img|raw)$/i.test(file.name) ?
      {format: 'raw', label: gettext('Raw'), virtualBytes: file.size, bySuffix: true} : null;
  }

  // An ISO may carry partitions, and a fixed VHD does.
  var LOOKS = [compressed, qcow2, vmdk, vhd, vhdx, vdi, iso, ploop, tar, fixedVhd, partitions, suffix];

  // Resolves to what the file is; {} where nobody can tell.
  function content(file) {
    return piece(file, 0, HEAD_BYTES).then(function (head) {
      return LOOKS.reduce(function (earlier, look) {
        return earlier.then(function (found) {
          return found || look(head, file);
        }).catch(function () {
          return null;  // shorter than such a file is
        });
      }, Promise.resolve(null));
    }).catch(function () {
      return null;
    }).then(function (found) {
      return Object.assign({format: '', label: '', virtualBytes: null, warning: ''}, found);
    });
  }

  hip.content = content;
}());
