// SPDX-License-Identifier: Apache-2.0
// Messages that depend on how many images, files or projects there are.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {loadScript, openPage, settle} from './page.js';

const BASE = ['base/namespace.js'];

function refusal(quota, sizes) {
  const window = openPage([...BASE, 'create/quota.js'], '<form data-hip-quota></form>'),
    form = window.document.querySelector('form');
  form.setAttribute('data-hip-quota', JSON.stringify(quota));
  return window.horizon.helionImages.quotaRefusal(form, sizes.map((size) => ({size})), true);
}

test('the quota of sizes is named with the size of the files', () => {
  const left = {size_left_bytes: 1024, size_left: '1 KiB'};
  assert.equal(refusal(left, [1024]), '');
  assert.match(refusal(left, [2048]), /^The file is too large \(2 KiB\); 1 KiB of quota is left\. Delete images/);
  assert.match(refusal(left, [1024, 1024]), /^The files are too large \(2 KiB together\); 1 KiB of quota is left\. /);
});

test('the quota of images is named with the number that is left', () => {
  assert.equal(refusal({count_left: 1}, [1]), '');
  assert.match(refusal({count_left: 0}, [1]), /^The project has reached its limit of images\. Delete an image/);
  assert.match(refusal({count_left: 1}, [1, 1]), /^The project may create 1 more image\. /);
  assert.match(refusal({count_left: 2}, [1, 1, 1]), /^The project may create 2 more images\. /);
});

// Of an image whose menu offers the action, unless its name begins with "no ".
function row(action, name) {
  const menu = name.startsWith('no ') ? '' : `<button id="images__row_${name}__action_${action}"></button>`;
  return `<tr data-hip-image="${name}" data-hip-name="${name}" data-hip-notes="[]" data-hip-protected="${name.includes('locked')}"
    data-hip-restorable="${name.includes('public') ? 'admin' : name.includes('empty') ? 'false' : 'true'}">
    <td><input class="table-row-multi-select" type="checkbox" checked>${menu}</td></tr>`;
}

// The body of Horizon's dialog for the ticked rows.
function confirmation(action, names) {
  const window = openPage([...BASE, 'base/enhance.js', 'base/modal.js', 'listing/effects.js', 'listing/confirm.js', 'listing/confirm_name.js',
    'uses/confirmation.js'],
      `<table><caption class="table_actions"><button name="action" value="images__${action}" data-hip-asks
       help_text="It matters."></button></caption>${names.map((name) => row(action, name)).join('')}</table>
       <div class="modal"><div class="modal-header"><button class="close"></button><h3 class="modal-title"></h3></div>
       <div class="modal-body"></div><div class="modal-footer"><a class="btn cancel"></a><a class="btn"></a></div></div>`), {document} = window,
    modal = document.querySelector('.modal');
  window.horizon.datatables = {confirm: () => [modal]};
  document.querySelector('[name=action]').click();
  return {
    text: modal.querySelector('.modal-body > p').textContent,
    effects: modal.querySelector('.hip-effects').textContent,
    stay: Array.from(modal.querySelectorAll('li:has(.label-info)'), (item) => item.firstChild.textContent),
    notes: Array.from(modal.querySelectorAll('li .label'), (label) => label.textContent),
    buttons: modal.querySelectorAll('.modal-footer .btn').length,
    described: modal.getAttribute('aria-describedby').split(' ')
      .map((id) => document.getElementById(id).textContent).join(' '),
  };
}

test('the confirmation asks about one image by its name, and about several by their number', () => {
  assert.equal(confirmation('deactivate', ['play-big']).text, 'Deactivate "play-big"?');
  assert.equal(confirmation('deactivate', ['a', 'b', 'c']).text, 'Deactivate 3 images?');
  assert.equal(confirmation('hide', ['%(count)s']).text, 'Hide "%(count)s"?');
});

test('the question and its help describe the dialog', () => {
  assert.equal(confirmation('stop_sharing', ['a']).described,
    'Stop sharing "a"? 1 image will no longer be shared. It matters.');
});

test('the confirmation says how many images will be changed, and how many stay', () => {
  const some = confirmation('delete', ['a', 'b', 'no locked', 'no right']);
  assert.equal(some.effects, '2 images will be deleted. 1 image is protected and stays. ' +
    '1 image stays as it is: the action is not possible for it, or you are not allowed to change it.');
  assert.deepEqual([some.stay, some.buttons], [['"no locked"', '"no right"'], 2]);
  // Only deletion is what protection prevents.
  assert.match(confirmation('hide', ['a', 'no locked']).effects, /^1 image will be hidden\. 1 image stays as it is: /);
  assert.equal(confirmation('protect', ['a', 'b']).effects, '2 images will be protected.');
  // Nothing is left to confirm.
  assert.equal(confirmation('delete', ['no locked']).buttons, 1);
});

test('the confirmation of a deletion says who can undo it', () => {
  assert.deepEqual(confirmation('delete', ['a']).notes, []);
  assert.deepEqual(confirmation('delete', ['public']).notes, ['Only an admin can restore it']);
  const some = confirmation('delete', ['a', 'public', 'empty']);
  assert.deepEqual(some.notes, ['Only an admin can restore it', 'Cannot be restored']);
  assert.match(some.described, /It matters\.$/);
  assert.match(confirmation('delete', ['empty']).described, /cannot be recovered/);
  assert.deepEqual(confirmation('hide', ['public']).notes, []);
});

// What the confirmation says of the uses, before and after they have been asked for in vain.
async function withoutUses(names) {
  const window = openPage([...BASE, 'base/enhance.js', 'base/modal.js', 'listing/effects.js', 'listing/confirm.js', 'listing/confirm_name.js',
    'uses/confirmation.js'],
      `<div data-hip-images data-uses-url="/uses/"><table><caption class="table_actions"><button name="action" value="images__hide"
       data-hip-asks help_text=""></button></caption>${names.map((name) => row('hide', name)).join('')}</table></div>
       <div class="modal"><div class="modal-header"></div><div class="modal-body"></div><div class="modal-footer"><a class="btn cancel"></a>
       </div></div>`), {document} = window, said = [];
  window.horizon.datatables = {confirm: () => [document.querySelector('.modal')]};
  window.horizon.helionImages.uses = () => Promise.reject(new Error('network'));
  document.querySelector('[name=action]').click();
  said.push(document.querySelector('.modal [role=status]').textContent);
  await settle();
  return [...said, document.querySelector('.modal [role=status]').textContent];
}

test('the confirmation says that the uses could not be checked', async () => {
  assert.deepEqual(await withoutUses(['a']), [
    'Checking for instances, volumes, images and projects that use the image…', 'The uses of the image could not be checked.']);
  assert.deepEqual(await withoutUses(['a', 'b']), [
    'Checking for instances, volumes, images and projects that use the images…', 'The uses of the images could not be checked.']);
});

// The page Publish after its button has been pressed. steps: of each image, in turn.
async function published(audience, steps, stops = false) {
  const window = openPage([...BASE, 'base/page_session.js', 'publish/run.js'], `<form data-hip-publish data-hip-login-url="/login/"><fieldset>
      <input type="radio" name="audience" value="${audience}" checked></fieldset>
      ${steps.map((_, i) => `<p data-hip-image data-step-url="${i}"><span data-hip-name>image ${i}</span></p>`).join('')}
      <div data-hip-run hidden><div role="progressbar"></div></div><p data-hip-status></p><ul data-hip-results></ul>
      <details data-hip-done hidden><summary></summary><ul></ul></details>
      <a href="/" data-hip-back>Cancel</a><button type="submit"> Publish </button></form>`), {document} = window;
  const jquery = {};
  for (const name of ['removeClass', 'removeAttr', 'closest', 'off', 'on']) {
    jquery[name] = () => jquery;
  }
  window.$ = () => jquery;
  Object.assign(window.horizon.helionImages, {
    notDone: (projects) => projects.filter((each) => each.kind !== 'done'),
    publishSteps: async (url, _choice, _tried, told) => {
      const step = steps[Number(url)];
      if (step instanceof Error) {
        throw step;
      }
      if (stops) {
        assert.equal(document.querySelector('[data-hip-back]').textContent, 'Stop');
        document.querySelector('[data-hip-back]').click();
      }
      assert.equal(told({left: 0, tried: [], total: 4, ...step}), !stops);
    },
  });
  document.querySelector('form').dispatchEvent(new window.Event('submit', {bubbles: true, cancelable: true}));
  await settle();
  await settle();
  const text = (selector) => document.querySelector(selector).textContent;
  return {status: text('[data-hip-status]'), back: text('[data-hip-back]'), done: text('summary'), noted: text('[data-hip-results]')};
}

const HAS_IT = {project: 'p', kind: 'done', reason: 'has it'};

test('the page Publish says to how many projects an image went', async () => {
  const one = await published('domain', [{reached: 4, projects: [HAS_IT, HAS_IT]}]);
  assert.deepEqual([one.status, one.back, one.done], ['Published to 4 projects.', 'Close', 'Completed: 2 projects']);
  assert.equal((await published('domain', [{reached: 1, projects: []}])).status, 'Published to 1 project.');
  const two = await published('domain', [{reached: 4, projects: [HAS_IT]}, {reached: 3, projects: []}]);
  assert.deepEqual([two.status, two.done], ['Published 2 images.', 'Completed: 1 change in all images']);
});

test('a run is stopped after the step that is on its way, and goes on by its button', async () => {
  const run = await published('domain', [{reached: 2, projects: [HAS_IT], left: 2}, {reached: 3, projects: [HAS_IT]}], true);
  assert.deepEqual([run.status, run.done], ['Stopped. Select Publish to continue.', 'Completed: 1 change in all images']);
});

test('the page Publish says that images are unpublished', async () => {
  assert.equal((await published('own', [{reached: 1, projects: []}])).status, 'Unpublished 1 image.');
});

test('the page Publish points to details, and to its button where something failed', async () => {
  const noted = {reached: 3, projects: [{project: 'p', kind: 'noted', reason: 'is pending'}]},
    failed = {reached: 3, projects: [{project: 'p', kind: 'failed', reason: 'is full'}]};
  assert.equal((await published('domain', [noted])).status, 'Finished. See the details below.');
  assert.equal((await published('domain', [failed])).status,
    'Finished with errors. Select Publish to retry the failed projects.');
  const ended = Object.assign(new Error('403'), {kind: 'session', reason: 'Your session has ended.'});
  assert.equal((await published('domain', [ended, ended])).noted, 'Your session has ended.Log In');
  const lost = await published('domain', [new Error('network')]);
  assert.match(lost.noted, /did not respond\. Select Publish again to continue with the remaining projects\.$/);
});

// The button that copies an ID, and what is said once it has been pressed.
async function copied(clipboard, byCommand) {
  const window = openPage(['base/namespace.js', 'base/enhance.js', 'base/text_copy.js'],
      '<p><code data-hip-copied>ID</code><button data-hip-copy="ID"></button><span role="status"></span></p>');
  Object.defineProperty(window.navigator, 'clipboard', {value: clipboard});
  window.document.execCommand = () => byCommand;
  window.document.querySelector('button').click();
  await settle();
  return window.document.querySelector('[role=status]').textContent;
}

test('a text gets a button that copies it and has a name', async () => {
  const window = openPage(['base/namespace.js', 'base/enhance.js', 'base/text_copy.js'],
      '<dl><dd data-hip-copyable="Copy ID"> an-id\n</dd></dl>'), written = [], {document} = window;
  Object.defineProperty(window.navigator, 'clipboard', {value: {writeText: async (text) => { written.push(text); }}});
  const button = document.querySelector('dd button');
  assert.equal(button.getAttribute('aria-label'), 'Copy ID');
  assert.equal(document.querySelector('dd').textContent.trim(), 'an-id');
  button.click();
  await settle();
  assert.deepEqual(written, ['an-id']);
  assert.equal(document.querySelector('dd [role=status]').textContent, 'Copied.');
});

test('an ID is copied, and what the browser does not allow is said', async () => {
  const written = [];
  assert.equal(await copied({writeText: async (text) => { written.push(text); }}, false), 'Copied.');
  assert.deepEqual(written, ['ID']);
  assert.equal(await copied(undefined, true), 'Copied.');
  const refusing = {writeText: () => Promise.reject(new Error('no'))};
  assert.equal(await copied(refusing, true), 'Copied.');
  assert.match(await copied(refusing, false), /^The browser did not allow copying\./);
});

// The row of an image in progress, after its state has been reported.
function reported(state) {
  const window = openPage([...BASE, 'base/enhance.js'], `<div data-hip-images data-progress-url="/progress/"><p>
      <span class="hip-status-icon fas fa-spinner"></span> <span data-hip-watch="an-id">Saving</span></p></div>`);
  Object.assign(window.horizon.helionImages, {watch: (_url, _id, _everyMs, report) => {
    queueMicrotask(() => report(state));
    return {stop: () => {}};
  }, refresh: () => {}});
  loadScript(window, 'listing/status.js');
  return window.document;
}

test('an upload that has stopped for good is said in words and by its icon', async () => {
  let document = reported({status: 'saving', status_label: 'Saving', failure: 'Lost.', in_progress: false});
  await settle();
  assert.equal(document.querySelector('[data-hip-watch]').textContent, 'Saving (failed)');
  assert.match(document.querySelector('.hip-status-icon').className, /fa-circle-xmark text-danger/);
  document = reported({status: 'saving', status_label: 'Saving', in_progress: true});
  await settle();
  assert.match(document.querySelector('.hip-status-icon').className, /fa-spinner/);
});
