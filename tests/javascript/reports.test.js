// SPDX-License-Identifier: Apache-2.0
// The messages that a page is drawn with are announced.
import assert from 'node:assert/strict';
import {afterEach, beforeEach, test} from 'node:test';
import {openPage, pass, releaseClock, settle, stopClock} from './page.js';

beforeEach(stopClock);
afterEach(releaseClock);

// Which of two messages come anew into the region, which the browser knows by then.
async function announced(focused) {
  const window = openPage(['base/namespace.js', 'base/enhance.js', 'base/reports.js'], `<div id="main_content"><div class="messages" tabindex="-1">
    <div class="alert" id="a"><a href="#" class="close"></a></div><div class="alert" id="b"></div></div></div>`), {document} = window, said = [];
  await settle();
  new window.MutationObserver((changes) => changes.forEach((change) => said.push(...Array.from(change.addedNodes, (node) => node.id))))
    .observe(document.querySelector('.messages'), {childList: true});
  document.querySelector(focused)?.focus();
  await pass(500);
  return {said, active: document.activeElement};
}

test('each message is announced', async () => {
  assert.deepEqual((await announced('#none')).said, ['a', 'b']);
});

test('a message keeps the focus, and the others are announced', async () => {
  const {said, active} = await announced('#a a');
  assert.deepEqual(said, ['b']);
  assert.equal(active.className, 'close');
});

test('what has the focus with all its messages is read already', async () => {
  assert.deepEqual((await announced('.messages')).said, []);
});
