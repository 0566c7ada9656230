// SPDX-License-Identifier: Apache-2.0
// Disk images in formats of their own: the size of the disk, and what the image
// service does not accept of them. `problem` is its kind, as of the dashboard's
// own inspection; `command` converts the file into one that is accepted.
(function () {
  'use strict';

  var SECTOR = 512;
  var HEAD_BYTES = 36864;
  var hip = horizon.helionImages;

  function needsParent(found) {
    return Object.assign(found, {problem: 'reference',
      warning: gettext('This disk contains only the differences from its parent disk. Merge it with the parent first.')});
  }

  // Bits of QCOW2's version 3 that the image service knows.
  var KNOWN_FEATURES = 0x0f, EXTERNAL_DATA = 4;

  function qcow2(head) {
    var found, version;
    if (!head.has(0, 'QFI\xfb')) {
      return null;
    }
    version = head.u32(4, true);
    found = {format: 'qcow2', label: 'QCOW2', virtualBytes: head.u64(24, true)};
    if (version === 1) {
      return Object.assign(found, {label: 'QCOW', problem: 'unsafe', command: hip.convertCommand('qcow'),
        warning: gettext('This is version 1 of QCOW, which the image service does not accept.')});
    }
    if (head.u64(8, true)) {
      Object.assign(found, {problem: 'reference', command: hip.convertCommand(),
        warning: gettext('This disk needs another file, its backing file.')});
    } else if (version >= 3 && head.u32(76, true) & EXTERNAL_DATA) {
      Object.assign(found, {problem: 'reference', command: hip.convertCommand(),
        warning: gettext('This disk stores its data in another file.')});
    }
    if (version > 3 || (version === 3 && (head.u32(72, true) || (head.u32(76, true) & ~KNOWN_FEATURES)))) {
      Object.assign(found, {problem: 'unsafe', command: hip.convertCommand(),
        warning: gettext('This disk uses features of QCOW2 that the image service does not accept, such as extended L2 entries.')});
    }
    return found;
  }

  function qed(head) {
    return head.has(0, 'QED\0') ? {
      format: 'qed', label: 'QED', virtualBytes: head.u64(48), problem: 'unsafe', command: hip.convertCommand('qed'),
      warning: gettext('This is a QED disk, which the image service does not accept.')
    } : null;
  }

  // Disks in one file; all others need the files beside them.
  var WHOLE_VMDK = ['monolithicsparse', 'streamoptimized'];

  function vmdkPart() {
    return {problem: 'unsafe', command: hip.convertCommand('vmdk'),
      warning: gettext('This file is only one part of a disk. Use the file that describes the disk, with all parts in one folder.')};
  }

  function vmdk(head, file) {
    if (head.has(0, 'COWD')) {
      return Object.assign({format: 'vmdk', label: 'VMDK', virtualBytes: head.u32(12) * SECTOR}, vmdkPart());
    }
    if (head.has(0, '# Disk DescriptorFile')) {
      return vmdkDescriptor(head);
    }
    return head.has(0, 'KDMV') ? vmdkSparse(head, file) : null;
  }

  function vmdkDescriptor(head) {
    var found = {format: 'vmdk', label: 'VMDK', virtualBytes: 0, problem: 'unsafe', command: hip.convertCommand('vmdk'),
      warning: gettext('This file only describes a disk; the data is in other files. Keep them in one folder.')};
    head.text(0, HEAD_BYTES).replace(/^(?:RW|RDONLY|NOACCESS) (\d+) /gm, function (_line, sectors) {
      found.virtualBytes += Number(sectors) * SECTOR;
      return '';
    });
    return found;
  }

  // As transfers/parents.py: without a parent, its content ID is all ones.
  var PARENT = /parentfilenamehint(?!="")|parentcid\s*=\s*(?!f{8})\w/i;

  // The description stands in the second sector; parts of a disk have none.
  function vmdkSparse(head, file) {
    var found = {format: 'vmdk', label: 'VMDK', virtualBytes: head.u64(12) * SECTOR};
    if (head.u64(28) !== 1) {
      return Object.assign(found, vmdkPart());
    }
    return hip.filePiece(file, SECTOR, Math.min(head.u64(36) * SECTOR, HEAD_BYTES)).then(function (description) {
      var kind = description.text(0, HEAD_BYTES).match(/createType="([^"]*)"/i);
      if (!kind || WHOLE_VMDK.indexOf(kind[1].toLowerCase()) < 0) {
        return Object.assign(found, vmdkPart());
      }
      return PARENT.test(head.text(0, 21 * SECTOR) + description.text(0, HEAD_BYTES)) ? needsParent(found) : found;
    });
  }

  function vhdFooter(footer) {
    var found;
    if (!footer.has(0, 'conectix')) {
      return null;
    }
    found = {format: 'vhd', label: 'VHD', virtualBytes: footer.u64(48, true)};
    if (footer.u32(60, true) === 4) {
      needsParent(found);
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
      hip.filePiece(file, file.size - SECTOR, SECTOR).then(vhdFooter).then(function (found) {
        return found && {
          format: 'raw',
          label: gettext('Fixed-size VHD'),
          virtualBytes: file.size,
          command: 'qemu-img convert -f vpc -O vpc -o subformat=dynamic,force_size FILE NEW.vhd',
          warning: gettext('The image service takes a fixed-size VHD as Raw: its last 512 bytes, the footer, become a part of the disk. A dynamic VHD has no such part.')
        };
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
    return hip.filePiece(file, 196608, 65536).then(function (regions) {
      var at = find(regions, 16, regions.u32(8), VHDX_METADATA), start = regions.u64(at + 16);
      return hip.filePiece(file, start, 65536).then(function (table) {
        var count = table.view.getUint16(10, true), size = find(table, 32, count, VHDX_SIZE),
          parameters = find(table, 32, count, VHDX_PARAMETERS);
        return Promise.all([
          hip.filePiece(file, start + table.u32(size + 16), 8),
          hip.filePiece(file, start + table.u32(parameters + 16), 8)
        ]);
      });
    }).then(function (items) {
      found.virtualBytes = items[0].u64(0);
      if (items[1].u32(4) & 2) {
        needsParent(found);
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
    var found = head.bytes.length > 0x178 && head.u32(64) === 0xbeda107f ?
      {format: 'vdi', label: 'VDI', virtualBytes: head.u64(0x170)} : null;
    return found && [3, 4].indexOf(head.u32(76)) >= 0 ? needsParent(found) : found;
  }

  function ploop(head) {
    return head.has(0, 'WithoutFreeSpace') || head.has(0, 'WithouFreSpacExt') ?
      {format: 'ploop', label: 'PLOOP', virtualBytes: null} : null;
  }

  function luks(head, file) {
    var found = {format: 'raw', label: gettext('Raw (encrypted)'), virtualBytes: file.size};
    if (!head.has(0, 'LUKS\xba\xbe')) {
      return null;
    }
    if (head.view.getUint16(6) !== 1) {
      Object.assign(found, {problem: 'unsafe', command: hip.convertCommand('raw'),
        warning: gettext('This disk is encrypted with LUKS version 2. The image service accepts only version 1.')});
    }
    return found;
  }

  hip.fileLooks = Object.assign(hip.fileLooks || {}, {
    qcow2: qcow2, qed: qed, vmdk: vmdk, vhd: vhd, vhdx: vhdx, vdi: vdi, ploop: ploop, luks: luks, fixedVhd: fixedVhd
  });
}());
