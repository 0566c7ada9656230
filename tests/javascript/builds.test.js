// SPDX-License-Identifier: Apache-2.0
// Official Images: the publishers' lists are read in portions, and the cards shown anew.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';
import {openPage} from './page.js';

const SCRIPTS = ['base/namespace.js', 'base/page_session.js', 'base/http.js', 'base/enhance.js', 'catalogue/builds.js'];

// The page, where the dashboard answers each portion in turn.
async function opened(answers, stale = '') {
  const window = openPage(SCRIPTS), hip = window.horizon.helionImages, posted = [], said = [];
  let refreshed = 0;
  hip.refresh = () => { refreshed += 1; };
  window.setTimeout = (act) => globalThis.setTimeout(act, 0);
  window.fetch = async (url, options) => {
    posted.push(options.body.get('stale'));
    said.push(status(window));
    const answer = answers[Math.min(posted.length, answers.length) - 1];
    return new Response(JSON.stringify(answer), {status: answer.reason ? 403 : 200});
  };
  window.document.body.insertAdjacentHTML('beforeend', `<form action="/builds/" data-hip-builds ${stale}>
    <button>Check</button><span data-hip-builds-status></span></form><ul class="hip-cards"></ul>`);
  hip.enhanceIn(window.document.body);
  await wait(20);
  return {window, posted, said, refreshed: () => refreshed};
}

function status(window) {
  return window.document.querySelector('[data-hip-builds-status]').textContent;
}

async function submit(page) {
  const event = new page.window.Event('submit', {bubbles: true, cancelable: true});
  page.window.document.querySelector('form').dispatchEvent(event);
  await wait(20);
  return event;
}

test('old lists are read without being asked, until none is left', async () => {
  const page = await opened([{left: 5, total: 8}, {left: null, total: 8}, {left: 0, total: 8}], 'data-hip-stale');
  assert.deepEqual(page.posted, ['true', 'true', 'true']);
  assert.equal(page.said[1], 'Reading the publishers\' lists: 3 of 8');
  assert.equal(status(page.window), 'The publishers\' lists were read.');
  assert.equal(page.refreshed(), 1);
});

test('new lists are read when the button is pressed, which goes nowhere', async () => {
  const page = await opened([{left: 0, total: 8}]);
  assert.deepEqual(page.posted, []);
  assert.equal((await submit(page)).defaultPrevented, true);
  assert.deepEqual(page.posted, ['false']);
  assert.equal(page.window.document.querySelector('button').hasAttribute('aria-disabled'), false);
});

test('a refusal is shown, and can be tried again', async () => {
  const page = await opened([{reason: 'No way out.'}, {left: 0, total: 8}]);
  await submit(page);
  assert.equal(status(page.window), 'No way out.');
  assert.equal(page.refreshed(), 0);
  await submit(page);
  assert.equal(page.refreshed(), 1);
});

test('a cache that keeps nothing ends it', async () => {
  const page = await opened([{left: 8, total: 8}], 'data-hip-stale');
  await wait(200);
  assert.equal(page.posted.length, 60);
  assert.equal(status(page.window), 'The publishers\' lists could not all be read. Try again later.');
});

test('an image that has its data is on its card', async () => {
  const page = await opened([{left: 0, total: 8}]);
  for (const state of ['importing', 'done']) {
    page.window.document.dispatchEvent(new page.window.CustomEvent('hip:transfer', {detail: {is: (each) => each === state}}));
  }
  assert.equal(page.refreshed(), 1);
});
