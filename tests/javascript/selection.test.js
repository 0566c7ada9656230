// SPDX-License-Identifier: Apache-2.0
// An action on all images that match: how they are read, and what comes of portions.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openPage, settle} from './page.js';

const SCRIPTS = ['base/namespace.js', 'base/image_api.js', 'base/enhance.js', 'base/page_session.js', 'base/modal.js', 'listing/bulk.js', 'listing/confirm.js', 'listing/confirm_name.js',
  'listing/effects.js', 'listing/selection.js', 'listing/selection_run.js'];

const PAGE = `<div class="hip-list" data-hip-images data-uses-url="/uses/"><div class="table_wrapper"><table><caption><div class="table_actions">
  <button name="action" value="images__delete" data-batch-action help_text="It matters." class="btn btn-danger">Delete Images</button>
  </div></caption><thead><tr><th><input type="checkbox" class="table-row-multi-select"></th></tr></thead>
  <tbody><tr data-object-id="a"><td><input type="checkbox" class="table-row-multi-select" checked></td></tr></tbody>
  <tfoot><tr><td><a href="?marker=a">Next</a></td></tr></tfoot></table></div>
  <template data-hip-selection="/selection/?tag=t" data-hip-limit="1000"></template></div>`;

const MODAL = `<div class="modal"><div class="modal-header"><a class="close"></a><h3 class="modal-title"></h3></div>
  <div class="modal-body"></div><div class="modal-footer"><a class="btn cancel"></a><a class="btn submit"></a></div></div>`;

const images = (from, count) => Array.from({length: count}, (_, n) => ({id: `${from + n}`, name: `image ${from + n}`, refusal: ''}));

// The page with all selected and the action chosen. parts: answers to what matches,
// in turn; the last one counts for later questions. portions: answers to what is sent.
async function chosen(parts, portions = [], rows = '', html = PAGE) {
  const window = openPage(SCRIPTS, html.replace('<tbody>', `<tbody>${rows}`)), {document} = window, hip = window.horizon.helionImages,
    asked = [], sent = [], listeners = {}, progress = [];
  let modal = null;
  const jquery = new Proxy({}, {get: (_, name) => (name === 'length' ? 0 : () => jquery)});
  window.$ = () => jquery;
  window.horizon.modals.create = () => {
    document.body.insertAdjacentHTML('beforeend', MODAL);
    modal = document.querySelector('.modal');
    const wrapper = {
      0: modal, modal: () => wrapper, remove: () => modal.remove(),
      on: (name, act) => Object.assign(listeners, {[name]: act}) && wrapper, one: () => wrapper,
    };
    return wrapper;
  };
  hip.alone = (act) => act();
  hip.uses = async (_url, ids, report) => {
    if (ids.includes('lost')) {
      throw new Error('network');
    }
    report(Object.fromEntries(ids.map((id) => [id, id === '85' ? ['In use.'] : []])), ids.includes('85') ? 'Not all.' : '');
  };
  hip.http = {
    getJson: async (url, parameters) => {
      const part = parts.length > 1 ? parts.shift() : parts[0];
      asked.push({url, ...parameters});
      if (part instanceof Error) {
        throw part;
      }
      return part;
    },
    postForJson: async (url, body) => {
      sent.push(body.getAll('id'));
      progress.push([modal.querySelector('[role=progressbar]').getAttribute('aria-valuenow'), modal.querySelector('[role=status]').textContent]);
      const portion = portions.shift() || {};
      if (portion instanceof Error) {
        throw portion;
      }
      return portion.reason ? portion : {
        results: sent.at(-1).map((id) => ({id, failure: portion[id] || ''})), status: 200,
      };
    },
  };
  if (!rows) {
    document.querySelector('.hip-bulk-all').click();
  }
  document.querySelector('[name=action]').click();
  await settle();
  await settle();
  return {
    asked, sent, listeners, progress,
    text: () => modal.textContent,
    // The names under each kind of alert.
    names: (kind) => Array.from(modal.querySelectorAll(`.alert-${kind} li`), (item) => item.textContent),
    confirm: async () => {
      modal.querySelector('.submit').click();
      await settle();
      await settle();
    },
    isOffered: () => !modal.querySelector('.submit').classList.contains('hidden'),
  };
}

test('all parts are read, and each image counts once', async () => {
  const page = await chosen([
    {images: images(0, 3), next: {after: 'x', part: ''}}, {images: [...images(2, 2), {id: 'p', name: 'p', refusal: 'Protected.'}], next: null},
  ]);
  assert.deepEqual(page.asked, [
    {url: '/selection/?tag=t', action: 'delete'}, {url: '/selection/?tag=t', action: 'delete', after: 'x', part: ''},
  ]);
  assert.match(page.text(), /4 images will be deleted\./);
  assert.deepEqual(page.names('info'), ['p']);
});

test('a list that has changed is read from the start, and not for ever', async () => {
  const changed = Object.assign(new Error('409'), {kind: 'changed', reason: 'The list has changed.'});
  const page = await chosen([{images: images(0, 2), next: {after: 'x'}}, changed, {images: images(1, 1), next: null}]);
  assert.match(page.text(), /1 image will be deleted\./);
  const never = await chosen([changed]);
  assert.equal(never.asked.length, 3);
  assert.match(never.text(), /The list has changed\./);
  assert.equal(never.isOffered(), false);
});

test('more than the maximum are left out, and it is said', async () => {
  const parts = Array.from({length: 6}, (_, n) => ({images: images(n * 200, 200), next: {after: `${n}`}}));
  const page = await chosen(parts);
  assert.match(page.text(), /1000 images will be deleted\./);
  assert.match(page.text(), /Only the first 1000, by name, are included\./);
  assert.equal(page.asked.length, 6);
});

test('images in use are named, though they are many', async () => {
  const page = await chosen([{images: images(0, 90), next: null}]);
  assert.match(page.text(), /image 85 \u2013 In use\./);
  assert.equal(page.text().split('In use').length, 2);
  assert.match(page.text(), /In use\.\s*Not all\./);
});

test('uses that could not be checked are said to be so', async () => {
  const page = await chosen([{images: [...images(0, 2), {id: 'lost', name: 'lost', refusal: ''}], next: null}]);
  assert.match(page.text(), /The uses of the images could not be checked\./);
});

test('images in use are named before each action that asks, and not before Protect', async () => {
  const found = [{images: images(80, 10), next: null}];
  const asking = PAGE.replace('images__delete', 'images__hide').replace('class="btn btn-danger"', 'data-hip-asks class="btn"');
  const hide = await chosen(found, [], '', asking);
  assert.match(hide.text(), /image 85 \u2013 In use\./);
  const protect = await chosen(found, [], '', PAGE.replace('images__delete', 'images__protect').replace('btn-danger', ''));
  assert.match(protect.text(), /10 images/);
  assert.doesNotMatch(protect.text(), /In use/);
});

test('nothing to change is nothing to confirm', async () => {
  const page = await chosen([{images: [{id: 'p', name: 'p', refusal: 'Protected.'}], next: null}]);
  assert.match(page.text(), /No image will be changed\./);
  assert.equal(page.isOffered(), false);
});

test('portions of 20, with the reason of each that fails, and those that are new', async () => {
  const page = await chosen([{images: images(0, 45), next: null}, {images: [...images(3, 1), ...images(99, 1)], next: null}],
    [{3: 'No right.'}, {}, {44: 'No right.'}]);
  await page.confirm();
  assert.deepEqual(page.sent.map((ids) => ids.length), [20, 20, 5]);
  assert.deepEqual(page.progress, [
    ['0', '0 of 45 images processed'], ['20', '20 of 45 images processed'], ['40', '40 of 45 images processed'],
  ]);
  assert.deepEqual(page.names('danger'), ['image 3', 'image 44']);
  assert.equal(page.names('success').length, 43);
  assert.deepEqual(page.names('info'), ['image 99']);
  assert.match(page.text(), /Finished\./);
});

test('a portion that is refused ends it, and the others are named', async () => {
  for (const end of [{reason: 'Another project.', kind: 'elsewhere', status: 409}, new TypeError('Failed to fetch')]) {
    const page = await chosen([{images: images(0, 45), next: null}], [{}, end]);
    await page.confirm();
    assert.equal(page.names('success').length, 20);
    assert.deepEqual(page.names('warning'), images(20, 25).map((image) => image.name));
    assert.match(page.text(), end instanceof Error ? /The dashboard does not respond/ : /Another project\./);
    // Without a response it is not known what has become of the portion.
    assert.equal(/No response: 20 images/.test(page.text()), end instanceof Error);
    assert.match(page.text(), end instanceof Error ? /Not changed: 5 images/ : /Not changed: 25 images/);
    assert.doesNotMatch(page.text(), /Finished\./);
  }
});

test('more ticked rows than a form takes are sent in portions, too', async () => {
  const rows = Array.from({length: 501}, (_, n) => `<tr data-object-id="${n}" data-hip-image="${n}" data-hip-name="row ${n}"><td>
    <input type="checkbox" class="table-row-multi-select" checked>${n ? `<a id="images__row_${n}__action_delete"></a>` : ''}</td></tr>`);
  const page = await chosen([], [], rows.join(''));
  assert.match(page.text(), /500 images will be deleted\./);
  assert.deepEqual(page.names('info'), ['row 0']);
  await page.confirm();
  assert.deepEqual([page.asked.length, page.sent.length, page.sent.flat().length], [0, 25, 500]);
});
