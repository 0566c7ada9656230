// SPDX-License-Identifier: Apache-2.0
// Where the focus is in the page that a saved change leads to.
import assert from 'node:assert/strict';
import {afterEach, beforeEach, test} from 'node:test';
import {loadScript, openPage, pass, releaseClock, stopClock} from './page.js';

const ID = '11111111-2222-4333-8444-555555555555', OTHER = '99999999-2222-4333-8444-555555555555';
const MESSAGE = '<div id="main_content"><div class="messages" id="said"><div class="alert"> Updated \n image </div></div></div>';

function row(id, actions = '<a class="data-table-action" id="edit" href="#"></a><button class="dropdown-toggle" id="menu"></button>') {
  return `<div data-hip-images><table><tr data-object-id="${id}"><td><a class="hip-link" id="name" href="#"></a></td>
    <td class="actions_column">${actions}</td></tr></table></div>`;
}

beforeEach(stopClock);
afterEach(releaseClock);

// The page with this content, after a form with this action was sent from the page before.
async function after({action, value, stored}, html) {
  const before = openPage(['base/namespace.js', 'base/enhance.js', 'base/next_page.js'], `<form id="form" action="${action}"></form>`);
  before.horizon.helionImages.expectFocus(before.document.querySelector('form'), value);
  const window = openPage(['base/namespace.js'], html);
  window.sessionStorage.setItem('helion_images_panel.focus', stored ?? before.sessionStorage.getItem('helion_images_panel.focus'));
  // jsdom lays nothing out.
  window.Element.prototype.getClientRects = function () { return this.hidden ? [] : [{}]; };
  return window;
}

async function focused(given, html, prepare = () => {}) {
  const window = await after(given, html), begins = [];
  window.horizon.addInitFunction = (begin) => begins.push(begin);
  window.CSS = {escape: (text) => text};
  for (const name of ['base/enhance.js', 'base/next_page.js']) {
    loadScript(window, name);
  }
  prepare(window);
  begins.forEach((begin) => begin());
  await pass(10);
  assert.equal(window.sessionStorage.length, 0, 'once');
  return window.document.activeElement;
}

test('a form leads to the menu of its image', async () => {
  assert.equal((await focused({action: `/project/images/${ID}/update/`}, MESSAGE + row(ID))).id, 'menu');
});

test('an action of a row leads to its menu, whatever the list is filtered by', async () => {
  const given = {action: `/project/images/?name=${OTHER}`, value: `images__protect__${ID}`};
  assert.equal((await focused(given, row(ID))).id, 'menu');
});

test('a single action stands for the menu, and the name for no action', async () => {
  const given = {action: `/project/images/${ID}/update/`};
  assert.equal((await focused(given, row(ID, '<a class="data-table-action" id="edit" href="#"></a>'))).id, 'edit');
  assert.equal((await focused(given, row(ID, '<a class="data-table-action" href="#" hidden></a>'))).id, 'name');
});

test('without the image on the page the messages have the focus, named by their words', async () => {
  const said = await focused({action: `/project/images/${ID}/update/`}, MESSAGE + row(OTHER));
  assert.equal(said.id, 'said');
  assert.equal(said.getAttribute('aria-label'), 'Updated image');
  assert.equal(said.getAttribute('role'), 'group');
});

test('an action on several rows leads to the messages', async () => {
  const given = {action: `/project/images/?name=${ID}`, value: 'images__protect'};
  assert.equal((await focused(given, MESSAGE + row(ID))).id, 'said');
});

test('without a message too the page keeps its focus', async () => {
  const html = '<div id="main_content"><div class="messages"></div></div>' + row(OTHER);
  assert.equal((await focused({action: `/project/images/${ID}/update/`}, html)).tagName, 'BODY');
});

test('what has the focus already keeps it', async () => {
  const active = await focused({action: `/project/images/${ID}/update/`}, row(ID), ({document}) => document.querySelector('#name').focus());
  assert.equal(active.id, 'name');
});

test('what is stored by nobody moves no focus', async () => {
  assert.equal((await focused({action: '/', stored: '{'}, MESSAGE + row(ID))).tagName, 'BODY');
});
