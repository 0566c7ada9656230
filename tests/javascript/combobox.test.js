// SPDX-License-Identifier: Apache-2.0
// Search as you type, by its keys: the same wherever it is used.
import assert from 'node:assert/strict';
import {afterEach, beforeEach, test} from 'node:test';
import {openPage, pass, press, releaseClock, settle, stopClock, type} from './page.js';

const FRUITS = ['apple', 'apricot', 'banana'];
let window, input, chosen, asked, entered;

beforeEach(() => {
  stopClock();
  window = openPage(['base/namespace.js', 'base/combobox.js'], '<form><input></form>');
  window.Element.prototype.scrollIntoView = () => {};
  input = window.document.querySelector('input');
  [chosen, asked, entered] = [[], [], []];
});
afterEach(releaseClock);

function make(options = {}) {
  window.horizon.helionImages.combobox(input, {
    search: async (text) => {
      asked.push(text);
      return FRUITS.filter((fruit) => fruit.startsWith(text)).map((title) => ({title, help: ''}));
    },
    choose: (item) => chosen.push(item.title),
    ...options,
  });
  input.focus();
}

const isOpen = () => input.getAttribute('aria-expanded') === 'true';

function marked() {
  const option = window.document.getElementById(input.getAttribute('aria-activedescendant'));
  assert.equal(option, window.document.querySelector('[aria-selected=true]'));
  return option ? option.textContent : '';
}

async function search(text) {
  type(window, input, text);
  await pass(250);
}

test('it asks once when the typing pauses', async () => {
  make();
  type(window, input, 'a');
  await pass(100);
  type(window, input, 'p');
  await pass(1000);
  assert.deepEqual(asked, ['ap']);
  assert.ok(isOpen());
  assert.equal(window.document.querySelector('[role=status]').textContent, '2 results. Press the down arrow to choose.');
});

test('the arrows go round', async () => {
  make();
  await search('ap');
  const seen = ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp'].map((key) => {
    press(window, input, key);
    return marked();
  });
  assert.deepEqual(seen, ['apple', 'apricot', 'apple', 'apricot']);
  press(window, input, 'Enter');
  assert.deepEqual([chosen, isOpen()], [['apricot'], false]);
});

test('Down opens the list and marks its first option, Up its last', async () => {
  make();
  press(window, input, 'ArrowDown');
  await settle();
  assert.equal(marked(), 'apple');
  press(window, input, 'Escape');
  press(window, input, 'ArrowUp');
  assert.equal(marked(), 'banana');
  assert.deepEqual(asked, [''], 'what was found is still known');
});

test('Escape closes the list, and only then what is around it', async () => {
  const around = [];
  window.document.addEventListener('keydown', (event) => around.push(event.key));
  make();
  await search('ap');
  press(window, input, 'Escape');
  assert.deepEqual([isOpen(), around], [false, []]);
  press(window, input, 'Escape');
  assert.deepEqual(around, ['Escape']);
});

test('Enter with nothing marked is the form\'s, or what the field makes of it', async () => {
  make();
  await search('ap');
  assert.ok(!press(window, input, 'Enter').defaultPrevented);
  input.replaceWith(input = window.document.createElement('input'));
  make({enter: () => entered.push(input.value) && input.value !== ''});
  assert.ok(!press(window, input, 'Enter').defaultPrevented);
  await search('ap');
  assert.ok(press(window, input, 'Enter').defaultPrevented);
  assert.deepEqual([entered, isOpen(), chosen], [['', 'ap'], false, []]);
});

test('a click takes an option, and the focus stays', async () => {
  make();
  await search('b');
  const option = window.document.querySelector('[role=option]');
  const down = new window.MouseEvent('mousedown', {bubbles: true, cancelable: true});
  option.dispatchEvent(down);
  assert.ok(down.defaultPrevented);
  option.click();
  assert.deepEqual(chosen, ['banana']);
});

test('leaving the field closes the list, and a late answer does not open it', async () => {
  make();
  await search('ap');
  input.blur();
  assert.ok(!isOpen());
  input.focus();
  type(window, input, 'r');
  await pass(200);
  input.blur();
  await pass(1000);
  assert.ok(!isOpen());
});

test('the list stays open until the mouse that leaves the field is released', async () => {
  // What stands below it would move away under the mouse.
  make();
  await search('ap');
  const mouse = (name) => window.document.body.dispatchEvent(new window.MouseEvent(name, {bubbles: true}));
  mouse('mousedown');
  input.blur();
  assert.ok(isOpen());
  mouse('mouseup');
  assert.ok(isOpen(), 'the click comes first');
  await pass(10);
  assert.ok(!isOpen());
});

test('a slow answer to an earlier question is not shown', async () => {
  const answers = [];
  make({search: () => new Promise((resolve) => answers.push(resolve))});
  await search('a');
  await search('p');
  answers[1]([{title: 'new'}]);
  await settle();
  answers[0]([{title: 'old'}]);
  await settle();
  assert.equal(window.document.querySelector('[role=option]').textContent, 'new');
});

test('it says that the search gives no answer', async () => {
  make({search: () => Promise.reject(new Error('down')), failed: 'No answer.'});
  await search('a');
  assert.equal(window.document.querySelector('[role=status]').textContent, 'No answer.');
});

test('it says the reason, where the search has one', async () => {
  make({search: () => Promise.reject({status: 503, reason: 'Keystone does not respond.'}), failed: 'No answer.'});
  await search('a');
  assert.equal(window.document.querySelector('[role=status]').textContent, 'Keystone does not respond.');
});

test('it can search as soon as the field has the focus, and use Backspace in the empty field', async () => {
  let back = 0;
  make({opensOnFocus: true, back: () => { back += 1; }});
  await settle();
  assert.ok(isOpen());
  press(window, input, 'Backspace');
  type(window, input, 'a');
  assert.ok(!press(window, input, 'Backspace').defaultPrevented);
  assert.equal(back, 1);
});
