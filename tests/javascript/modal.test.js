// SPDX-License-Identifier: Apache-2.0
// Horizon's dialogs: where the focus goes once they are closed, and which keys press their buttons.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';
import {loadScript, openPage} from './page.js';

// Bootstrap's events are those of the document, and a click focuses nothing, as in Safari.
function page() {
  const window = openPage(['base/namespace.js', 'base/enhance.js'], `<p id="list"><a id="edit" href="#" class="ajax-modal"></a></p>
    <button id="remove"></button>`), {document} = window;
  window.$ = () => ({on: (name, selector, act) => document.addEventListener(name, (event) => {
    if (event.target.matches(selector)) {
      act.call(event.target);
    }
  })});
  loadScript(window, 'base/modal.js');
  const say = (modal, name) => modal.dispatchEvent(new window.Event(`${name}.bs.modal`, {bubbles: true}));
  return {
    window, document,
    byId: (id) => document.getElementById(id),
    open: (kind = '', rest = '') => {
      document.body.insertAdjacentHTML('beforeend', `<div class="modal ${kind}" tabindex="-1"><div class="modal-header">
        <a class="close"></a><h3 class="modal-title"></h3></div>${rest}</div>`);
      const modal = document.body.lastElementChild;
      say(modal, 'show');
      modal.classList.add('in');
      modal.focus();
      return modal;
    },
    // `then` is what Horizon does at the same event.
    close: async (modal, then = () => {}) => {
      modal.classList.remove('in');
      say(modal, 'hidden');
      modal.remove();
      then();
      await wait(2);
    },
    show: (modal) => {
      say(modal, 'show');
      modal.classList.add('in');
    },
  };
}

// As Horizon loads a dialog.
async function load({byId, open, close}) {
  byId('edit').click();
  const spinner = open('loading');
  await wait(2);
  const modal = open();
  await close(spinner);
  return modal;
}

test('a dialog that is loaded gives the focus back to what stands where its button was', async () => {
  const opened = page(), {document, byId, close} = opened, modal = await load(opened);
  byId('list').innerHTML = '<a id="edit" href="/"></a>';
  await close(modal);
  assert.equal(document.activeElement, byId('edit'));
});

test('a confirmation gives the focus back to its own button, not to that of an earlier dialog', async () => {
  const opened = page(), {document, byId, open, close} = opened;
  await close(await load(opened));
  byId('remove').click();
  await close(open());
  assert.equal(document.activeElement.id, 'remove');
  // By a key the button has the focus already.
  byId('edit').focus();
  await close(open());
  assert.equal(document.activeElement.id, 'edit');
});

test('a dialog that nothing on the page has opened gives the focus to no earlier button', async () => {
  const opened = page(), {document, open, close} = opened;
  await close(await load(opened));
  document.activeElement.blur();
  await close(open());
  assert.equal(document.activeElement, document.body);
});

test('a dialog over another one changes nothing', async () => {
  const opened = page(), {document, byId, open, close, show} = opened, below = await load(opened);
  below.classList.remove('in');
  await close(open(), () => show(below));
  assert.equal(document.activeElement, document.body);
  await close(below);
  assert.equal(document.activeElement, byId('edit'));
});

// How often a key presses this link of a dialog.
function presses(selector, key, {modifiers = {}, takes = false} = {}) {
  const {window, document, open} = page(), modal = open('', `<a class="toggle" role="button"></a><div class="modal-footer">
    <a class="btn"></a></div>`), link = modal.querySelector(selector), event = new window.KeyboardEvent(
    'keydown', {key, bubbles: true, cancelable: true, ...modifiers});
  let count = 0;
  document.addEventListener('click', () => { count += 1; });
  if (takes) {
    link.addEventListener('keydown', (each) => each.preventDefault());
  }
  link.dispatchEvent(event);
  return [count, event.defaultPrevented];
}

test('both keys press the buttons of a dialog that are links, once', () => {
  for (const selector of ['.close', '.btn']) {
    assert.deepEqual([presses(selector, ' '), presses(selector, 'Enter')], [[1, true], [1, true]]);
  }
});

test('no other link is pressed, nor one whose key has been taken or is another with a modifier', () => {
  assert.deepEqual(presses('.toggle', ' '), [0, false]);
  assert.deepEqual(presses('.btn', ' ', {takes: true}), [0, true]);
  for (const modifier of ['altKey', 'ctrlKey', 'metaKey', 'shiftKey']) {
    assert.deepEqual(presses('.btn', 'Enter', {modifiers: {[modifier]: true}}), [0, false]);
  }
});
