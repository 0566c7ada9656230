// SPDX-License-Identifier: Apache-2.0
// The name that confirms a deletion of several images.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openPage} from './page.js';

const PAGE = `<div data-hip-images data-hip-confirm-name="\u2068acme\u2060-web\u2069"></div>
  <button name="action" value="images__delete_permanently"></button><button name="action" value="images__delete"></button>
  <div class="modal"><div class="modal-body"></div><div class="modal-footer"><a class="btn cancel"></a><a class="btn submit" href="#"></a></div></div>`;

function asked(images, action = 'delete_permanently', page = PAGE, restorable = 'true') {
  const window = openPage(['base/namespace.js', 'listing/confirm_name.js'], page), {document} = window,
    button = document.querySelector(`[value=images__${action}]`), submit = document.querySelector('.submit'), clicks = [];
  submit.addEventListener('click', () => clicks.push('done'));
  window.horizon.helionImages.askForName(button, Array(images).fill(restorable), document.querySelector('.modal-body'), submit);
  return {window, document, submit, clicks, input: document.querySelector('input')};
}

function type(page, text) {
  page.input.value = text;
  page.input.dispatchEvent(new page.window.Event('input'));
}

test('nothing is done without the name', () => {
  const page = asked(2);
  assert.match(page.document.querySelector('label').textContent, /acme/);
  page.submit.click();
  assert.equal(page.submit.getAttribute('aria-disabled'), 'true');
  assert.equal(page.document.activeElement, page.input);
  type(page, 'acme');
  page.submit.click();
  assert.deepEqual(page.clicks, []);
  type(page, ' acme-web ');
  assert.equal(page.submit.getAttribute('aria-disabled'), 'false');
  assert.equal(page.submit.classList.contains('disabled'), false);
  page.submit.click();
  assert.deepEqual(page.clicks, ['done']);
});

test('Enter confirms as the button does', () => {
  const page = asked(2), enter = () => page.input.dispatchEvent(new page.window.KeyboardEvent('keydown', {key: 'Enter', cancelable: true}));
  enter();
  assert.deepEqual(page.clicks, []);
  type(page, 'acme-web');
  enter();
  assert.deepEqual(page.clicks, ['done']);
});

test('the field that is gone asks for nothing', () => {
  const page = asked(2);
  page.document.querySelector('.modal-body').replaceChildren();
  page.submit.click();
  assert.deepEqual(page.clicks, ['done']);
});

test('the name is sent to the dashboard', () => {
  const page = asked(2, 'delete_permanently', `<form>${PAGE}</form>`), {form} = page.document.querySelector('button');
  page.submit.click();
  assert.equal(form.elements.confirmed_name, undefined);
  type(page, 'acme-web');
  assert.equal(page.window.horizon.helionImages.confirmedName(page.document.body), 'acme-web');
  page.submit.click();
  page.submit.click();
  assert.equal(new page.window.FormData(form).getAll('confirmed_name').join(), 'acme-web');
  assert.equal(page.window.horizon.helionImages.confirmedName(form.querySelector('.modal-footer')), '');
});

test('one image, what can be restored, and a page without a name are not asked for', () => {
  assert.equal(asked(1).input, null);
  assert.equal(asked(2, 'delete').input, null);
  assert.equal(asked(2, 'delete', PAGE, 'admin').input, null);
  assert.equal(asked(1, 'delete', PAGE, 'false').input, null);
  assert.equal(asked(2, 'delete_permanently', PAGE.replace('data-hip-confirm-name', 'data-other')).input, null);
});

test('several that nobody can restore are asked for in any deletion', () => {
  assert.notEqual(asked(2, 'delete', PAGE, 'false').input, null);
});
