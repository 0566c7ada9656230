// SPDX-License-Identifier: Apache-2.0
// The actions on ticked rows.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';
import {openPage} from './page.js';

test('a page that comes back with its ticks offers the actions on them', async () => {
  const window = openPage(['base/namespace.js', 'base/enhance.js', 'listing/bulk.js'], `<div data-hip-images><table>
      <caption class="table_actions"><button data-batch-action></button></caption>
      <tbody><tr data-display="x"><td><input type="checkbox" class="table-row-multi-select"></td></tr></tbody></table></div>`),
    button = window.document.querySelector('button');
  assert.equal(button.disabled, true);
  window.document.querySelector('input').checked = true;
  window.dispatchEvent(new window.Event('pageshow'));
  await wait(2);
  assert.equal(button.disabled, false);
});
