// SPDX-License-Identifier: Apache-2.0
// What the dock offers where an import into an image has failed.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openPage} from './page.js';

const FORM = '/project/images/1/upload_data/';

// Labels and addresses of what is offered for an import that failed so.
function offered(failure, steps = {upload_data_url: FORM}, file = null) {
  const window = openPage(['base/namespace.js', 'transfers/dock_actions.js']);
  const transfer = {failure, file, steps: {created: true, ...steps}, is: (...states) => states.includes('failed')};
  // Arrays of the page are of another realm.
  return Array.from(window.horizon.helionImages.dockActions(transfer), (action) => [action.label, action.url]);
}

const ANOTHER_URL = ['Try Another URL', `${FORM}?source=location`];
const A_FILE = ['Upload a File Instead', `${FORM}?source=file`];
const DELETE = ['Delete Image', undefined];

test('an image whose import failed takes another URL or a file', () => {
  assert.deepEqual(offered({kind: '', takes_url: true, takes_file: true}), [ANOTHER_URL, A_FILE, DELETE]);
});

test('only what the image still takes is offered', () => {
  assert.deepEqual(offered({kind: '', takes_url: false, takes_file: true}), [A_FILE, DELETE]);
  assert.deepEqual(offered({kind: '', takes_url: true, takes_file: false}), [ANOTHER_URL, DELETE]);
  assert.deepEqual(offered({kind: '', takes_url: false, takes_file: false}), [DELETE]);
});

test('an import that has not started is begun again by Upload Data', () => {
  assert.deepEqual(offered({reason: 'not started'}), [['Upload Data', `${FORM}?source=location`], DELETE]);
});

test('where the page knows no form, the image can be deleted only', () => {
  assert.deepEqual(offered({kind: '', takes_url: true, takes_file: true}, {}), [DELETE]);
});

test('a new version that is verified can become the latest', () => {
  const URL = '/project/images/1/make_latest/', LATEST = ['Make It the Latest', URL];
  for (const [verification, url, expected] of [
    ['verified', URL, [LATEST]], ['pending', URL, []], ['verified', undefined, []],
  ]) {
    const window = openPage(['base/namespace.js', 'transfers/dock_actions.js']);
    const transfer = {verification, steps: {make_latest_url: url}, is: (...states) => states.includes('done')};
    const found = Array.from(window.horizon.helionImages.dockActions(transfer), (action) => [action.label, action.url]);
    assert.deepEqual(found, expected);
  }
});

test('a file that was refused leads to the form, where the page knows it', () => {
  const RETRY = ['Retry', undefined], ANOTHER = ['Upload Data', FORM], FILE = {name: 'disk.raw'};
  for (const [kind, withForm, without] of [
    ['unsafe', [ANOTHER, DELETE], [DELETE]],
    ['checksum', [RETRY, ANOTHER, DELETE], [RETRY, DELETE]],
    ['', [RETRY, DELETE], [RETRY, DELETE]],
  ]) {
    assert.deepEqual(offered({kind}, undefined, FILE), withForm);
    assert.deepEqual(offered({kind}, {}, FILE), without);
  }
});
