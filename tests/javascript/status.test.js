// SPDX-License-Identifier: Apache-2.0
// How often the list asks about images that are on their way.
import assert from 'node:assert/strict';
import {afterEach, beforeEach, test} from 'node:test';
import {json} from './dashboard.js';
import {openPage, pass, releaseClock, stopClock} from './page.js';

const SCRIPTS = [
  'base/namespace.js', 'base/http.js', 'base/image_api.js', 'base/page_session.js', 'base/enhance.js', 'base/refresh.js',
  'base/watch.js', 'listing/status.js',
];
let status, asked, window;

beforeEach(() => {
  stopClock();
  status = 'importing';
  asked = [];
  const marks = ['one', 'two'].map((id) => `<span data-hip-watch="${id}"></span>`).join('');
  window = openPage(SCRIPTS, `<div data-hip-images data-progress-url="/progress/">${marks}</div>`);
  // To jsdom every page is hidden.
  show(true);
  window.fetch = async (url) => {
    const ids = new URL(url, 'https://x').searchParams.getAll('id');
    asked.push({at: Date.now(), ids});
    return json({images: ids.map((id) => ({id, status, status_label: status, in_progress: status === 'importing'}))});
  };
});
afterEach(releaseClock);

function show(visible) {
  Object.defineProperty(window.document, 'hidden', {value: !visible, configurable: true});
  window.document.dispatchEvent(new window.Event('visibilitychange'));
}

const waits = () => asked.slice(1).map(({at}, n) => at - asked[n].at);

async function passSeconds(count) {
  for (let n = 0; n < count; n += 1) {
    await pass(1000);
  }
}

test('one question for all, at first every two seconds, later every thirty', async () => {
  await passSeconds(600);
  assert.ok(asked.every(({ids}) => ids.join() === 'one,two'));
  const found = waits();
  assert.ok(found[0] >= 2000 && found[0] <= 3000, String(found));
  assert.ok(found.every((wait, n) => !n || wait >= found[n - 1] - 1000), String(found));
  assert.ok(found.at(-1) >= 29000 && found.at(-1) <= 31000, String(found));
});

test('more images than one question may have are asked for in portions, and none is missing', async () => {
  const panel = window.document.querySelector('[data-hip-images]'), ids = Array.from({length: 199}, (_each, n) => `many-${n}`);
  panel.innerHTML = ids.map((id) => `<span data-hip-watch="${id}"></span>`).join('');
  window.horizon.helionImages.enhanceIn(panel);
  status = 'saving';
  await passSeconds(3);
  assert.deepEqual(asked.map((each) => each.ids.length).slice(0, 3), [80, 80, 39]);
  assert.deepEqual(asked.slice(0, 3).flatMap((each) => each.ids), ids);
  assert.equal(panel.textContent, 'saving'.repeat(199));
});

test('a new status is followed closely again', async () => {
  await passSeconds(600);
  status = 'saving';
  const before = asked.length;
  window.fetch = ((fetch) => async (url) => {
    const response = await fetch(url);
    const {images} = await response.json();
    return json({images: images.map((image) => ({...image, in_progress: true}))});
  })(window.fetch);
  await passSeconds(70);
  // At the old pace there would be three.
  assert.ok(asked.length - before >= 6, String(asked.length - before));
});

test('nothing is asked once nothing moves', async () => {
  await passSeconds(5);
  status = 'active';
  await passSeconds(20);
  const before = asked.length;
  await passSeconds(600);
  assert.equal(asked.length, before);
});

test('nothing is asked while the page is hidden', async () => {
  await passSeconds(5);
  const before = asked.length;
  show(false);
  await passSeconds(600);
  assert.equal(asked.length, before);
  show(true);
  await passSeconds(3);
  assert.ok(asked.length > before);
});

// The details of an image: what they show of a second attempt, and what is told of it.
async function followDetails(shown, told) {
  const alert = shown ? `<p data-hip-retry="${shown}"></p>` : '';
  const page = openPage(SCRIPTS, `<div data-hip-images data-progress-url="/progress/"><span data-hip-watch="one"></span>
    <div class="hip-overview">${alert}</div></div>`);
  let renewed = 0;
  Object.defineProperty(page.document, 'hidden', {value: false, configurable: true});
  page.horizon.helionImages.refresh = () => { renewed += 1; };
  page.fetch = async () => json({images: [{id: 'one', status: 'queued', status_label: 'Queued', in_progress: true, ...told}]});
  page.document.dispatchEvent(new page.Event('visibilitychange'));
  await passSeconds(3);
  return renewed;
}

for (const [shown, told, renewed] of [
  ['', '', 0], ['waiting', 'waiting', 0], ['', 'waiting', 1], ['checking', 'waiting', 1], ['waiting', 'started', 1],
]) {
  test(`details that say "${shown}" are read again where it is "${told}": ${renewed}`, async () => {
    assert.equal(await followDetails(shown, {retry: told, retry_note: told && 'It goes on.'}), renewed);
  });
}
