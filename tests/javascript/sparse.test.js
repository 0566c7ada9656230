// SPDX-License-Identifier: Apache-2.0
// The offer to leave out the empty parts of a raw disk: what it says, and when it goes away.
import assert from 'node:assert/strict';
import {File} from 'node:buffer';
import {beforeEach, test} from 'node:test';
import {openPage} from './page.js';

const MIB = 1024 * 1024, SIZE = 80 * MIB;
const SCRIPTS = ['base/namespace.js', ...['file_bytes', 'empty_parts', 'qcow2', 'file_sparse'].map((name) => `create/${name}.js`)];
const RAW = {format: 'raw', label: 'Raw', virtualBytes: SIZE};
const FORM = `
  <form><div><input type="file" data-hip-file><p id="place"></p></div>
    <select data-hip-format><option value=""></option><option value="raw">Raw</option><option value="qcow2">QCOW2</option></select>
    <input name="checksum"><div class="modal-footer"><button class="btn btn-primary">Create Image</button></div>
  </form>`;
let hip, form, chosen, answers;

beforeEach(() => {
  const window = openPage(SCRIPTS, FORM);
  window.File = File;
  hip = window.horizon.helionImages;
  form = window.document.querySelector('form');
  chosen = null;
  answers = [];
  Object.assign(hip, {
    chosenFile: () => chosen,
    chooseFile: (_form, file) => {
      chosen = file;
      answers.push(file.name);
      offer(file.name.endsWith('.qcow2') ? {format: 'qcow2', label: 'QCOW2'} : RAW);
    },
    fileStem: (file) => file.name.replace(/\.\w+$/, ''),
    offeredFormat: (select, format) => [...select.options].find((option) => option.value === format),
  });
});

function disk(places = [0], name = 'disk.raw') {
  const bytes = Buffer.alloc(SIZE);
  places.forEach((mib) => bytes.fill(1, mib * MIB, (mib + 1) * MIB));
  return new File([bytes], name);
}

const node = () => form.querySelector('.hip-sparse');
const text = () => node()?.textContent ?? '';
const create = () => form.querySelector('.btn-primary');

function offer(found = RAW) {
  hip.offerSparse(form, form.querySelector('#place'), chosen, found);
}

async function until(seen) {
  for (let turn = 0; turn < 500 && !seen(); turn += 1) {
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
  assert.ok(seen(), text());
}

async function choose(file, found) {
  chosen = file;
  offer(found);
  await hip.emptyShare(file);
  await new Promise((resolve) => { setTimeout(resolve, 20); });
}

function press(label) {
  [...node().querySelectorAll('button')].find((button) => button.textContent === label).click();
}

// Reading stands still from here on, until it is let go.
function hold() {
  const read = hip.filePiece;
  let letGo;
  const held = new Promise((resolve) => { letGo = resolve; });
  hip.filePiece = (...given) => held.then(() => read(...given));
  return () => {
    hip.filePiece = read;
    letGo();
  };
}

test('the parts with data are chosen in place of the disk, and the disk again', async () => {
  const file = disk();
  await choose(file);
  assert.match(text(), /About 9\d% of this disk is empty\./);
  press('Leave Out Empty Parts');
  assert.equal(create().disabled, true);
  await until(() => answers.length === 1);
  assert.deepEqual(answers, ['disk.qcow2']);
  assert.equal(form.querySelector('select').value, '', 'the format is for the content to tell');
  assert.match(text(), /1\.\d MiB of 80 MiB will be uploaded, without the empty parts\./);
  assert.equal(create().disabled, false);
  press('Upload the Whole File');
  assert.equal(chosen, file);
});

test('nothing is offered for a full disk, a small one, or another format', async () => {
  await choose(disk([...Array(80).keys()]));
  assert.equal(node(), null);
  await choose(new File([Buffer.alloc(MIB)], 'small.raw'));
  assert.equal(node(), null);
  for (const found of [{format: 'iso'}, {...RAW, warning: 'x'}, {...RAW, problem: 'unsafe'}, {...RAW, decompressible: true}]) {
    await choose(disk(), found);
    assert.equal(node(), null, JSON.stringify(found));
  }
  form.querySelector('option[value=qcow2]').remove();
  await choose(disk());
  assert.equal(node(), null, 'the cloud takes no QCOW2');
});

test('an expected checksum speaks for the whole file', async () => {
  form.querySelector('[name=checksum]').value = 'abc';
  await choose(disk());
  assert.match(text(), /The whole file is uploaded/);
  assert.equal(node().querySelector('button'), null);
  form.querySelector('[name=checksum]').value = '';
  offer();
  await until(() => /the upload is faster/.test(text()));
  press('Leave Out Empty Parts');
  await until(() => answers.length === 1);
  form.querySelector('[name=checksum]').value = 'abc';
  offer({format: 'qcow2'});
  assert.match(text(), /upload the whole file/);
});

test('Stop ends the reading, and the offer is there again', async () => {
  await choose(disk());
  const letGo = hold();
  press('Leave Out Empty Parts');
  assert.ok(node().querySelector('[role=progressbar]'));
  press('Stop');
  letGo();
  assert.match(text(), /of this disk is empty/);
  assert.equal(create().disabled, false);
  assert.equal(form.ownerDocument.activeElement.textContent, 'Leave Out Empty Parts');
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  assert.deepEqual(answers, []);
});

for (const [name, leave] of [
  ['another file', () => { chosen = disk([0], 'other.raw'); offer(); }],
  ['another source', () => { const file = chosen; chosen = null; hip.offerSparse(form, form.querySelector('#place'), file, RAW); }],
  ['a closed dialog', () => form.remove()],
]) {
  test(`${name} ends the reading for good`, async () => {
    await choose(disk());
    const letGo = hold();
    press('Leave Out Empty Parts');
    leave();
    letGo();
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    assert.deepEqual(answers, []);
    if (form.isConnected) {
      assert.equal(create().disabled, false);
    }
  });
}

test('a disk that has hardly any empty part is uploaded whole', async () => {
  const file = disk([...Array(80).keys()]);
  hip.emptyShare = () => Promise.resolve(0.5);
  await choose(file);
  press('Leave Out Empty Parts');
  await until(() => /Only a small part of this disk is empty/.test(text()));
  assert.equal(chosen, file);
  assert.equal(create().disabled, false);
});

test('a file that changes meanwhile is said to have changed', async () => {
  await choose(disk());
  hip.filePiece = () => Promise.reject(new Error('changed'));
  press('Leave Out Empty Parts');
  await until(() => text() === 'The file has changed. Choose it again.');
  assert.equal(create().disabled, false);
});
