// SPDX-License-Identifier: Apache-2.0
// What a file is, by its own bytes: each format from a file made here, byte by
// byte, as its specification says.
import assert from 'node:assert/strict';
import {File} from 'node:buffer';
import {before, test} from 'node:test';
import {openPage} from './page.js';

const GIB = 1024 ** 3, SECTOR = 512;
let content;

before(() => {
  content = openPage(['base/namespace.js', 'create/file_format.js']).horizon.helionImages.content;
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

test('VMDK', async () => {
  const disk = {format: 'vmdk', label: 'VMDK', virtualBytes: 4096 * SECTOR, warns: false};
  assert.deepEqual(await found(4096, [[0, 'KDMV'], [12, u64(4096)]]), disk);
  assert.deepEqual(await found(4096, [[0, 'COWD'], [12, u32(4096)]]), disk);
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
    {...dynamic, label: 'Fixed-size VHD', warns: true}, 'its footer counts, and not its boot sector');
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
  assert.deepEqual(await found(4096, tar('disk.raw')), {format: '', label: 'tar archive', virtualBytes: null, warns: true});
});

for (const [signature, label] of Object.entries({
  '1f8b': 'gzip', 'fd377a585a00': 'xz', '504b0304': 'ZIP', '425a68': 'bzip2', '28b52ffd': 'Zstandard',
  '377abcaf271c': '7-Zip', '04224d18': 'LZ4',
})) {
  test(`a file that is compressed by ${label} is to be unpacked`, async () => {
    const told = await content(file(4096, [[0, hex(signature)]], 'disk.img'));
    assert.deepEqual([told.label, told.format, told.compressed, Boolean(told.warning)], [label, '', true, true]);
  });
}

test('raw disks', async () => {
  assert.deepEqual(await found(4096, [[SECTOR, 'EFI PART'], [510, hex('55aa')]]),
    {format: 'raw', label: 'Raw disk with GPT partitions', virtualBytes: 4096, warns: false});
  assert.deepEqual(await found(4096, [[510, hex('55aa')]]),
    {format: 'raw', label: 'Raw disk with a boot sector', virtualBytes: 4096, warns: false});
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
