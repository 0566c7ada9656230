// SPDX-License-Identifier: Apache-2.0
// Create Image shows what the selected preset sets.
import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';
import {openPage} from './page.js';

const FORM = `<form data-hip-create>
  <select name="preset"><option value="">None</option><option value="0">Linux</option><option value="1">Windows</option></select>
  <div data-hip-preset="0">virtio</div>
  <div data-hip-preset="1" id="own">ide</div>
</form>`;
let window;

beforeEach(() => { window = openPage(['base/namespace.js', 'base/enhance.js', 'create/presets.js'], FORM); });

const find = (selector) => window.document.querySelector(selector);
const visible = () => Array.from(window.document.querySelectorAll('[data-hip-preset]'))
  .filter((part) => !part.hidden).map((part) => part.textContent);

function choose(value) {
  find('select').value = value;
  find('select').dispatchEvent(new window.Event('change'));
}

test('none is selected at first', () => {
  assert.deepEqual(visible(), []);
  assert.equal(find('select').getAttribute('aria-describedby'), null);
});

test('the selected preset is shown, and no other one', () => {
  choose('0');
  assert.deepEqual(visible(), ['virtio']);
  choose('1');
  assert.deepEqual(visible(), ['ide']);
});

test('it describes the field; an ID that it has stays', () => {
  choose('0');
  const described = find('select').getAttribute('aria-describedby');
  assert.equal(find(`#${described}`).textContent, 'virtio');
  choose('1');
  assert.equal(find('select').getAttribute('aria-describedby'), 'own');
  choose('');
  assert.equal(find('select').hasAttribute('aria-describedby'), false);
  assert.deepEqual(visible(), []);
});

test('a form that comes back with its errors shows its preset', () => {
  const dialog = window.dialog(FORM.replace('value="1"', 'value="1" selected'));
  const parts = Array.from(dialog.querySelectorAll('[data-hip-preset]'), (part) => part.hidden);
  assert.deepEqual(parts, [true, false]);
});

test('the form for several files shows it too', () => {
  const dialog = window.dialog(FORM.replace('data-hip-create', 'data-hip-several').replace('value="1"', 'value="1" selected'));
  const parts = Array.from(dialog.querySelectorAll('[data-hip-preset]'), (part) => part.hidden);
  assert.deepEqual(parts, [true, false]);
});
