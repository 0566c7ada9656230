// SPDX-License-Identifier: Apache-2.0
// Versions of a family are folded below the latest one.
import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';
import {loadScript, openPage} from './page.js';

const SCRIPTS = ['base/namespace.js', 'base/enhance.js'];
let window, changed;

function row(id, of = '', count = '', after = '') {
  const box = `<input type="checkbox" class="table-row-multi-select" data-box="${id}">`;
  return `<tr data-hip-image="${id}" data-hip-name="${id}" data-hip-version-of="${of}" data-hip-versions="${count}">` +
    `<td>${box}<div class="hip-name-line"></div></td></tr>${after}`;
}

beforeEach(() => {
  const rows = [row('one'), row('two', '', '2'), row('three', 'two', '', '<tr class="hip-drawer"></tr>'), row('four', 'two')];
  window = openPage(SCRIPTS, `<div class="hip-list"><table><tbody>${rows.join('')}</tbody></table></div>`);
  window.$ = () => ({on: (_event, _selector, listener) => { changed = listener; }});
  loadScript(window, 'listing/versions.js');
});

const shown = () => Array.from(window.document.querySelectorAll('tr[data-hip-image]'))
  .filter((each) => !each.hidden).map((each) => each.getAttribute('data-hip-image'));
const toggle = () => window.document.querySelector('.hip-versions-toggle');

test('the others are shown by a button of the latest one', () => {
  assert.deepEqual(shown(), ['one', 'two']);
  assert.equal(window.document.querySelectorAll('.hip-versions-toggle').length, 1);
  assert.equal(toggle().getAttribute('aria-expanded'), 'false');
  assert.equal(toggle().textContent.trim(), '2 more versions');
  assert.equal(window.document.querySelector('.hip-drawer').hidden, true);
  toggle().click();
  assert.equal(toggle().getAttribute('aria-expanded'), 'true');
  assert.deepEqual(shown(), ['one', 'two', 'three', 'four']);
  assert.equal(window.document.querySelector('.hip-drawer').hidden, false);
  toggle().click();
  assert.deepEqual(shown(), ['one', 'two']);
});

test('what is ticked is in sight', () => {
  changed();
  assert.deepEqual(shown(), ['one', 'two']);
  window.document.querySelector('[data-box=four]').checked = true;
  changed();
  assert.deepEqual(shown(), ['one', 'two', 'three', 'four']);
  assert.equal(toggle().getAttribute('aria-expanded'), 'true');
});

test('a table that is shown anew stays unfolded', () => {
  toggle().click();
  const body = window.document.querySelector('tbody');
  body.innerHTML = row('two', '', '1') + row('five', 'two');
  window.horizon.helionImages.enhanceIn(body);
  assert.deepEqual(shown(), ['two', 'five']);
});
