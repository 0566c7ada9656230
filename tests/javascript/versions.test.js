// SPDX-License-Identifier: Apache-2.0
// Versions of a family are folded below the latest one.
import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';
import {loadScript, openPage} from './page.js';

const SCRIPTS = ['base/namespace.js', 'base/enhance.js'];
let window, changed, answer, asked;

function row(id, of = '', count = '', after = '', more = '', created = '') {
  const box = `<input type="checkbox" class="table-row-multi-select" data-box="${id}">`;
  const family = `data-hip-family="p/f" data-hip-created="${created}" data-hip-versions-url="${more}"`;
  const link = more ? '<a class="hip-family">Versions of f</a>' : '';
  return `<tr data-hip-image="${id}" data-hip-name="${id}" data-hip-version-of="${of}" data-hip-versions="${count}" ${family}>` +
    `<td>${box}<div class="hip-name-line"></div>${link}</td></tr>${after}`;
}

function open(rows) {
  const body = window.document.querySelector('tbody');
  body.innerHTML = rows.join('');
  window.horizon.helionImages.enhanceIn(body);
}

const settled = () => new Promise((resolve) => { setTimeout(resolve, 0); });

beforeEach(() => {
  const rows = [row('one'), row('two', '', '2'), row('three', 'two', '', '<tr class="hip-drawer"></tr>'), row('four', 'two')];
  window = openPage(SCRIPTS, `<div class="hip-list"><table><tbody>${rows.join('')}</tbody></table></div>`);
  window.$ = () => ({on: (_event, _selector, listener) => { changed = listener; }});
  asked = [];
  Object.assign(window.horizon.helionImages, {
    alone: (act) => act(),
    alert: (_kind, text) => Object.assign(window.document.createElement('p'), {textContent: text}),
    compileIn() {},
    http: {getPage: (url) => { asked.push(url); return answer(); }},
    loading: () => () => undefined,
    showMessages() {},
  });
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

function page(rows, rest = '') {
  const parsed = window.document.implementation.createHTMLDocument();
  parsed.body.innerHTML = `<div data-hip-images><table><tbody>${rows.join('')}</tbody></table>${rest}</div>`;
  return Promise.resolve(parsed);
}

test('versions on other pages are fetched once, when they are to be shown', async () => {
  open([row('new', '', '1', '', '?property=f'), row('b', 'new', '', '', '', '2026-02'), row('other')]);
  assert.equal(toggle().textContent.trim(), 'More versions');
  assert.equal(window.document.querySelector('.hip-family'), null);
  assert.deepEqual(asked, []);
  answer = () => page([row('new', '', '', '', '', '2026-09'), row('b'), row('a', '', '', '', '', '2026-01'), row('c', '', '', '', '', '2026-03')]);
  toggle().click();
  await settled();
  assert.deepEqual(asked, ['?property=f']);
  assert.deepEqual(shown(), ['new', 'c', 'b', 'a', 'other']);
  assert.equal(toggle().textContent.trim(), '3 more versions');
  toggle().click();
  assert.deepEqual(shown(), ['new', 'other']);
  toggle().click();
  await settled();
  assert.equal(asked.length, 1);
  assert.deepEqual(shown(), ['new', 'c', 'b', 'a', 'other']);
});

test('a family without other versions, and one with more than a page of them', async () => {
  open([row('new', '', '0', '', '?property=f')]);
  answer = () => page([row('new')]);
  toggle().click();
  await settled();
  assert.equal(toggle().textContent.trim(), 'No more versions');
  // The table is shown anew, and what was unfolded is fetched again.
  answer = () => page([row('new'), row('a')], '<a href="?marker=a">Next</a>');
  open([row('new', '', '0', '', '?property=f')]);
  await settled();
  assert.equal(window.document.querySelector('td a').getAttribute('href'), '?property=f');
  // Their number is not that of all.
  assert.equal(toggle().textContent.trim(), 'More versions');
  assert.equal(toggle().getAttribute('aria-label'), 'More versions of new');
});

test('what could not be fetched is asked for again', async () => {
  open([row('new', '', '0', '', '?property=f')]);
  answer = () => Promise.reject(new Error('none'));
  toggle().click();
  await settled();
  assert.match(window.document.querySelector('td p').textContent, /could not be loaded/);
  assert.equal(toggle().getAttribute('aria-expanded'), 'false');
  answer = () => page([row('a')]);
  toggle().click();
  await settled();
  assert.deepEqual(shown(), ['new', 'a']);
  assert.equal(window.document.querySelector('td p'), null);
});
