// SPDX-License-Identifier: Apache-2.0
// What a file is, by its own bytes: each format from a file made here, byte by
// byte, as its specification says.
import assert from 'node:assert/strict';
import {File} from 'node:buffer';
import {before, test} from 'node:test';
import {openPage} from './page.js';

const GIB = 1024 ** 3, SECTOR = 512;
const SCRIPTS = ['base/namespace.js', ...['archive', 'bytes', 'disk', 'format', 'verdict'].map((name) => `create/file_${name}.js`)];
let content, verdict;

before(() => {
  ({content, contentVerdict: verdict} = openPage(SCRIPTS).horizon.helionImages);
});

// A file of so many bytes with these parts at their places: text, bytes as hex,
// or numbers by u32, u64 and their big-endian brothers.
function file(size, parts, name = 'disk') {
  const bytes = Buffer.alloc(size);
  for (const [at, part] of parts) {
    (part instanceof Buffer ? part : Buffer.from(part, 'latin1')).copy(bytes, at);
  }
  return new File([bytes], name);
}

const hex = (digits) => Buffer.from(digits, 'hex');
const number = (write, size) => (value) => {
  const made = Buffer.alloc(size);
  made[write](value);
  return made;
};
const u16 = number('writeUInt16LE', 2), u32 = number('writeUInt32LE', 4), u32be = number('writeUInt32BE', 4);
const u64 = (value) => number('writeBigUInt64LE', 8)(BigInt(value));
const u64be = (value) => number('writeBigUInt64BE', 8)(BigInt(value));

async function found(...given) {
  const {format, label, virtualBytes, warning} = await content(file(...given));
  return {format, label, virtualBytes, warns: Boolean(warning)};
}

test('QCOW2', async () => {
  const head = [[0, 'QFI\xfb'], [4, u32be(3)], [24, u64be(10 * GIB)]];
  const whole = {format: 'qcow2', label: 'QCOW2', virtualBytes: 10 * GIB, warns: false};
  assert.deepEqual(await found(4096, head), whole);
  assert.deepEqual(await found(4096, [...head, [8, u64be(1024)]]), {...whole, warns: true}, 'a backing file');
  assert.deepEqual(await found(4096, [...head, [76, u32be(4)]]), {...whole, warns: true}, 'an external data file');
  assert.deepEqual(await found(4096, [...head, [4, u32be(2)], [76, u32be(4)]]), whole, 'version 2 has no such bit');
});

test('a QCOW2 file that ends within its head is none that can be told', async () => {
  assert.deepEqual(await found(20, [[0, 'QFI\xfb']]), {format: '', label: '', virtualBytes: null, warns: false});
});

function vmdk(kind) {
  return [[0, 'KDMV'], [4, u32(1)], [12, u64(4096)], [28, u64(1)], [36, u64(2)], [SECTOR, `createType="${kind}"\n`]];
}

test('VMDK', async () => {
  const disk = {format: 'vmdk', label: 'VMDK', virtualBytes: 4096 * SECTOR, warns: false};
  for (const kind of ['monolithicSparse', 'streamOptimized']) {
    assert.deepEqual(await found(4096, vmdk(kind)), disk);
  }
  const part = {...disk, warns: true};
  assert.deepEqual(await found(4096, vmdk('twoGbMaxExtentSparse')), part, 'of several files');
  assert.deepEqual(await found(4096, [[0, 'KDMV'], [12, u64(4096)]]), part, 'without a description');
  assert.deepEqual(await found(4096, [[0, 'COWD'], [12, u32(4096)]]), part, 'of ESX');
  const needs = async (line, at = SECTOR + 100) =>
    (await content(file(16384, [...vmdk('monolithicSparse'), [at, `${line}\n`]]))).problem;
  assert.equal(await needs('parentCID=ffffffff'), undefined, 'no parent');
  assert.equal(await needs('parentCID=12345678'), 'reference', 'the content of a parent');
  assert.equal(await needs('parentFileNameHint="base.vmdk"'), 'reference', 'the name of a parent');
  assert.equal(await needs('parentFileNameHint="base.vmdk"', 9000), 'reference', 'further on');
  const text = '# Disk DescriptorFile\nversion=1\nRW 4000 FLAT "a.vmdk" 0\nRDONLY 96 FLAT "b.vmdk" 0\n';
  assert.deepEqual(await found(text.length, [[0, text]]), {...disk, warns: true}, 'a description of other files');
});

function vhdFooter(kind) {
  return Buffer.concat([Buffer.from('conectix'), Buffer.alloc(40), u64be(2 * GIB), Buffer.alloc(4), u32be(kind), Buffer.alloc(448)]);
}

test('VHD', async () => {
  const dynamic = {format: 'vhd', label: 'VHD', virtualBytes: 2 * GIB, warns: false};
  assert.deepEqual(await found(4096, [[0, vhdFooter(3)]]), dynamic);
  assert.deepEqual(await found(4096, [[0, vhdFooter(4)]]), {...dynamic, warns: true}, 'differences to another disk');
  const fixed = [[510, hex('55aa')], [SECTOR * 100, vhdFooter(2)]];
  assert.deepEqual(await found(SECTOR * 101, fixed),
    {format: 'raw', label: 'Fixed-size VHD', virtualBytes: SECTOR * 101, warns: true},
    'its footer counts, and not its boot sector');
});

const REGION = '06a27c8b90479a4bb8fe575f050f886e', SIZE = '2442a52f1bcd7648b2115dbed83bf4b8',
  PARAMETERS = '3767a1ca36fa434db3b633f0aa44e76b';

function vhdx(flags) {
  const start = 1024 * 1024;
  return [
    [0, 'vhdxfile'],
    [196608, 'regi'], [196608 + 8, u32(1)], [196608 + 16, hex(REGION)], [196608 + 32, u64(start)],
    [start, 'metadata'], [start + 10, u16(2)],
    [start + 32, hex(PARAMETERS)], [start + 48, u32(65536)],
    [start + 64, hex(SIZE)], [start + 80, u32(65544)],
    [start + 65536 + 4, u32(flags)], [start + 65544, u64(3 * GIB)],
  ];
}

test('VHDX', async () => {
  const disk = {format: 'vhdx', label: 'VHDX', virtualBytes: 3 * GIB, warns: false};
  assert.deepEqual(await found(2 * 1024 * 1024, vhdx(0)), disk);
  assert.deepEqual(await found(2 * 1024 * 1024, vhdx(2)), {...disk, warns: true}, 'differences to another disk');
  assert.deepEqual(await found(4096, [[0, 'vhdxfile']]), {...disk, virtualBytes: null}, 'cut off');
});

test('VDI, ISO 9660, PLOOP', async () => {
  assert.deepEqual(await found(4096, [[64, u32(0xbeda107f)], [0x170, u64(GIB)]]),
    {format: 'vdi', label: 'VDI', virtualBytes: GIB, warns: false});
  assert.deepEqual(await found(40000, [[510, hex('55aa')], [32769, 'CD001'], [32848, u32(300)], [32896, u16(2048)]]),
    {format: 'iso', label: 'ISO 9660', virtualBytes: 300 * 2048, warns: false}, 'though it could start from a disk');
  for (const mark of ['WithoutFreeSpace', 'WithouFreSpacExt']) {
    assert.equal((await found(4096, [[0, mark]])).format, 'ploop');
  }
});

test('archives', async () => {
  const tar = (name) => [[0, name], [257, 'ustar']];
  assert.equal((await found(4096, tar('machine.ovf'))).format, 'ova');
  assert.equal((await found(4096, tar('manifest.json'))).format, 'docker');
  assert.equal((await found(4096, tar(`${'0a'.repeat(32)}/layer.tar`))).format, 'docker');
  for (const name of [`sha256:${'0a'.repeat(32)}`, `${'0a'.repeat(32)}.tar.gz`, `${'0a'.repeat(32)}.tar.zst`]) {
    assert.equal((await found(4096, tar(name))).format, 'docker', name);
  }
  assert.deepEqual(await found(4096, tar('disk.raw')), {format: '', label: 'tar archive', virtualBytes: null, warns: true});
});

test('a long name stands in an entry before that of the file', async () => {
  const head = (type, name, size) => [[0, name], [124, size.toString(8).padStart(11, '0')], [156, type], [257, 'ustar']];
  const parts = (first, name) => [...head(...first), ...head('0', 'm'.repeat(100), 1).map(([at, part]) => [at + 1024, part]), [512, name]];
  const name = `${'m'.repeat(120)}.ovf`, attribute = `133 path=${name}\n`;
  assert.equal((await found(4096, parts(['L', '././@LongLink', name.length + 1], name))).format, 'ova', 'of GNU');
  assert.equal((await found(4096, parts(['x', './PaxHeaders/m', attribute.length], attribute))).format, 'ova', 'of POSIX');
});

test('a kernel is told from a disk, though its first sector ends as that of one', async () => {
  const kernel = [[510, hex('55aa')], [514, 'HdrS']], told = await content(file(16384, kernel));
  assert.deepEqual([told.format, told.label, told.command], ['aki', 'Linux kernel', undefined]);
  assert.deepEqual(['aki', 'raw', 'qcow2'].map((format) => verdict(told, format, {})), ['', 'unsafe', 'unsafe']);
});

for (const [signature, label] of Object.entries({
  '1f8b': 'gzip', 'fd377a585a00': 'xz', '504b0304': 'ZIP', '425a68': 'bzip2', '28b52ffd': 'Zstandard',
  '377abcaf271c': '7-Zip', '04224d18': 'LZ4', '02214c18': 'LZ4', '502a4d18': 'Zstandard', '504b0506': 'ZIP',
  '5d0000': 'LZMA', '4c5a4950': 'lzip', '894c5a4f': 'lzop', '1f9d': 'compress', '526172211a07': 'RAR',
})) {
  test(`a file that is compressed by ${label} is to be unpacked`, async () => {
    const told = await content(file(4096, [[0, hex(signature)]], 'disk.img'));
    assert.deepEqual([told.label, told.format, told.compressed, Boolean(told.warning)], [label, '', true, true]);
  });
}

for (const [signature, decompressible] of Object.entries({
  '1f8b': true, 'fd377a585a00': true, '425a68': true, '28b52ffd': true, '504b0304': false, '502a4d18': false,
})) {
  test(`the dashboard ${decompressible ? 'decompresses' : 'does not decompress'} what begins with ${signature}`, async () => {
    const told = await content(file(4096, [[0, hex(signature)]], 'disk.QCOW2.ending'));
    assert.deepEqual([told.decompressible, told.format], [decompressible, decompressible ? 'qcow2' : '']);
  });
}

for (const [name, format] of Object.entries({
  'disk.img.gz': 'raw', 'disk.raw.gz': 'raw', 'a.b.vmdk.gz': 'vmdk', 'disk.gz': '', 'disk': '', 'disk.tar.gz': '', 'initrd.gz': '',
})) {
  test(`by its name ${name} has ${format || 'anything'} in it`, async () => {
    assert.equal((await content(file(4096, [[0, hex('1f8b')]], name))).format, format);
  });
}

test('what is in a file that the dashboard decompresses, only the dashboard can refuse', async () => {
  const told = await content(file(4096, [[0, hex('1f8b')]], 'disk.qcow2.gz'));
  assert.equal(verdict(told, 'qcow2', {}), 'format', 'as it is');
  told.decompress = true;
  assert.deepEqual(['qcow2', 'raw', 'iso'].map((format) => verdict(told, format, {})), ['', '', '']);
});

const MBR = [[450, hex('83')], [510, hex('55aa')]], PROTECTIVE = [[446, hex('00000200ee')], [454, u32(1)], [510, hex('55aa')]];

test('raw disks', async () => {
  assert.deepEqual(await found(4096, [...PROTECTIVE, [SECTOR, 'EFI PART']]),
    {format: 'raw', label: 'Raw disk with GPT partitions', virtualBytes: 4096, warns: false});
  const disk = {format: 'raw', label: 'Raw disk with a boot sector', virtualBytes: 4096, warns: false};
  assert.deepEqual(await found(4096, MBR), disk);
  for (const wrong of [[[450, hex('00')]], [[446, hex('7f')]], [[450, hex('ee')]], [...PROTECTIVE, [466, hex('83')]]]) {
    assert.deepEqual(await found(4096, [...MBR, ...wrong]), {...disk, warns: true}, 'no valid table');
  }
});

test('file systems without a partition table', async () => {
  for (const [at, name, label] of [[3, 'NTFS    ', 'NTFS'], [3, 'EXFAT   ', 'exFAT'], [54, 'FAT12   ', 'FAT']]) {
    assert.deepEqual(await found(4096, [[at, name], [510, hex('55aa')]]),
      {format: 'raw', label: `${label} file system without a partition table`, virtualBytes: 4096, warns: true});
  }
  assert.equal((await found(4096, [[16, hex('02')], [21, hex('f8')], [54, 'FAT16   '], [510, hex('55aa')]])).warns, false,
    'of a hard disk');
  assert.equal((await found(4096, [[1080, hex('53ef')]])).label, 'ext2, ext3 or ext4 file system without a partition table');
});

test('disks that are encrypted', async () => {
  const disk = {format: 'raw', label: 'Raw (encrypted)', virtualBytes: 4096, warns: false};
  assert.deepEqual(await found(4096, [[0, 'LUKS\xba\xbe'], [7, hex('01')]]), disk);
  assert.deepEqual(await found(4096, [[0, 'LUKS\xba\xbe'], [7, hex('02')]]), {...disk, warns: true});
});

test('an ISO is at least as large as its file', async () => {
  assert.equal((await found(80000, [[32769, 'CD001'], [32848, u32(20)], [32896, u16(2048)]])).virtualBytes, 80000);
});

const ISO = [[32769, 'CD001'], [32848, u32(20)], [32896, u16(2048)]], QCOW2 = [[0, 'QFI\xfb'], [4, u32be(3)]],
  NTFS = [[3, 'NTFS    '], [510, hex('55aa')]], BACKED = [...QCOW2, [8, u64be(1024)]];

for (const [what, parts, format, expected, rules] of [
  ['QCOW2', QCOW2, 'qcow2', ''],
  ['QCOW2', QCOW2, 'raw', 'format'],
  ['QCOW2', QCOW2, 'raw', '', {tolerated: ['format']}],
  ['QCOW2', QCOW2, 'ova', ''],
  ['QCOW2', QCOW2, '', ''],
  ['backing file', BACKED, 'qcow2', 'reference'],
  ['backing file', BACKED, 'qcow2', '', {tolerated: ['reference']}],
  ['backing file', BACKED, 'raw', 'format', {tolerated: ['reference']}],
  ['extended L2', [...QCOW2, [79, hex('10')]], 'qcow2', 'unsafe'],
  ['a feature of tomorrow', [...QCOW2, [72, hex('80')]], 'qcow2', 'unsafe'],
  ['QCOW', [[0, 'QFI\xfb'], [4, u32be(1)]], 'qcow2', 'unsafe'],
  ['QED', [[0, 'QED\0']], 'raw', 'unsafe'],
  ['VMDK extent', [[0, 'KDMV'], [12, u64(8)]], 'vmdk', 'unsafe'],
  ['VHD of differences', [[0, vhdFooter(4)]], 'vhd', 'reference'],
  ['VHD of differences', [[0, vhdFooter(4)]], 'vhd', '', {tolerated: ['reference']}],
  ['VDI', [[64, u32(0xbeda107f)], [76, u32(1)]], 'vdi', ''],
  ['VDI of differences', [[64, u32(0xbeda107f)], [76, u32(4)]], 'vdi', 'reference'],
  ['COWD', [[0, 'COWD'], [12, u32(8)]], 'vmdk', 'format'],
  ['COWD', [[0, 'COWD'], [12, u32(8)]], 'raw', ''],
  ['ISO', ISO, 'iso', ''],
  ['ISO', ISO, 'raw', 'format'],
  ['ISO with partitions', [...ISO, ...MBR], 'iso', ''],
  ['ISO with partitions', [...ISO, ...MBR], 'raw', 'format'],
  ['ISO with partitions', [...ISO, ...MBR], 'qcow2', 'format'],
  ['QCOW2 in an ISO', [...ISO, ...QCOW2], 'iso', 'unsafe'],
  ['disk', MBR, 'raw', ''],
  ['disk', MBR, 'ploop', 'format'],
  ['disk', MBR, 'qcow2', 'format'],
  ['NTFS', NTFS, 'raw', 'unsafe'],
  ['NTFS', NTFS, 'raw', '', {nonfatal: ['mbr']}],
  ['NTFS', NTFS, 'qcow2', 'format', {nonfatal: ['mbr']}],
  ['backing file', BACKED, 'qcow2', 'reference', {nonfatal: ['mbr']}],
  ['NTFS in a fixed-size VHD', [...NTFS, [40448, vhdFooter(2)]], 'raw', 'unsafe'],
  ['compressed data that ends its sector so', [[0, hex('1f8b')], [510, hex('55aa')]], 'raw', 'unsafe'],
  ['compressed data that ends its sector so', [[0, hex('1f8b')], [510, hex('55aa')]], 'ari', ''],
  ['nothing', [], 'raw', ''],
  ['nothing', [], 'ploop', ''],
  ['nothing', [], 'vhd', 'format'],
]) {
  test(`${what} as ${format || 'nothing yet'}${rules ? ' where that is tolerated' : ''}: ${expected || 'may be sent'}`, async () => {
    assert.equal(verdict(await content(file(40960, parts)), format, rules), expected);
  });
}

test('archives of images', async () => {
  const entry = (name, kind = '0', size = '0') => [[0, name], [124, size], [156, kind], [257, 'ustar']];
  const at = (block, parts) => parts.map(([place, part]) => [place + block * SECTOR, part]);
  const known = async (...entries) => (await found(8192, entries.flatMap((each, block) => at(block, each)))).format;
  assert.equal(await known(entry(`${'0a'.repeat(32)}.tar`)), 'docker', 'skopeo, podman');
  assert.equal(await known(entry('./', '5'), entry('./oci-layout')), 'docker');
  assert.equal(await known(entry('./', '5'), entry('./machine.ovf')), 'ova');
  assert.equal(await known(entry('PaxHeaders/machine', 'x', '1000'), [[0, 'text']], entry('machine.ovf')), 'ova', 'its name comes first');
  assert.equal(await known(entry('./', '5'), entry('letter.txt'), entry('machine.ovf')), '');
  assert.equal(await known(...Array(9).fill(entry('folder/', '5')), entry('machine.ovf')), '', 'not within reach');
});

test('a name counts only where the content says nothing', async () => {
  assert.equal((await content(file(4096, [], 'DISK.IMG'))).bySuffix, true);
  assert.equal((await found(4096, [], 'disk.raw')).format, 'raw');
  assert.equal((await found(4096, [], 'disk.qcow2')).format, '');
  assert.equal((await found(4096, [[0, 'KDMV'], [12, u64(1)]], 'disk.raw')).format, 'vmdk');
  assert.equal((await found(0, [], 'empty')).format, '');
});

test('a file that cannot be read is none that can be told', async () => {
  const gone = {name: 'gone', size: 4096, slice: () => ({arrayBuffer: () => Promise.reject(new Error('gone'))})};
  const {format, label} = await content(gone);
  assert.deepEqual([format, label], ['', '']);
});
