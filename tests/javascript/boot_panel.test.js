// SPDX-License-Identifier: Apache-2.0
// Will It Boot?: the findings with those of the content come after the page.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';
import {openPage} from './page.js';

const SCRIPTS = ['base/namespace.js', 'base/page_session.js', 'base/http.js', 'base/enhance.js', 'boot/panel.js'];
const URL_OF_IT = '/project/images/1/boot/';

function panel(url, findings) {
  return `<div data-hip-boot${url && `="${url}"`}><div data-hip-boot-body>${findings}</div></div>`;
}

const PENDING = '<a href="/fix/?finding=a">Fix</a><p data-hip-boot-pending>Looking…</p>';

// The page, where the dashboard answers with the text.
async function opened(text, {url = URL_OF_IT, status = 200, focus = '', findings = PENDING} = {}) {
  const window = openPage(SCRIPTS), asked = [];
  window.AbortSignal = AbortSignal;
  window.CSS = {escape: (value) => value};
  window.fetch = async (address) => {
    asked.push(address);
    const response = new Response(text, {status});
    Object.defineProperty(response, 'url', {value: new URL(address, window.location.href).href});
    return response;
  };
  window.document.body.insertAdjacentHTML('beforeend', panel(url, findings));
  if (focus) {
    window.document.querySelector(focus).focus();
  }
  window.horizon.helionImages.enhanceIn(window.document.body);
  await wait(20);
  return {window, asked, body: window.document.querySelector('[data-hip-boot-body]')};
}

test('the findings of the content take the place of those before', async () => {
  const page = await opened(panel('', '<p>The disk is empty.</p>'));
  assert.deepEqual(page.asked, [URL_OF_IT]);
  assert.equal(page.body.textContent, 'The disk is empty.');
});

test('a panel that is complete asks nothing', async () => {
  const page = await opened('', {url: '', findings: 'Nothing.'});
  assert.deepEqual(page.asked, []);
  assert.equal(page.body.textContent, 'Nothing.');
});

for (const [what, text, status] of [
  ['a refusal', '{"kind": "refused", "reason": "No."}', 403],
  ['no response', 'Bad gateway', 502],
  ['another page', '<p>Log in</p>', 200],
]) {
  test(`after ${what} the findings of the properties stay`, async () => {
    const page = await opened(text, {status});
    assert.equal(page.body.textContent, 'Fix');
    assert.equal(page.body.querySelector('[data-hip-boot-pending]'), null);
  });
}

test('the same link keeps the focus', async () => {
  const fresh = '<a href="/fix/?finding=b">Fix b</a><a href="/fix/?finding=a">Fix a</a>';
  const page = await opened(panel('', fresh), {focus: '[data-hip-boot] a'});
  assert.equal(page.window.document.activeElement.textContent, 'Fix a');
});

test('where the link is gone, its place has the focus', async () => {
  const page = await opened(panel('', 'Nothing.'), {focus: '[data-hip-boot] a'});
  assert.equal(page.window.document.activeElement, page.body);
});

test('a focus elsewhere stays', async () => {
  const page = await opened(panel('', 'Nothing.'));
  assert.equal(page.window.document.activeElement, page.window.document.body);
});
