// SPDX-License-Identifier: Apache-2.0
// The step Access of Create Image says what the Visibility of the first step means for it.
import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';
import {openPage} from './page.js';

const FORM = `<form data-hip-create>
  <select name="audience"><option value="own">Only web</option><option value="cloud">Public</option></select>
  <div class="hip-projects"><input></div>
  <p data-hip-published hidden>Select another one.</p>
</form>`;
// What the script has to change.
const SHOWN = FORM.replace(' hidden', '');
let window;

beforeEach(() => { window = openPage(['base/namespace.js', 'base/enhance.js', 'create/steps.js'], FORM); });

const find = (selector, root) => (root || window.document).querySelector(selector);

function choose(value) {
  find('select').value = value;
  find('select').dispatchEvent(new window.Event('change'));
}

test('nothing is said of an image for the own project', async () => {
  const dialog = window.dialog(SHOWN);
  await wait(1);
  assert.equal(find('[data-hip-published]', dialog).hidden, true);
  assert.equal(find('input', dialog).hasAttribute('aria-describedby'), false);
});

test('it describes the search for projects while the image is published', () => {
  choose('cloud');
  assert.equal(find('[data-hip-published]').hidden, false);
  assert.equal(find(`#${find('input').getAttribute('aria-describedby')}`).textContent, 'Select another one.');
  choose('own');
  assert.equal(find('[data-hip-published]').hidden, true);
  assert.equal(find('input').hasAttribute('aria-describedby'), false);
});

test('a form that is public at first, or comes back so, says it at once', async () => {
  const dialog = window.dialog(FORM.replace('value="cloud"', 'value="cloud" selected'));
  await wait(1);
  assert.equal(find('[data-hip-published]', dialog).hidden, false);
  assert.ok(find('input', dialog).hasAttribute('aria-describedby'));
});

test('without a choice nothing is said', async () => {
  const dialog = window.dialog(SHOWN.replace(/<select.*<\/select>/, ''));
  await wait(1);
  assert.equal(find('[data-hip-published]', dialog).hidden, true);
});
