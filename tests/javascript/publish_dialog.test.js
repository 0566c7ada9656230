// SPDX-License-Identifier: Apache-2.0
// The button Publish: what stands in the dialog, or above the page.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openPage, settle} from './page.js';

const SCRIPTS = ['base/namespace.js', 'base/enhance.js', 'base/modal.js', 'base/page_session.js', 'base/http.js', 'publish/dialog.js'];
const PAGE = '<div id="main_content" data-hip-login-url="/login/"><div class="messages"></div></div><form action="/images/">' +
  '<button name="action" value="images__publish__1" data-hip-dialog>Publish</button></form>';

// The dashboard's answers in turn; an Error is a network that fails.
async function pressed(...answers) {
  const window = openPage(SCRIPTS, PAGE), {document} = window, asked = [];
  const jquery = {};
  for (const name of ['closest', 'removeClass', 'one', 'on']) {
    jquery[name] = () => jquery;
  }
  window.$ = () => jquery;
  window.fetch = async (url) => {
    const answer = answers.shift();
    asked.push(url);
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  };
  window.horizon.modals.success = (html) => {
    const modal = document.createElement('div');
    modal.className = 'modal';
    modal.innerHTML = html;
    document.body.append(modal);
    return {find: (selector) => modal.querySelectorAll(selector), remove: () => modal.remove(), one: () => {}};
  };
  document.querySelector('button').click();
  await settle();
  await settle();
  const text = (selector) => document.querySelector(selector)?.textContent.trim() ?? '';
  assert.equal(document.querySelector('button').disabled, false);
  return {asked, dialog: text('.modal'), said: text('.messages')};
}

const json = (answer, status) => new Response(JSON.stringify(answer), {status});
const led = () => new Response('', {headers: {'X-Horizon-Location': '/publish/?id=1'}});

test('the answer to the form leads to the dialog', async () => {
  const found = await pressed(led(), new Response('<form data-hip-publish>To whom?</form>'));
  assert.deepEqual(found, {asked: ['/images/', '/publish/?id=1'], dialog: 'To whom?', said: ''});
});

test('a service that fails has a dialog of its own, with Retry', async () => {
  const found = await pressed(led(), new Response('<p data-hip-reason>Keystone is down.</p>'));
  assert.deepEqual([found.dialog, found.said], ['Keystone is down.', '']);
});

test('what the dashboard refuses is said in its words', async () => {
  const elsewhere = {kind: 'elsewhere', reason: 'Opened in A, but B is active.', switch_url: '/switch/', switch_label: 'Back to A'};
  assert.equal((await pressed(json(elsewhere, 409))).said, 'Opened in A, but B is active.Back to A');
  assert.equal((await pressed(json({reason: 'This page is older.'}, 403))).said, 'This page is older.');
  assert.equal((await pressed(new Response('<p data-hip-reason>Glance is down.</p>', {status: 503}))).said, 'Glance is down.');
  assert.equal((await pressed(led(), new Response('', {status: 403}))).said, 'You are not allowed to do this.');
  assert.match((await pressed(led(), new Response('', {status: 404}))).said, /was not found/);
});

test('an ended session offers the login', async () => {
  const ended = () => new Response('', {status: 401, headers: {'X-Horizon-Location': '/login/'}});
  const {asked, said} = await pressed(ended());
  assert.match(said, /Your session has ended.*Log In$/);
  assert.deepEqual(asked, ['/images/']);
  assert.match((await pressed(led(), ended())).said, /Your session has ended/);
});

test('a dashboard that does not respond, or another page, is said', async () => {
  for (const answers of [[new Error('network')], [new Response('<h1>Bad gateway</h1>', {status: 502})],
    [led(), new Response('<h1>Welcome</h1>')]]) {
    const {dialog, said} = await pressed(...answers);
    assert.equal(dialog, '');
    assert.match(said, /The dashboard does not respond|the dashboard does not respond/);
  }
});
