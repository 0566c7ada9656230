// SPDX-License-Identifier: Apache-2.0
// What a file is, by its own bytes: its format, the size of the disk in it,
// and what speaks against it as an image.
(function () {
  'use strict';

  // Enough for all that stands at a fixed place near the beginning.
  var HEAD_BYTES = 36864;
  var SECTOR = 512;
  var hip = horizon.helionImages;

  // Each look takes the file's head and the file, and answers what it finds:
  // {format, label, virtualBytes, warning, problem, command, compressed,
  // bySuffix, isKernel}, a promise of that, or nothing where the file is none of its own.

  // The volume may be smaller than the file: partitions can be appended.
  function iso(head, file) {
    return isDisc(head) ? {
      format: 'iso', label: 'ISO 9660',
      virtualBytes: Math.max(file.size, head.has(32769, 'CD001') ? head.u32(32848) * head.view.getUint16(32896, true) : 0)
    } : null;
  }

  function isDisc(head) {
    return ['CD001', 'NSR02', 'NSR03'].some(function (name) { return head.has(32769, name); });
  }

  function udf(head, file) {
    return head.has(32769, 'BEA01') ? {
      format: 'raw', label: gettext('UDF file system'), virtualBytes: file.size,
      warning: gettext('The image service does not recognize this disc as ISO, and takes it as Raw.')
    } : null;
  }

  // File systems whose first sector ends as that of a disk with partitions.
  function fileSystem(head) {
    if (head.has(3, 'NTFS    ')) {
      return 'NTFS';
    }
    if (head.has(3, 'EXFAT   ')) {
      return 'exFAT';
    }
    return head.has(54, 'FAT12   ') || head.has(54, 'FAT16   ') || head.has(82, 'FAT32   ') ? 'FAT' : '';
  }

  // As the image service: what is a hard disk's FAT it leaves alone.
  function hasPartitions(head) {
    return head.hex(510, 2) === '55aa' && !(head.bytes[16] === 2 && head.bytes[21] === 0xf8);
  }

  function isValidTable(head) {
    var used = [], gpt = false, i, at;
    for (i = 0; i < 4; i += 1) {
      at = 446 + 16 * i;
      if (head.bytes[at] & 0x7f) {
        return false;
      }
      if (head.bytes[at + 4]) {
        used.push(i);
      }
      if (head.bytes[at + 4] === 0xee) {
        gpt = true;
        if (head.hex(at + 1, 3) !== '000200' || head.u32(at + 8) !== 1) {
          return false;
        }
      }
    }
    return used.length > 0 && (!gpt || used.join() === '0');
  }

  function rawLabel(head) {
    var name = fileSystem(head);
    if (name) {
      return fileSystemLabel(name);
    }
    return head.has(SECTOR, 'EFI PART') ? gettext('Raw disk with GPT partitions') :
      gettext('Raw disk with a boot sector');
  }

  // Its first sector ends as that of a disk.
  function kernel(head) {
    return head.hex(510, 2) === '55aa' && head.has(514, 'HdrS') ? {
      format: 'aki', label: gettext('Linux kernel'), virtualBytes: null, isKernel: true,
      warning: gettext('A kernel is no disk: the image service takes it as AKI.')
    } : null;
  }

  function partitions(head, file) {
    var found = {format: 'raw', label: rawLabel(head), virtualBytes: file.size};
    if (head.hex(510, 2) !== '55aa') {
      return head.has(SECTOR, 'EFI PART') ? found : null;
    }
    return found;
  }

  // Of any file that the image service takes for a disk with partitions, such
  // as a fixed-size VHD.
  function tableProblem(head, found) {
    if (isValidTable(head)) {
      return {};
    }
    if (found && found.isKernel) {
      return {problem: 'unsafe', cause: 'mbr'};
    }
    return {
      problem: 'unsafe', cause: 'mbr', command: (found && found.command) || hip.convertCommand('raw'), warning: fileSystem(head) ?
        gettext('The image service does not accept a file system without a partition table as it is.') :
        gettext('The partition table in the first sector of the file is not valid.')
    };
  }

  // Those without such a sector.
  function bareFileSystem(head, file) {
    var name = [[1080, 'S\xef', 'ext2, ext3 or ext4'], [0, 'XFSB', 'XFS'], [0, 'hsqs', 'SquashFS']].find(function (each) {
      return head.has(each[0], each[1]);
    });
    return name ? {format: 'raw', label: fileSystemLabel(name[2]), virtualBytes: file.size} : null;
  }

  function fileSystemLabel(name) {
    // Translators: the name of a file system, such as XFS.
    return interpolate(gettext('%(kind)s file system without a partition table'), {kind: name}, true);
  }

  // Only where the content says nothing: it may be anything.
  function suffix(_head, file) {
    return /\.(img|raw)$/i.test(file.name) ?
      {format: 'raw', label: gettext('Raw'), virtualBytes: file.size, bySuffix: true} : null;
  }

  // The formats for which the image service would take the file, as its own
  // inspectors find them; "gpt" is any disk with partitions.
  function inspected(head, file) {
    var whole = head.bytes.length >= SECTOR;
    return Object.entries({
      qcow2: whole && head.has(0, 'QFI\xfb'),
      qed: whole && head.has(0, 'QED\0'),
      vhd: head.has(0, 'conectix'),
      vhdx: head.has(0, 'vhdxfile'),
      vmdk: head.has(0, 'KDMV') || (head.has(0, '# Disk DescriptorFile') && /createType="/i.test(head.text(0, HEAD_BYTES))),
      vdi: whole && head.u32(64) === 0xbeda107f,
      iso: file.size >= 34816 && isDisc(head),
      gpt: whole && hasPartitions(head),
      luks: head.has(0, 'LUKS\xba\xbe')
    }).filter(function (entry) { return entry[1]; }).map(function (entry) { return entry[0]; });
  }

  // An ISO may carry partitions, and a fixed VHD does.
  var LOOKS = ['compressed', 'qcow2', 'qed', 'vmdk', 'vhd', 'vhdx', 'vdi', 'luks', 'iso', 'ploop', 'tar',
    'fixedVhd', 'udf', 'kernel', 'partitions', 'bareFileSystem', 'suffix'];

  function looked(head, file) {
    return LOOKS.reduce(function (earlier, name) {
      return earlier.then(function (found) {
        return found || hip.fileLooks[name](head, file);
      }).catch(function () {
        return null;  // shorter than such a file is
      });
    }, Promise.resolve(null));
  }

  // Resolves to what the file is; without `inspected` where that is unknown.
  function content(file) {
    return hip.filePiece(file, 0, HEAD_BYTES).then(function (head) {
      return looked(head, file).then(function (found) {
        var names = inspected(head, file);
        return Object.assign({inspected: names}, found, names.join() === 'gpt' ? tableProblem(head, found) : {});
      });
    }).catch(function () {
      return null;
    }).then(function (found) {
      return Object.assign({format: '', label: '', virtualBytes: null, warning: ''}, found);
    });
  }

  // qemu-img finds out by itself what it reads if `from` is not given.
  function convertCommand(from) {
    return 'qemu-img convert ' + (from ? '-f ' + from + ' ' : '') + '-O qcow2 FILE NEW.qcow2';
  }

  hip.fileLooks = Object.assign(hip.fileLooks || {}, {
    iso: iso, udf: udf, kernel: kernel, partitions: partitions, bareFileSystem: bareFileSystem, suffix: suffix
  });
  hip.convertCommand = convertCommand;
  hip.content = content;
}());
