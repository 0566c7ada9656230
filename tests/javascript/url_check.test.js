// SPDX-License-Identifier: Apache-2.0
// The button beside Image Location.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openPage, press, settle} from './page.js';

const SCRIPTS = ['base/namespace.js', 'base/page_session.js', 'base/http.js', 'base/enhance.js', 'create/file_hints.js',
  'create/quota.js', 'create/url_check.js'];
const FORM = `<form data-hip-create action="/project/images/create/"><input name="name"><input name="min_disk">
  <select name="source"><option value="location" selected></option></select>
  <div class="form-group"><input name="location" data-hip-url-check="true" value="https://files.example/disk.qcow2"></div>
  <select name="disk_format" data-hip-format><option value=""></option><option value="qcow2">QCOW2</option><option value="raw">Raw</option></select>
  <textarea name="checksum"></textarea><input name="architecture"><input data-hip-required="os_distro"></form>`;
const FOUND = {
  rows: [['Format', 'QCOW2'], ['File', '<b>disk</b>']], notes: ['Note.'],
  values: {file_name: 'disk.qcow2', format: 'qcow2', format_label: 'QCOW2', by_name: false, size_bytes: 5, virtual_bytes: 2 ** 30 + 1,
    os_distro: 'debian', os_version: '12', architecture: 'x86_64'},
  checksum: {value: 'sha256:00', text: 'The publisher\'s file SUMS has it.'},
};

function page(answer) {
  const window = openPage(SCRIPTS, FORM), {document} = window, changed = [], asked = [], waiting = [];
  window.$ = (element) => ({
    on: (kind, selector, act) => changed.push(act),
    trigger: () => changed.forEach((act) => act()),
    val: (value) => { element.value = value; return window.$(element); },
  });
  window.fetch = (url, options) => new Promise((resolve) => {
    asked.push(Object.fromEntries(options.body));
    waiting.push(() => resolve(new Response(JSON.stringify(answer), {status: 200})));
  });
  return {
    window, document, asked, answer: async () => { waiting.shift()(); await settle(); await settle(); },
    field: (name) => document.querySelector(`[name=${name}]`), holder: document.querySelector('.hip-url-check'),
    button: document.querySelector('.input-group-btn button'), changed,
  };
}

test('what is found is said as text, and fills what nobody has filled', async () => {
  const {document, asked, answer, field, holder, button} = page(FOUND);
  field('architecture').value = 'aarch64';
  button.click();
  button.click();
  assert.equal(asked.length, 1);
  assert.equal(asked[0].location, 'https://files.example/disk.qcow2');
  assert.equal(holder.textContent, 'Checking the URL…');
  await answer();
  assert.equal(holder.querySelector('dd + dt + dd').textContent, '<b>disk</b>');
  assert.equal(holder.querySelector('b'), null);
  assert.deepEqual(['name', 'min_disk', 'disk_format', 'architecture'].map((name) => field(name).value), ['disk', '2', 'qcow2', 'aarch64']);
  assert.equal(document.querySelector('[data-hip-required]').value, 'debian');
  assert.equal(field('checksum').value, '');
  holder.querySelector('button').click();
  assert.equal(field('checksum').value, 'sha256:00');
});

test('another URL replaces what an earlier one has filled, and nothing else', async () => {
  const {window, answer, field, button} = page(FOUND);
  button.click();
  await answer();
  field('min_disk').value = '5';
  FOUND.values.file_name = 'other.img';
  field('location').dispatchEvent(new window.Event('input', {bubbles: true}));
  button.click();
  await answer();
  assert.deepEqual([field('name').value, field('min_disk').value], ['other', '5']);
});

test('Escape ends the check, and its answer is not shown', async () => {
  const {window, answer, field, holder, button} = page(FOUND);
  button.click();
  assert.equal(press(window, button, 'Escape').defaultPrevented, true);
  assert.equal(holder.textContent, 'The check was canceled.');
  await answer();
  assert.equal(holder.textContent, 'The check was canceled.');
  assert.equal(field('name').value, '');
  // Where there is no check, it closes the dialog.
  assert.equal(press(window, button, 'Escape').defaultPrevented, false);
});

test('a problem is one sentence, and fills nothing', async () => {
  const {answer, field, holder, button} = page({problem: 'There is no file.', notes: []});
  button.click();
  await answer();
  assert.equal(holder.querySelector('.alert').textContent, 'There is no file.');
  assert.equal(field('name').value, '');
});

test('another format than the chosen one is said', async () => {
  const {answer, field, holder, button} = page(FOUND);
  field('disk_format').value = 'raw';
  button.click();
  await answer();
  assert.match(holder.querySelector('.alert-warning').textContent, /The file is QCOW2, but the chosen format is Raw\./);
  assert.equal(field('disk_format').value, 'raw');
});

test('what the name tells of the system goes to Other Properties, unless it is there', async () => {
  const {document, answer, field, holder, button} = page(FOUND), text = document.createElement('textarea');
  text.name = 'properties';
  text.value = 'hw_disk_bus = virtio\n';
  field('name').form.append(text);
  button.click();
  await answer();
  const add = Array.from(holder.querySelectorAll('button')).find((each) => each.textContent === 'Add to Other Properties');
  // The form has a field for the other one.
  assert.equal(add.parentNode.firstChild.textContent, 'os_version = 12 ');
  add.click();
  assert.equal(text.value, 'hw_disk_bus = virtio\nos_version = 12');
  assert.equal(document.activeElement, field('location'));
  button.click();
  await answer();
  assert.doesNotMatch(holder.textContent, /Add to Other Properties/);
});
