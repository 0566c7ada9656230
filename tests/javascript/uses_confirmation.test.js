// SPDX-License-Identifier: Apache-2.0
// What uses the images of a dialog that takes them away.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openPage, settle} from './page.js';

const SCRIPTS = ['base/namespace.js', 'base/enhance.js', 'uses/confirmation.js'];

// A form with a place for the uses of an image, and its fields.
function place(names, attributes = '', fields = '') {
  const page = `<form>${fields}<div data-hip-uses-of='${JSON.stringify(names)}' data-uses-url="/uses/" ${attributes}></div></form>`,
    window = openPage(SCRIPTS), {document} = window, asked = [];
  window.horizon.helionImages.uses = (url, ids, report, projects) => {
    asked.push([url, ids.join(), [...projects]]);
    report(Object.fromEntries(ids.map((id) => [id, id === 'unused' ? [] : ['In use by 2 instances']])), 'Checked 3 seconds ago.');
    return Promise.resolve();
  };
  window.dialog(page);
  return {
    window, document, asked,
    element: document.querySelector('[data-hip-uses-of]'),
    lines: () => Array.from(document.querySelectorAll('li:not([hidden])'), (line) => line.textContent),
    said: () => document.querySelector('[role=status]')?.textContent,
    change: (name, value) => {
      const field = document.querySelector(`[name=${name}]`);
      field[field.type === 'checkbox' ? 'checked' : 'value'] = value;
      field.dispatchEvent(new window.Event('change', {bubbles: true}));
    },
  };
}

test('a form that only takes an image away shows its uses', async () => {
  const page = place({one: ''});
  assert.deepEqual(page.asked, [['/uses/', 'one', []]]);
  await settle();
  assert.deepEqual(page.lines(), [' In use by 2 instances']);
  assert.equal(page.said(), 'Checked 3 seconds ago.');
});

test('several images are told apart, and those without uses are not shown', async () => {
  const page = place({one: 'first', unused: 'second'});
  await settle();
  assert.deepEqual(page.lines(), ['"first" In use by 2 instances']);
});

test('the services are asked once, and not before a field takes the image away', async () => {
  const page = place({one: ''}, 'data-hip-uses-fields="delete_on hides"',
    '<input type="date" name="delete_on"><input type="checkbox" name="hides"><input name="other" value="x">');
  assert.deepEqual([page.asked.length, page.element.hidden], [0, true]);
  page.change('other', 'y');
  assert.equal(page.asked.length, 0);
  page.change('delete_on', '2099-01-01');
  assert.deepEqual([page.asked.length, page.element.hidden], [1, false]);
  page.change('delete_on', '');
  assert.equal(page.element.hidden, true);
  page.change('hides', true);
  assert.deepEqual([page.asked.length, page.element.hidden], [1, false]);
});

test('a field may have other values with which the image stays', () => {
  const select = '<select name="visibility"><option>public</option><option>shared</option><option>private</option></select>',
    page = place({one: ''}, 'data-hip-uses-fields="visibility" data-hip-uses-values="private shared"', select);
  assert.equal(page.element.hidden, true);
  page.change('visibility', 'shared');
  assert.deepEqual([page.asked.length, page.element.hidden], [1, false]);
});

test('names are text', () => {
  const page = place({one: '<img src=x>'});
  assert.equal(page.document.querySelector('img'), null);
});

test('uses that cannot be checked are no unused image', async () => {
  const window = openPage(SCRIPTS);
  window.horizon.helionImages.uses = () => Promise.reject(new Error('network'));
  window.dialog('<div data-hip-uses-of=\'{"one": ""}\' data-uses-url="/uses/"></div>');
  await settle();
  assert.equal(window.document.querySelector('[role=status]').textContent, 'The uses of the image could not be checked.');
});

test('Remove Member shows the uses in the projects that lose the image', async () => {
  const window = openPage(SCRIPTS, `<div data-hip-images data-uses-url="/uses/"><span data-hip-image="one"></span><table><tbody>
      <tr><td><input class="table-row-multi-select" type="checkbox" value="p1" checked></td></tr>
      <tr><td><input class="table-row-multi-select" type="checkbox" value="p2"></td></tr>
      <tr><td><input class="table-row-multi-select" type="checkbox" value="p/3" checked></td></tr></tbody></table></div>
      <div id="modal_wrapper"></div>`), {document} = window, asked = [];
  window.horizon.helionImages.uses = (_url, ids, report, projects) => {
    asked.push([...projects]);
    report({[ids[0]]: ['In use by 1 instance']}, '');
    return Promise.resolve();
  };
  for (const value of ['members__remove', 'members__remove__p2']) {
    document.querySelector('table').insertAdjacentHTML('beforeend', `<tfoot><tr><td><button name="action" value="${value}"></button></td></tr></tfoot>`);
    document.querySelector('#modal_wrapper').innerHTML = '<div class="modal"><div class="modal-body">Sure?</div></div>';
    document.querySelector(`[value="${value}"]`).click();
    await settle();
    assert.match(document.querySelector('.modal-body').textContent, /^Sure\? In use by 1 instance/);
  }
  assert.deepEqual(asked, [['p1', 'p/3'], ['p2']]);
});

test('more projects than a URL has room for are sent as a form, and have one label', async () => {
  const projects = Array.from({length: 901}, (_each, number) => `p${number}`),
    window = openPage(['base/namespace.js', 'base/image_api.js', 'base/enhance.js', 'uses/confirmation.js']), asked = [];
  window.horizon.helionImages.http = {
    postForJson: (url, body) => {
      const own = body.getAll('project');
      assert.deepEqual([url, body.getAll('id')], ['/uses/', ['one']]);
      asked.push(own.length);
      return Promise.resolve({uses: {one: [`In use in ${own.length}`]}, note: `Not seen: ${own[0]}.`, status: 200});
    },
  };
  window.dialog(`<div data-hip-uses-of='{"one": ""}' data-uses-url="/uses/" data-hip-uses-projects="${projects.join(' ')}"></div>`);
  await settle();
  await settle();
  assert.deepEqual(asked, [900, 1]);
  assert.equal(window.document.querySelector('li').textContent, ' In use in 900 In use in 1');
  assert.equal(window.document.querySelector('[role=status]').textContent, 'Not seen: p0. Not seen: p900.');
  asked.length = 0;
  window.dialog(`<div data-hip-uses-of='{"one": ""}' data-uses-url="/uses/" data-hip-uses-projects="${projects.slice(0, 128).join(' ')}"></div>`);
  await settle();
  await settle();
  assert.deepEqual(asked, [128]);
  window.horizon.helionImages.http.postForJson = () => Promise.resolve({reason: 'No.', status: 403});
  window.dialog(`<div data-hip-uses-of='{"one": ""}' data-uses-url="/uses/" data-hip-uses-projects="${projects.slice(0, 128).join(' ')}"></div>`);
  await settle();
  await settle();
  assert.match(window.document.body.textContent, /The uses of the image could not be checked\./);
});

test('the end of the session is said above the page where a form is sent as well', async () => {
  const projects = Array.from({length: 81}, (_each, number) => `p${number}`).join(' '),
    window = openPage(['base/namespace.js', 'base/image_api.js', 'base/enhance.js', 'uses/confirmation.js']), said = [],
    refusals = [{reason: 'No.', kind: 'refused', status: 403}, {reason: 'Log in again.', kind: 'session', status: 401}];
  window.horizon.helionImages.page = {sessionEnded: (answer) => said.push(answer.reason)};
  for (const refusal of refusals) {
    window.horizon.helionImages.http = {postForJson: () => Promise.resolve(refusal)};
    window.dialog(`<div data-hip-uses-of='{"one": ""}' data-uses-url="/uses/" data-hip-uses-projects="${projects}"></div>`);
    await settle();
    await settle();
  }
  assert.deepEqual(said, ['Log in again.']);
});
