// SPDX-License-Identifier: Apache-2.0
// What all scripts build with: numbers, requests, behaviour for new elements.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {openPage} from './page.js';

const SIZES = JSON.parse(readFileSync(new URL('cases/sizes.json', import.meta.url), 'utf8'));

const VISIBLE = JSON.parse(readFileSync(new URL('cases/visible.json', import.meta.url), 'utf8'));
const ISOLATED = JSON.parse(readFileSync(new URL('cases/isolated.json', import.meta.url), 'utf8'));

test('sizes are written as the server writes them', () => {
  const {bytes} = openPage(['base/namespace.js']).horizon.helionImages;
  assert.deepEqual(SIZES.map((each) => bytes(each.bytes)), SIZES.map((each) => each.text));
});

test('what shows nothing is what the server takes for that', () => {
  const {isVisible} = openPage(['base/namespace.js']).horizon.helionImages;
  assert.deepEqual(VISIBLE.map((each) => isVisible(each.text)), VISIBLE.map((each) => each.visible));
});

test('a text that moves no other words is that of the server', () => {
  const {isolated} = openPage(['base/namespace.js']).horizon.helionImages;
  assert.deepEqual(ISOLATED.map((each) => isolated(each.text)), ISOLATED.map((each) => each.isolated));
  assert.deepEqual(ISOLATED.map((each) => isolated(isolated(each.text))), ISOLATED.map((each) => each.isolated));
});

test('what is left is rounded up', () => {
  const {duration} = openPage(['base/namespace.js']).horizon.helionImages;
  assert.deepEqual([0.2, 1.5, 59.4, 61, 7200, 7201].map((seconds) => duration(seconds)),
    ['1 second', '2 seconds', '1 minute', '2 minutes', '120 minutes', '3 hours']);
});

// A page with `http`, the requests that came from it, and one answer to all.
function asking(response, html = '') {
  const window = openPage(['base/namespace.js', 'base/page_session.js', 'base/http.js'], html), requests = [];
  window.fetch = async (url, options) => {
    requests.push({url, ...options});
    return response();
  };
  return {window, requests, http: window.horizon.helionImages.http};
}

const FORM = '<form><input name="csrfmiddlewaretoken" value="of-the-form"></form>';

test('a question has its parameters behind what stands in the URL', async () => {
  const {http, requests} = asking(() => new Response('{"found": 1}'));
  assert.deepEqual(await http.getJson('/a/', {q: 'ä & b'}), {found: 1});
  await http.getJson('/a/?image=1', {q: 'b'});
  await http.getJson('/a/');
  assert.deepEqual(requests.map((each) => each.url), ['/a/?q=%C3%A4+%26+b', '/a/?image=1&q=b', '/a/']);
  assert.ok(requests.every((each) => each.credentials === 'same-origin'));
});

test('a refusal is an error of its status and its reason', async () => {
  const {http} = asking(() => new Response('{"reason": "No.", "kind": "session"}', {status: 403}));
  await assert.rejects(http.getJson('/a/'), {status: 403, reason: 'No.', kind: 'session'});
  const {http: proxy} = asking(() => new Response('<h1>Bad gateway</h1>', {status: 502}));
  await assert.rejects(proxy.getDialog('/a/'), {status: 502, reason: 'The dashboard does not respond. Try again.'});
  const answer = await proxy.postForJson('/a/');
  assert.equal(answer.status, 502);
  assert.match(answer.reason, /may not have completed/);
});

test('a page in place of what was asked for tells why', async () => {
  const page = '<div class="alert"><p data-hip-reason> The image service does not respond. </p></div>';
  const {http} = asking(() => new Response(page, {status: 503}));
  await assert.rejects(http.getJson('/a/'), {status: 503, reason: 'The image service does not respond.'});
  await assert.rejects(http.postForPage('/a/'), {status: 503, reason: 'The image service does not respond.'});
  assert.equal((await http.postForJson('/a/')).reason, 'The image service does not respond.');
  assert.equal((await http.refusalOf(await http.post('/a/'))).reason, 'The image service does not respond.');
  const {http: forbidden} = asking(() => new Response(page, {status: 403}));
  await assert.rejects(forbidden.getDialog('/a/'), {status: 403, reason: 'The image service does not respond.'});
});

test('a dialog behind the login is none', async () => {
  const {http} = asking(() => new Response('', {headers: {'X-Horizon-Location': '/auth/login/'}}));
  await assert.rejects(http.getDialog('/a/'), {kind: 'session'});
});

test('an answer that is no object is none', async () => {
  for (const text of ['null', '3', '[]', '<p>', '']) {
    const {http} = asking(() => new Response(text, {status: 500}));
    assert.ok((await http.postForJson('/a/')).reason, text);
  }
});

test('a page in place of the one that was asked for is none', async () => {
  const {http, requests} = asking(() => Object.defineProperty(new Response('<p>Log in'), 'redirected', {value: true}));
  await assert.rejects(http.getPage('/a/', {'X-One': '1'}, 1000));
  assert.equal(requests[0].headers['X-Requested-With'], undefined);
});

// What the page says of it.
const notices = (window) => Array.from(window.document.querySelectorAll('[data-hip-ended]'));

test('the login page in place of a page, or of an answer, is said once above the page', async () => {
  for (const [way, response] of [
    ['getPage', () => Object.defineProperties(new Response('<p>Log in'), {
      redirected: {value: true}, url: {value: 'https://dashboard.example/auth/login/?next=/a/'},
    })],
    ['getJson', () => new Response('', {status: 401})],
    ['getJson', () => new Response('{"kind": "session", "reason": "ended"}', {status: 403})],
  ]) {
    const {window, http} = asking(response), ask = () => http[way]('/a/', {}, 1000);
    await assert.rejects(ask(), {kind: 'session'});
    await assert.rejects(ask(), {kind: 'session'});
    assert.equal(notices(window).length, 1);
    assert.equal(notices(window)[0].querySelector('a').getAttribute('href'), '/auth/login/');
    // Once the person has closed it, only what they do themselves says it again.
    notices(window)[0].querySelector('.close').click();
    await assert.rejects(ask(), {kind: 'session'});
    assert.equal(notices(window).length, 0);
    window.horizon.helionImages.page.refusalNotice({kind: 'session', reason: 'ended'});
    assert.equal(notices(window).length, 1);
  }
});

test('a post has the token of the cookie, in its header and in its form', async () => {
  const {window, http, requests} = asking(() => new Response('{}'), FORM);
  window.document.cookie = 'csrftoken=of-the-cookie';
  await http.post('/a/', new window.FormData(window.document.querySelector('form')));
  assert.equal(requests[0].headers['X-CSRFToken'], 'of-the-cookie');
  assert.equal(requests[0].body.get('csrfmiddlewaretoken'), 'of-the-cookie');
});

const PAGE = '<template data-hip-page="user_id=kim"></template>';
const POSTED = '<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="old">' +
  '<input type="hidden" name="hip_page" value="user_id=of-the-dialog"></form>';

test('what changes something names the session that the page shows, and not that of a later dialog', async () => {
  const {window, http, requests} = asking(() => new Response('{}'), PAGE + POSTED);
  await http.post('/a/', new window.FormData(window.document.querySelector('form')));
  await http.post('/a/', null, 'user_id=chosen');
  assert.deepEqual(requests.map((each) => each.headers['X-Helion-Images-Page']), ['user_id=kim', 'user_id=chosen']);
  assert.equal(requests[0].body.get('hip_page'), 'user_id=kim');
});

test('a form that the browser sends has the token of the last login and the session of the page', () => {
  const {window} = asking(() => new Response('{}'), PAGE + POSTED), form = window.document.querySelector('form');
  window.document.cookie = 'csrftoken=of-the-cookie';
  form.dispatchEvent(new window.Event('submit', {bubbles: true, cancelable: true}));
  assert.equal(form.elements.csrfmiddlewaretoken.value, 'of-the-cookie');
  assert.equal(form.elements.hip_page.value, 'user_id=kim');
});

test('a form that repeats what an outdated page sent keeps the session of that page', () => {
  const {window} = asking(() => new Response('{}'), PAGE + POSTED.replace('<form', '<form data-hip-outdated'));
  const form = window.document.querySelector('form');
  form.dispatchEvent(new window.Event('submit', {bubbles: true, cancelable: true}));
  assert.equal(form.elements.hip_page.value, 'user_id=of-the-dialog');
});

test('a page that was loaded again from another project is not taken for this one, which is said once', () => {
  const {window} = asking(() => new Response('{}'), PAGE), {page} = window.horizon.helionImages;
  const loaded = (html) => new window.DOMParser().parseFromString(html, 'text/html');
  assert.ok(page.isStill(loaded(PAGE)));
  assert.equal(window.document.querySelectorAll('[data-hip-elsewhere]').length, 0);
  assert.ok(!page.isStill(loaded(PAGE.replace('kim', 'lee'))));
  assert.ok(!page.isStill(loaded('<p>')));
  assert.equal(window.document.querySelectorAll('[data-hip-elsewhere]').length, 1);
});

test('a refusal has words for whatever the answer was', async () => {
  const kinds = [];
  for (const [status, headers] of [[401, {}], [200, {'X-Horizon-Location': '/auth/login/'}], [403, {}], [404, {}], [500, {}]]) {
    const {http} = asking(() => new Response('<p>', {status, headers}));
    const answer = await http.refusalOf(await http.post('/a/'));
    assert.ok(answer.reason);
    kinds.push(answer.kind);
  }
  assert.deepEqual(kinds, ['session', 'session', 'refused', 'refused', 'refused']);
});

test('where scripts may not see the cookie, the token of the form, or of the page', async () => {
  const {window, http, requests} = asking(() => new Response('{}'), FORM), body = new window.FormData();
  body.set('csrfmiddlewaretoken', 'of-the-body');
  await http.post('/a/', body);
  await http.post('/a/', new window.URLSearchParams({action: 'x'}));
  await http.post('/a/');
  assert.deepEqual(requests.map((each) => each.headers['X-CSRFToken']), ['of-the-body', 'of-the-form', 'of-the-form']);
  assert.equal(requests[1].body.has('csrfmiddlewaretoken'), false);
});

test('each element is enhanced once, wherever it comes from', () => {
  const window = openPage(['base/namespace.js', 'base/enhance.js'], '<p class="a" id="first"></p>');
  const {enhance, enhanceIn} = window.horizon.helionImages, begun = [];
  enhance('.a', (element) => { begun.push(element.id); });
  window.dialog('<p class="a" id="second"></p>');
  enhanceIn(window.document.body);
  enhanceIn(window.document.querySelector('#second'));
  assert.deepEqual(begun, ['first', 'second']);
});

test('what stands for an element ends when that has left the page', () => {
  const window = openPage(['base/namespace.js', 'base/enhance.js'], '<p class="a"></p><p class="a" id="b"></p>');
  const {enhance, enhanceIn} = window.horizon.helionImages, ended = [];
  enhance('.a', (element) => () => ended.push(element.id));
  window.document.querySelector('#b').remove();
  enhanceIn(window.document.body);
  enhanceIn(window.document.body);
  assert.deepEqual(ended, ['b']);
});
