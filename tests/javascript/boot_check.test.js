// SPDX-License-Identifier: Apache-2.0
// The boot checks of a form before it is sent.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {loadScript, openPage, settle} from './page.js';

const SCRIPTS = ['base/namespace.js', 'base/page_session.js', 'base/http.js', 'base/enhance.js', 'create/file_decompress.js'];
const FORM = `<form data-hip-create data-hip-boot-check="/boot_check.js" action="/project/images/create/">
  <select name="source"><option value="file" selected></option></select>
  <div class="form-group"><select name="disk_format" data-hip-format><option value=""></option><option value="raw" selected>Raw</option></select></div>
  <label for="min">Minimum Disk</label><input id="min" name="min_disk"><select name="preset"><option value="mine" selected></option></select>
  <textarea name="properties">hw_disk_bus = VirtIO\nos_type = other</textarea><input name="required.os_distro" data-hip-required="os_distro"></form>`;
const finding = (sentence, changes) => ({sentence, changes, prevents: true, is_note: false, reason: '<b>because</b>'});

async function wait() {
  await new Promise((resolve) => { setTimeout(resolve, 450); });
  for (let i = 0; i < 9; i += 1) {
    await settle();
  }
}

async function page(answers, bytes) {
  const window = openPage(SCRIPTS, FORM), {document} = window, asked = [], acts = [],
    file = bytes && new window.Blob([new window.Uint8Array(bytes)]);
  window.$ = () => ({on: (kinds, act) => acts.push(act), off: () => {}});
  Object.assign(window.horizon.helionImages, {
    chosenFile: () => file || null,
    content: () => Promise.resolve({format: 'raw', virtualBytes: 4096, inspected: []}),
  });
  window.fetch = (url, options) => {
    const given = Object.fromEntries(options.body);
    asked.push({...given, parts: options.body.getAll('part').map((part) => part.name)});
    const answer = answers(given, options.body.getAll('part').length);
    return Promise.resolve(new Response(JSON.stringify(answer), {status: 200}));
  };
  loadScript(window, 'create/boot_check.js');
  await wait();
  return {
    asked, holder: document.querySelector('.hip-boot-check'), field: (name) => document.querySelector(`[name="${name}"]`), document,
    change: (name) => acts.forEach((act) => act({target: document.querySelector(`[name="${name}"]`)})),
  };
}

test('findings are shown as text, with why, and only with a correction that the form has', async () => {
  const {asked, holder} = await page(() => ({
    findings: [finding('<i>One</i>', {hw_disk_bus: 'virtio'}), finding('Two', {})],
  }));
  assert.equal(asked[0].properties, 'hw_disk_bus = VirtIO\nos_type = other');
  assert.deepEqual([asked[0].preset, asked[0].disk_format], ['mine', 'raw']);
  assert.equal(holder.querySelector('i, b'), null);
  assert.deepEqual(Array.from(holder.querySelectorAll('li div > span'), (each) => each.textContent), ['<i>One</i>', 'Two']);
  assert.equal(holder.querySelectorAll('button').length, 1);
  assert.equal(holder.querySelectorAll('details').length, 2);
  assert.equal(holder.getAttribute('aria-live'), 'polite');
});

test('a correction changes a line, removes one, adds one, and fills a field', async () => {
  let answer = {findings: [finding('All', {hw_disk_bus: 'virtio', os_type: null, hw_firmware_type: 'uefi', min_disk: 5, os_distro: 'debian'})]};
  const {asked, holder, field} = await page(() => answer);
  answer = {findings: []};
  holder.querySelector('button').click();
  await wait();
  assert.equal(field('properties').value, 'hw_disk_bus = virtio\nhw_firmware_type = uefi');
  assert.deepEqual([field('min_disk').value, field('required.os_distro').value], ['5', 'debian']);
  assert.equal(asked.length, 2);
  assert.equal(holder.querySelector('li'), null);
  assert.match(holder.textContent, /os_type is removed\. hw_firmware_type is set to uefi\. Minimum Disk is set to 5\./);
});

test('the parts of the file that the dashboard asks for are sent, and no more than six', async () => {
  const needs = (given, parts) => (given.check_content ?
    (parts < 2 ? {needs: [parts * 512, parts * 512 + 512]} : {content: {partition_table: 'GPT'}}) : {findings: [], nothing: 'Nothing.'});
  const {asked, holder} = await page(needs, 4096);
  assert.deepEqual(asked.filter((each) => each.check_content).map((each) => each.parts), [[], ['0-511'], ['0-511', '512-1023']]);
  assert.equal(asked.at(-1).content, '{"partition_table":"GPT"}');
  assert.deepEqual([asked.at(-1).file_size, asked.at(-1).virtual_size], ['4096', '4096']);
  assert.match(holder.textContent, /Nothing\.$/);
  const endless = await page((given) => (given.check_content ? {needs: [0, 1]} : {findings: []}), 4096);
  assert.equal(endless.asked.filter((each) => each.check_content).length, 7);
});

test('several changes are one question, and without a format there is none', async () => {
  const {asked, field, change, holder} = await page(() => ({findings: [finding('One', {})]}));
  change('min_disk');
  change('properties');
  await wait();
  assert.equal(asked.length, 2);
  field('disk_format').value = '';
  change('disk_format');
  await wait();
  assert.equal(asked.length, 2);
  assert.equal(holder.childNodes.length, 0);
});

test('what a correction has filled in is said until the user changes something', async () => {
  let answer = {findings: [finding('One', {min_disk: 5})]};
  const {holder, field, change} = await page(() => answer);
  field('properties').value = 'a = 1\n\n# mine\n';
  answer = {findings: []};
  holder.querySelector('button').click();
  await wait();
  assert.match(holder.textContent, /Minimum Disk is set to 5\./);
  change('min_disk');
  await wait();
  assert.equal(holder.textContent, '');
  assert.equal(field('properties').value, 'a = 1\n\n# mine\n');
});

test('the same answer is shown again once there is a format again, and sizes from a URL are asked about', async () => {
  const {asked, document, field, change, holder} = await page(() => ({findings: [finding('One', {})]}));
  field('disk_format').value = '';
  change('disk_format');
  await wait();
  assert.equal(holder.childNodes.length, 0);
  field('disk_format').value = 'raw';
  change('disk_format');
  await wait();
  assert.match(holder.textContent, /One/);
  const before = asked.length;
  document.querySelector('form').dispatchEvent(new document.defaultView.Event('hip:url-checked'));
  await wait();
  assert.equal(asked.length, before + 1);
});

test('a form that is sent is asked about no more', async () => {
  const {asked, document, change} = await page(() => ({findings: []}));
  change('min_disk');
  document.querySelector('form').dispatchEvent(new document.defaultView.Event('submit', {cancelable: true}));
  await wait();
  assert.equal(asked.length, 1);
});
