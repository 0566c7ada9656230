// SPDX-License-Identifier: Apache-2.0
// The notice on images that are going away: shown as text, and dismissed for the tab.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';
import {openPage} from './page.js';

const SCRIPTS = ['base/namespace.js', 'base/page_session.js', 'base/http.js', 'base/enhance.js', 'listing/ending.js'];
const HOSTILE = '<img src=x onerror=alert(1)>';
const ANSWER = {
  sentence: '1 instance uses an image:', more: '2 more', key: 'one',
  images: [
    {name: HOSTILE, url: '/1/', ends: 'Deprecated', uses: '1 instance', replacement: {name: 'newer', url: '/2/'}},
    {name: 'other', url: '/3/', ends: 'Obsolete', uses: '', replacement: null},
  ],
};

async function opened(answer, stored = '') {
  const window = openPage(SCRIPTS), asked = [];
  window.sessionStorage.setItem('helion_images_panel.ending', stored);
  window.fetch = async (url) => {
    asked.push(url);
    return new Response(JSON.stringify(answer || {reason: 'No.'}), {status: answer ? 200 : 503});
  };
  window.document.body.insertAdjacentHTML('beforeend', '<div role="status" data-hip-ending="/ending/"></div>');
  window.horizon.helionImages.enhanceIn(window.document.body);
  await wait(20);
  return {window, asked, place: window.document.querySelector('[data-hip-ending]')};
}

test('each image has its link, its end and its replacement, as text', async () => {
  const {place, asked} = await opened(ANSWER);
  assert.deepEqual(asked, ['/ending/']);
  assert.equal(place.querySelector('img'), null);
  const [first, second] = place.querySelectorAll('li');
  assert.equal(first.textContent, `${HOSTILE} (Deprecated; 1 instance) Replaced by: newer`);
  assert.deepEqual(Array.from(first.querySelectorAll('a'), (link) => link.getAttribute('href')), ['/1/', '/2/']);
  assert.equal(second.textContent, 'other (Obsolete)');
  assert.ok(place.textContent.endsWith('2 more'));
});

test('nothing is shown without an image, after a failure, or once it was dismissed', async () => {
  for (const [answer, stored] of [[{sentence: '', images: [], key: ''}, ''], [null, ''], [ANSWER, 'one']]) {
    assert.equal((await opened(answer, stored)).place.textContent, '');
  }
  assert.notEqual((await opened(ANSWER, 'another')).place.textContent, '');
});

test('it is dismissed for the tab, and the focus stays there', async () => {
  const {window, place} = await opened(ANSWER);
  place.querySelector('button').click();
  assert.equal(place.textContent, '');
  assert.equal(window.document.activeElement, place);
  assert.equal(window.sessionStorage.getItem('helion_images_panel.ending'), 'one');
});
