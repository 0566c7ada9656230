// SPDX-License-Identifier: Apache-2.0
// What scripts write, in a language in which each message has brackets, as in tests/pseudo.py. Data
// begins with "zz". tests/browser/test_pseudo_language.py reads the pages; here are states that a
// browser reaches slowly, or by a failure only.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';
import {loadScript, openPage} from './page.js';

const BASE = ['base/namespace.js', 'base/page_session.js', 'base/http.js', 'base/enhance.js'];
const ATTRIBUTES = ['title', 'placeholder', 'aria-label', 'alt', 'aria-valuetext'];

// The page with the script, where the dashboard answers what `answers` has, one after the other;
// what is no object is no answer.
function opened(name, html, answers = [], others = [], use = () => {}) {
  const window = openPage([...BASE, ...others], html), hip = window.horizon.helionImages, read = [];
  window.gettext = (text) => `⟦${text}⟧`;
  window.ngettext = (one, many, count) => `⟦${count === 1 ? one : many}⟧`;
  window.fetch = async () => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    read.push(words(window.document.body));
    if (!answer) {
      throw new TypeError('no network');
    }
    return new Response(JSON.stringify(answer), {status: answer.reason ? 403 : 200});
  };
  window.setTimeout = (act, _ms, ...given) => globalThis.setTimeout(act, 0, ...given);
  hip.refresh = () => {};
  use(hip, window);
  loadScript(window, name);
  hip.enhanceIn(window.document.body);
  return {window, document: window.document, hip, read};
}

function words(element) {
  const text = [element.textContent];
  element.querySelectorAll('*').forEach((each) => {
    ATTRIBUTES.forEach((attribute) => text.push(each.getAttribute(attribute) || ''));
  });
  return text.join(' ');
}

// Without what is in brackets, of which one may be within another, and without data.
function forgotten(text) {
  let rest = text, before = '';
  while (rest !== before) {
    before = rest;
    rest = rest.replace(/⟦[^⟦⟧]*⟧/g, ' ');
  }
  return rest.replace(/zz\S*/g, ' ').match(/\p{Letter}{2,}/gu) || [];
}

function check(...texts) {
  texts.forEach((text) => {
    assert.deepEqual(forgotten(text), []);
  });
  assert.match(texts.at(-1), /⟦/);
}

test('what is read is seen', () => {
  assert.deepEqual(forgotten('⟦All %(n)s of ⟦one⟧⟧ zzname (word) 12'), ['word']);
});

test('builds.js', async () => {
  const form = '<form action="/b/" data-hip-builds data-hip-stale><button></button><span data-hip-builds-status></span></form>';
  for (const answers of [[{left: 5, total: 8}, {left: 2, total: 8}, {left: 0, total: 8}], [null], [{left: 8, total: 8}]]) {
    const page = opened('catalogue/builds.js', form, answers);
    await wait(150);
    check(...page.read, words(page.document.body));
  }
});

test('verify.js', async () => {
  const mark = '<div class="messages"></div><span data-hip-verify="/v/"><span data-hip-verify-line></span></span>';
  const failed = {verification: 'mismatch', name: 'zzname', expected: 'zz1', actual: 'zz2', seen_url: '/s/'};
  const answers = [null, {verification: 'x'}, {}, failed, {...failed, official: true}, {...failed, seen_url: ''},
    {verification: 'mismatch'}];
  for (const answer of answers) {
    const page = opened('transfers/verify.js', mark, [answer], [], (hip, window) => {
      hip.queue = {all: () => []};
      hip.notice = (_kind, text) => {
        const made = hip.element('div', '', text);
        window.document.querySelector('.messages').append(made);
        return made;
      };
    });
    await wait(30);
    check(...page.read, words(page.document.body));
  }
});

test('url_check.js', async () => {
  const form = `<form data-hip-create action="/c/"><input name="name"><select name="source"><option value="location"></option></select>
    <div class="form-group"><input name="location" data-hip-url-check="true" value="zz"></div>
    <select name="disk_format" data-hip-format><option value="raw" selected></option><option value="qcow2"></option></select>
    <textarea name="checksum"></textarea></form>`;
  const values = {format: 'qcow2', format_label: 'zz', size_bytes: 5, by_name: false};
  for (const answer of [{rows: [['zz', 'zz']], notes: ['zz'], values, checksum: {value: 'zz', text: 'zz'}}, null]) {
    const page = opened('create/url_check.js', form, [answer], ['create/file_hints.js', 'create/quota.js'], (hip, window) => {
      window.$ = () => ({on: () => {}, trigger: () => {}});
    });
    page.document.querySelector('[name=disk_format]').value = 'raw';
    const button = page.document.querySelector('.input-group-btn button');
    for (const text of ['', 'zzsum']) {
      page.document.querySelector('[name=checksum]').value = text;
      button.click();
      await wait(20);
      check(...page.read, words(page.document.body));
    }
  }
  const page = opened('create/url_check.js', form, [{}], ['create/file_hints.js', 'create/quota.js'], (hip, window) => {
    window.$ = () => ({on: () => {}, trigger: () => {}});
  });
  page.document.querySelector('.input-group-btn button').click();
  const group = page.document.querySelector('.input-group');
  group.dispatchEvent(new page.window.KeyboardEvent('keydown', {key: 'Escape', bubbles: true, cancelable: true}));
  check(words(page.document.body));
});

test('confirm_name.js', () => {
  const html = `<div data-hip-confirm-name="zzproject"></div><button value="images__delete_permanently"></button>
    <div class="modal"><div class="modal-body"></div><a class="submit"></a></div>`;
  const {document, hip} = opened('listing/confirm_name.js', html);
  hip.askForName(document.querySelector('button'), ['true', 'true'], document.querySelector('.modal-body'), document.querySelector('.submit'));
  check(words(document.body));
});

test('versions.js', async () => {
  const row = (id, of, more) => `<tr data-hip-image="${id}" data-hip-name="${id}" data-hip-version-of="${of}" data-hip-versions="1"
    data-hip-family="f" data-hip-versions-url="${more}"><td><div class="hip-name-line"></div></td></tr>`;
  for (const [more, link] of [['', ''], ['/all/', ''], ['/all/', '<a href="?marker=zz"></a>'], ['/fails/', '']]) {
    const rows = row('zzone', '', more) + (more ? '' : row('zztwo', 'zzone', ''));
    const {document} = opened('listing/versions.js', `<div class="hip-list"><table>${rows}</table></div>`, [], [], (hip, own) => {
      const fresh = own.document.createElement('div');
      fresh.innerHTML = `<div data-hip-images>${link}</div>`;
      own.$ = () => ({on: () => {}});
      Object.assign(hip, {
        alone: (act) => act(), alert: (_kind, text) => hip.element('p', '', text), compileIn() {}, loading: () => () => undefined,
        showMessages() {}, http: {getPage: async () => (more === '/fails/' ? Promise.reject(new Error()) : fresh)},
      });
    });
    check(words(document.body));
    document.querySelector('.hip-versions-toggle').click();
    await wait(10);
    check(words(document.body));
  }
});

test('ending.js', async () => {
  const image = {name: 'zz1', url: '/1/', ends: 'zz', uses: 'zz', replacement: {name: 'zz2', url: '/2/'}};
  const answer = {sentence: 'zz', more: 'zz', key: 'zz', images: [image]};
  const {document} = opened('listing/ending.js', '<div data-hip-ending="/ending/"></div>', [answer]);
  await wait(20);
  assert.ok(document.querySelector('li'));
  check(words(document.body));
});
