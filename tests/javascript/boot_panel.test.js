// SPDX-License-Identifier: Apache-2.0
// Will It Boot?: the findings with those of the content come after the page.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';
import {openPage} from './page.js';

const SCRIPTS = ['base/namespace.js', 'base/page_session.js', 'base/http.js', 'base/enhance.js', 'boot/panel.js'];
const URL_OF_IT = '/project/images/1/boot/';

function panel(url, findings, content = '') {
  return `<div data-hip-boot${url && `="${url}"`}><div data-hip-boot-body>${findings}</div>` +
    `<div data-hip-boot-content aria-live="polite">${content}</div></div>`;
}

const FIX = '<a href="/fix/?finding=a">Fix</a>';
const PENDING = '<p data-hip-boot-pending>Looking…</p>';

function why(sentence) {
  return `<div><span>${sentence}</span><details><summary>Why</summary>It is so.</details></div>`;
}

// The page, where the dashboard answers with the text.
async function opened(text, {url = URL_OF_IT, status = 200, focus = '', open = [], findings = FIX} = {}) {
  const window = openPage(SCRIPTS), asked = [];
  window.AbortSignal = AbortSignal;
  window.CSS = {escape: (value) => value};
  window.fetch = async (address) => {
    asked.push(address);
    const response = new Response(text, {status});
    Object.defineProperty(response, 'url', {value: new URL(address, window.location.href).href});
    return response;
  };
  window.document.body.insertAdjacentHTML('beforeend', panel(url, findings, url && PENDING));
  open.forEach((at) => { window.document.querySelectorAll('details')[at].open = true; });
  if (focus) {
    window.document.querySelector(focus).focus();
  }
  window.horizon.helionImages.enhanceIn(window.document.body);
  await wait(20);
  return {
    window, asked, active: window.document.activeElement,
    body: window.document.querySelector('[data-hip-boot-body]'),
    content: window.document.querySelector('[data-hip-boot-content]'),
  };
}

test('the findings of the content take the place of those before', async () => {
  const page = await opened(panel('', '<p>The disk is empty.</p>', '<p>It has no table.</p>'));
  assert.deepEqual(page.asked, [URL_OF_IT]);
  assert.equal(page.body.textContent, 'The disk is empty.');
  assert.equal(page.content.textContent, 'It has no table.');
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
    assert.equal(page.content.textContent, '');
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

test('an opened reason stays open, and keeps the focus', async () => {
  const fresh = panel('', why('The disk is empty.') + why('b') + why('a'));
  const page = await opened(fresh, {findings: why('a') + why('b'), open: [0], focus: 'summary'});
  const isOpen = Array.from(page.body.querySelectorAll('details'), (details) => details.open);
  assert.deepEqual(isOpen, [false, false, true]);
  assert.equal(page.active, page.body.querySelectorAll('summary')[2]);
});

test('where the finding of an opened reason is gone, its place has the focus', async () => {
  const page = await opened(panel('', why('b')), {findings: why('a'), open: [0], focus: 'summary'});
  assert.equal(page.body.querySelector('details').open, false);
  assert.equal(page.active, page.body);
});

test('a focus elsewhere stays', async () => {
  const page = await opened(panel('', 'Nothing.'));
  assert.equal(page.window.document.activeElement, page.window.document.body);
});
