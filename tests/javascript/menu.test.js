// SPDX-License-Identifier: Apache-2.0
// The keys of menus.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openPage} from './page.js';

const SCRIPTS = ['base/namespace.js', 'base/enhance.js', 'base/menu.js'];
const ROW = `<div data-hip-images><div class="btn-group"><a class="dropdown-toggle" href="#"></a><ul class="dropdown-menu">
  <li><a href="/edit/">Edit</a></li><li><button disabled>Share</button></li><li><button>Delete</button></li></ul></div></div>`;
const FILTERS = '<details data-hip-menu open><summary></summary><div class="dropdown-menu"><select></select></div></details>';

// As Bootstrap listens: behind all others, at the document. In jsdom nothing has a size.
function page(html) {
  const window = openPage(SCRIPTS, html), {document} = window, bootstraps = [];
  window.Element.prototype.getClientRects = () => [{}];
  window.$ = (toggle) => ({dropdown: () => toggle.parentNode.classList.add('open')});
  document.addEventListener('keydown', (event) => bootstraps.push(event.key));
  return {
    document,
    bootstraps,
    press: (key) => document.activeElement.dispatchEvent(new window.KeyboardEvent('keydown', {key, bubbles: true, cancelable: true})),
    focused: () => document.activeElement.textContent || document.activeElement.className,
  };
}

test('arrows, Home and End lead through the actions that are possible', () => {
  const {document, bootstraps, press, focused} = page(ROW), seen = [];
  document.querySelector('.dropdown-toggle').focus();
  ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'Home', 'End'].forEach((key) => {
    press(key);
    seen.push(focused());
  });
  assert.deepEqual(seen, ['Edit', 'Delete', 'Edit', 'Delete', 'Edit', 'Delete']);
  assert.deepEqual(bootstraps, []);
});

test('Escape closes the menu and leads back to its button', () => {
  const {document, press, focused} = page(ROW), toggle = document.querySelector('.dropdown-toggle');
  toggle.focus();
  press('ArrowUp');
  assert.equal(focused(), 'Delete');
  press('Escape');
  assert.equal(document.activeElement, toggle);
  assert.equal(toggle.getAttribute('aria-expanded'), 'false');
  assert.equal(document.querySelector('.open'), null);
});

test('the space bar presses a button, and a link too', () => {
  const {document, bootstraps, press} = page(ROW), pressed = [];
  document.addEventListener('click', (event) => {
    event.preventDefault();
    pressed.push(event.target.textContent);
  });
  document.querySelector('.dropdown-toggle').focus();
  press('ArrowDown');
  press(' ');
  press('End');
  // The browser itself presses a button, unless somebody keeps it from that.
  assert.equal(press(' '), true);
  assert.deepEqual(pressed, ['Edit']);
  assert.deepEqual(bootstraps, []);
});

test('a menu with fields leaves them their keys, and closes by Escape', () => {
  const {document, bootstraps, press} = page(FILTERS);
  document.querySelector('select').focus();
  assert.equal(press('ArrowDown'), true);
  press('Escape');
  assert.equal(document.querySelector('details').open, false);
  assert.deepEqual(bootstraps, []);
});
