// SPDX-License-Identifier: Apache-2.0
// What a page shows while a part of it is being loaded.
import assert from 'node:assert/strict';
import {afterEach, beforeEach, test} from 'node:test';
import {openPage, pass, press, releaseClock, stopClock} from './page.js';

let window, panel;

beforeEach(() => {
  stopClock();
  window = openPage(['base/namespace.js', 'base/loading.js'], `<div data-hip-images>
    <a id="order" href="?order=name:asc">Name</a><a id="dialog" class="ajax-modal" href="/create/">Create</a>
    <a id="file" href="/download/" data-hip-download>Download</a><a id="beside" href="/x/" target="_blank">Beside</a>
    <form data-hip-filters></form></div>
    <section data-hip-dock><a id="uploaded" href="/details/">An image</a><a id="edit" class="ajax-modal" href="/edit/">Edit</a></section>`);
  panel = window.document.querySelector('[data-hip-images]');
});
afterEach(releaseClock);

const isBusy = () => panel.getAttribute('aria-busy') === 'true' && Boolean(window.document.querySelector('.hip-loading-bar'));

function click(id, options) {
  window.document.getElementById(id).dispatchEvent(new window.MouseEvent('click', {bubbles: true, cancelable: true, ...options}));
}

test('it shows after a moment, and not before', async () => {
  const end = window.horizon.helionImages.loading(panel);
  await pass(250);
  assert.equal(isBusy(), false);
  await pass(100);
  assert.equal(isBusy(), true);
  assert.equal(window.document.querySelector('.hip-loading-bar [role=status]').textContent, 'Loading…');
  end();
  assert.equal(isBusy(), false);
});

test('what is quick shows nothing', async () => {
  window.horizon.helionImages.loading(panel)();
  await pass(1000);
  assert.equal(isBusy(), false);
});

for (const [id, options, shows] of [['order', {}, true], ['order', {ctrlKey: true}, false], ['dialog', {}, false],
  ['file', {}, false], ['beside', {}, false], ['uploaded', {}, true], ['edit', {}, false]]) {
  test(`a click on ${id} ${JSON.stringify(options)}: ${shows}`, async () => {
    click(id, options);
    await pass(500);
    assert.equal(isBusy(), shows);
  });
}

test('what a script does by itself is no other page', async () => {
  window.document.addEventListener('click', (event) => event.preventDefault());
  click('order');
  await pass(500);
  assert.equal(isBusy(), false);
});

for (const [name, act] of [
  ['the page comes back', () => window.dispatchEvent(Object.assign(new window.Event('pageshow'), {persisted: true}))],
  ['the person stops it', () => press(window, panel, 'Escape')],
  ['nothing comes for a minute', () => pass(60_000, 10_000)],
]) {
  test(`it ends when ${name}`, async () => {
    window.document.forms[0].dispatchEvent(new window.Event('submit', {bubbles: true}));
    await pass(500);
    assert.equal(isBusy(), true);
    await act();
    assert.equal(isBusy(), false);
  });
}
