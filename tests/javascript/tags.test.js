// SPDX-License-Identifier: Apache-2.0
// The field of tags: a list for the person, a text for the server.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {openPage, press, type} from './page.js';

const SCRIPTS = ['base/namespace.js', 'base/enhance.js', 'base/tags.js'];
const CASES = JSON.parse(readFileSync(new URL('cases/tags.json', import.meta.url), 'utf8'));

function open(tags) {
  const window = openPage(SCRIPTS, '<label for="id_tags">Tags</label><textarea id="id_tags" name="tags"></textarea>');
  const {document} = window, text = document.querySelector('textarea');
  // What a dialog brings is enhanced as the page is.
  text.remove();
  text.setAttribute('data-hip-tags', JSON.stringify(tags));
  text.setAttribute('data-hip-longest', '255');
  window.dialog(text.outerHTML);
  return {
    window,
    text: document.querySelector('textarea'),
    input: document.querySelector('.hip-tags-field input'),
    shown: () => Array.from(document.querySelectorAll('.hip-tags li'), (item) => item.textContent.trim()),
    buttons: () => Array.from(document.querySelectorAll('.hip-tags button')),
    said: () => document.querySelector('[role=status]').textContent,
    focused: () => document.activeElement,
  };
}

test('the tags are listed, and the label is for what one types into', () => {
  const field = open(['a', 'b']);
  assert.deepEqual(field.shown(), ['a', 'b']);
  assert.equal(field.input.id, 'id_tags');
  assert.equal(field.input.maxLength, 255);
  assert.ok(field.text.classList.contains('hidden'));
});

test('Enter adds what is typed', () => {
  const field = open(['a']);
  type(field.window, field.input, ' new one ');
  assert.ok(press(field.window, field.input, 'Enter').defaultPrevented, 'the form is not sent');
  assert.deepEqual(field.shown(), ['a', 'new one']);
  assert.equal(field.text.value, 'a, new one');
  assert.equal(field.said(), 'Added tag new one');
  assert.equal(field.input.value, '');
});

test('Enter in the empty field sends the form', () => {
  const field = open(['a']);
  assert.ok(!press(field.window, field.input, 'Enter').defaultPrevented);
});

test('a comma adds what stands before it, and what is pasted', () => {
  const field = open([]);
  type(field.window, field.input, 'x, y ,, x');
  assert.deepEqual(field.shown(), ['x', 'y']);
  assert.equal(field.text.value, 'x, y');
});

test('a tag that is there stays once', () => {
  const field = open(['a']);
  type(field.window, field.input, 'a,');
  assert.deepEqual(field.shown(), ['a']);
  assert.equal(field.said(), 'The image already has the tag a');
});

test('what is not finished is sent as well', () => {
  const field = open(['a']);
  type(field.window, field.input, 'unfini');
  assert.equal(field.text.value, 'a, unfini');
});

test('a removed tag gives the focus to the next, the last one to the field', () => {
  const field = open(['a', 'b', 'c']);
  field.buttons()[1].click();
  assert.deepEqual(field.shown(), ['a', 'c']);
  assert.equal(field.focused(), field.buttons()[1]);
  field.buttons()[1].click();
  assert.equal(field.focused(), field.buttons()[0]);
  field.buttons()[0].click();
  assert.equal(field.focused(), field.input);
  assert.deepEqual([field.text.value, field.said()], ['', 'Removed tag a']);
});

test('Backspace in the empty field leads to the last tag, and removes none', () => {
  const field = open(['a', 'b']);
  press(field.window, field.input, 'Backspace');
  assert.equal(field.focused(), field.buttons()[1]);
  assert.deepEqual(field.shown(), ['a', 'b']);
});

for (const {tags, text} of CASES) {
  test(`${JSON.stringify(tags)} is written as the server reads it`, () => {
    const field = open(tags);
    type(field.window, field.input, '');
    assert.equal(field.text.value, text);
  });
}

test('a field is made once', () => {
  const field = open(['a']);
  field.window.horizon.helionImages.enhanceIn(field.window.document.body);
  assert.equal(field.window.document.querySelectorAll('.hip-tags-field').length, 1);
});
