// SPDX-License-Identifier: Apache-2.0
// Raw disks as QCOW2 files without their empty parts, as QEMU itself reads them.
import assert from 'node:assert/strict';
import {File} from 'node:buffer';
import {spawnSync} from 'node:child_process';
import {closeSync, ftruncateSync, mkdtempSync, openAsBlob, openSync, rmSync, writeFileSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {openPage} from './page.js';

const CLUSTER = 65536, MIB = 1024 * 1024;
const SCRIPTS = ['base/namespace.js', 'create/file_bytes.js', 'create/empty_parts.js', 'create/qcow2.js'];
const hasQemu = spawnSync('qemu-img', ['--version']).status === 0;
const skip = hasQemu || process.env.REQUIRE_TOOLS === '1' ? false : 'qemu-img is missing';
let hip, folder;

before(() => {
  const window = openPage(SCRIPTS);
  // That of jsdom takes no pieces of a file.
  window.File = File;
  hip = window.horizon.helionImages;
  folder = mkdtempSync(join(tmpdir(), 'qcow2-'));
});

after(() => rmSync(folder, {recursive: true}));

// A disk of so many bytes with these bytes at these places.
function disk(size, parts) {
  const bytes = Buffer.alloc(size);
  parts.forEach(([at, content]) => Buffer.from(content).copy(bytes, at));
  return bytes;
}

async function parts(bytes, watch = {progress: () => {}}) {
  const found = await hip.partsWithData(new File([bytes], 'disk.raw'), watch);
  return found && Array.from(found, (part) => Array.from(part));
}

function qemu(...command) {
  const done = spawnSync('qemu-img', command, {encoding: 'utf8'});
  assert.equal(done.status, 0, `${command.join(' ')}: ${done.error ?? ''} ${done.stdout} ${done.stderr}`);
  return done.stdout;
}

// QEMU finds the same disk in the file, and nothing wrong with it.
async function compared(size, places, known) {
  const raw = join(folder, 'disk.raw'), made = join(folder, 'disk.qcow2'), opened = openSync(raw, 'w');
  ftruncateSync(opened, size);
  places.forEach((at) => writeSync(opened, 'x', at));
  closeSync(opened);
  const file = await openAsBlob(raw);
  const qcow2 = hip.qcow2(file, known ?? await hip.partsWithData(file, {progress: () => {}}), 'disk.qcow2');
  writeFileSync(made, Buffer.from(await qcow2.arrayBuffer()));
  qemu('compare', '-f', 'raw', '-F', 'qcow2', raw, made);
  const check = JSON.parse(qemu('check', '--output=json', '-f', 'qcow2', made));
  assert.equal(check['check-errors'] + (check.leaks ?? 0) + (check.corruptions ?? 0), 0);
  const info = JSON.parse(qemu('info', '--output=json', made));
  assert.equal(info['virtual-size'], Math.ceil(size / 512) * 512);
}

test('a gap is left out where it is long enough', async () => {
  const at = (...clusters) => disk(64 * CLUSTER, clusters.map((cluster) => [cluster * CLUSTER, 'x']));
  assert.deepEqual(await parts(at()), []);
  assert.deepEqual(await parts(at(0, 1, 16)), [[0, 17]], 'fifteen clusters are sent');
  assert.deepEqual(await parts(at(0, 17)), [[0, 1], [17, 18]]);
  assert.deepEqual(await parts(at(63)), [[63, 64]]);
});

test('any bit is data', async () => {
  for (let bit = 0; bit < 64; bit += 1) {
    const bytes = Buffer.alloc(8);
    bytes[bit >> 3] = 1 << (bit & 7);
    assert.deepEqual(await parts(disk(3 * CLUSTER, [[CLUSTER + 40000, bytes]])), [[1, 2]], `bit ${bit}`);
  }
});

test('the last bytes of a disk of an odd size count', async () => {
  assert.deepEqual(await parts(disk(CLUSTER + 3, [[CLUSTER + 2, 'x']])), [[1, 2]]);
  assert.deepEqual(await parts(disk(CLUSTER + 3, [])), []);
});

test('pieces that are read side by side keep their order', async () => {
  const bytes = disk(52 * MIB, [0, 17, 33, 48, 51].map((mib) => [mib * MIB + 5, 'x'])), seen = [];
  assert.deepEqual(await parts(bytes, {progress: (share) => seen.push(share)}),
    [0, 17, 33, 48, 51].map((mib) => [mib * 16, mib * 16 + 1]));
  assert.equal(seen.length, 4);
  assert.deepEqual(seen, [...seen].sort((a, b) => a - b));
  assert.equal(seen.at(-1), 1);
});

test('it is stopped in the middle', async () => {
  const watch = {isStopped: false, progress: () => { watch.isStopped = true; }};
  assert.equal(await parts(disk(40 * MIB, [[0, 'x']]), watch), null);
});

test('a file that changes is an error', async () => {
  const file = {size: 40 * MIB, slice: () => ({arrayBuffer: async () => { throw new Error('changed'); }})};
  await assert.rejects(hip.partsWithData(file, {progress: () => {}}), /changed/);
  const short = {size: 40 * MIB, slice: () => ({arrayBuffer: async () => new ArrayBuffer(CLUSTER)})};
  await assert.rejects(hip.partsWithData(short, {progress: () => {}}), 'a piece that ends early');
});

test('about how much is empty', async () => {
  const share = (bytes) => hip.emptyShare(new File([bytes], 'disk.raw'));
  assert.equal(await share(disk(128 * CLUSTER, [])), 1);
  assert.equal(await share(Buffer.alloc(128 * CLUSTER, 1)), 0);
  assert.equal(await share(disk(128 * CLUSTER, [[0, Buffer.alloc(32 * CLUSTER, 1)]])), 0.75);
  assert.equal(await share(Buffer.alloc(0)), 0);
});

for (const [name, size, places] of [
  ['an empty disk', 10 * MIB, []],
  ['a disk of one sector', 512, [0]],
  ['a disk of an odd size', 3 * MIB + 1000, [0, 3 * MIB + 999]],
  ['data at the beginning and at the end', 20 * MIB, [0, 20 * MIB - 1]],
]) {
  test(`QEMU reads ${name}`, {skip}, async () => {
    await compared(size, places);
  });
}

test('QEMU reads data on both sides of where a table ends', {skip}, async () => {
  await compared(520 * MIB, [512 * MIB - 1, 512 * MIB, 520 * MIB - 1], [[8191, 8193], [8319, 8320]]);
});

test('a full disk has counters of more than one cluster', {skip}, async () => {
  // Each cluster of counters is for 2 GiB of the file: the layout is looked at, not its data.
  const file = {size: 5 * 1024 * MIB, slice: () => new Uint8Array(0)};
  const bytes = Buffer.from(await hip.qcow2(file, [[0, 5 * 1024 * 16]], 'disk.qcow2').arrayBuffer());
  const made = join(folder, 'full.qcow2'), name = `driver=qcow2,file.driver=file,file.filename=${made}`;
  writeFileSync(made, bytes);
  // The data would follow: a hole of that size stands for it.
  qemu('resize', '-f', 'raw', made, String(bytes.length + file.size));
  const check = JSON.parse(qemu('check', '--output=json', '--image-opts', name));
  assert.equal(check['check-errors'] + (check.leaks ?? 0) + (check.corruptions ?? 0), 0);
  assert.equal(check['allocated-clusters'], 5 * 1024 * 16);
});

test('the data is not copied', async () => {
  const bytes = disk(40 * MIB, [[20 * MIB, Buffer.alloc(MIB, 1)]]), file = new File([bytes], 'disk.raw', {lastModified: 1000});
  const made = await hip.qcow2(file, await hip.partsWithData(file, {progress: () => {}}), 'disk.qcow2');
  assert.ok(made.size < 2 * MIB, String(made.size));
  assert.equal(made.lastModified, 1000);
  assert.equal(made.name, 'disk.qcow2');
});
