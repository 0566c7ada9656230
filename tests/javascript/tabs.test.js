// SPDX-License-Identifier: Apache-2.0
// A tab that is read anew: what is requested, and where the focus is afterwards.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openPage, settle} from './page.js';

const ADDRESS = 'https://dashboard.example/project/images/1/?tab=image_details__used_by';
const RELOAD = `<a href="${ADDRESS}&fresh=1" data-hip-tab-reload>Check Again</a>`;

// The page, whose requests get these answers in turn: HTML, or an error.
function opened(answers, pane = RELOAD) {
  const window = openPage(['base/namespace.js', 'base/enhance.js', 'detail/tabs.js'],
      `<ul data-hip-tabs><li class="active"><a href="${ADDRESS}" data-target="#pane">Used By</a></li></ul>
       <div id="pane">${pane}</div><input>`), {document} = window, requested = [];
  Object.assign(window.horizon.helionImages, {
    loading: () => () => {},
    compileIn: () => {},
    http: {
      getPage: async (url) => {
        requested.push(url);
        const answer = answers.shift();
        if (answer instanceof Error) {
          throw answer;
        }
        return new window.DOMParser().parseFromString(answer, 'text/html');
      },
    },
  });
  return {document, requested, choose: async (selector, then = () => {}) => {
    const button = document.querySelector(selector);
    button.focus();
    button.click();
    then();
    await settle();
  }};
}

test('Try Again after Check Again asks the services again, too', async () => {
  const {document, requested, choose} = opened([new Error('network'), new Error('network'), RELOAD]);
  await choose('[data-hip-tab-reload]');
  assert.equal(document.activeElement.textContent, 'Try Again');
  await choose('#pane button');
  assert.equal(document.activeElement.textContent, 'Try Again');
  await choose('#pane button');
  assert.deepEqual(requested, Array(3).fill(`${ADDRESS}&fresh=1`));
  assert.ok(document.activeElement.matches('[data-hip-tab-reload]'));
});

test('the focus is taken from nothing outside the tab', async () => {
  for (const answer of [RELOAD, new Error('network')]) {
    const {document, choose} = opened([answer]), field = document.querySelector('input');
    await choose('[data-hip-tab-reload]', () => field.focus());
    assert.equal(document.activeElement, field);
    assert.ok(document.querySelector('#pane').textContent);
  }
});

test('a tab without a button of its own gets the focus itself', async () => {
  const {document, choose} = opened([new Error('network'), '<p>Text</p>']);
  await choose('[data-hip-tab-reload]');
  await choose('#pane button');
  assert.equal(document.activeElement.id, 'pane');
});

test('the number beside the name is that of what the tab shows', async () => {
  const counted = (count) => `<div data-hip-tab-count="${count}">${RELOAD}</div>`;
  const {document, choose} = opened([counted('2'), counted('3+'), RELOAD]), shown = [];
  for (let i = 0; i < 3; i += 1) {
    await choose('[data-hip-tab-reload]');
    shown.push(document.querySelector('[data-hip-tabs] a').textContent);
  }
  assert.deepEqual(shown, ['Used By 2', 'Used By 3+', 'Used By 3+']);
});
