// SPDX-License-Identifier: Apache-2.0
// Files that the image service stages and imports: the second half of their life.
import assert from 'node:assert/strict';
import {afterEach, beforeEach, test} from 'node:test';
import {Dashboard, ID} from './dashboard.js';
import {openPage, pass, releaseClock, stopClock} from './page.js';

const SIZE = 1000;
let dashboard;

beforeEach(() => { stopClock(); dashboard = new Dashboard(); });
afterEach(releaseClock);

function queryOf(upload) {
  return new URL(upload.target.url, 'https://x').searchParams;
}

// A file that was sent whole, and whose import the dashboard has started.
function accepted(steps = {}) {
  const transfer = dashboard.begin(SIZE, {format: 'qcow2', ...steps});
  dashboard.upload.progress(SIZE, 100);
  dashboard.say({status: 'importing', in_progress: true, size_bytes: SIZE});
  dashboard.upload.done({id: ID, verification: '', warnings: ['Odd.'], importing: true});
  return transfer;
}

test('the import is followed, and the page may be left meanwhile', async () => {
  const transfer = accepted();
  assert.deepEqual([transfer.state, transfer.stored, transfer.needsPage()], ['importing', null, false]);
  dashboard.say({status: 'importing', in_progress: true, stored_bytes: 300});
  await pass(2500);
  assert.deepEqual([transfer.state, transfer.stored], ['importing', 300]);
  dashboard.say({status: 'active', size_bytes: SIZE, format: 'qcow2', verification: 'verified'});
  await pass(2500);
  assert.deepEqual([transfer.state, transfer.verification, transfer.stored], ['done', 'verified', SIZE]);
  assert.deepEqual([...transfer.warnings], ['Odd.']);
});

test('an answer that was lost is believed without the size of the file, which says nothing', async () => {
  const transfer = dashboard.begin(SIZE, {changes_size: true});
  dashboard.upload.progress(SIZE, 100);
  dashboard.upload.failed({status: 0, sent: SIZE});
  dashboard.say({status: 'active', size_bytes: 7 * SIZE});
  await pass(5500);
  assert.deepEqual([transfer.state, transfer.warnings.length], ['done', 1]);
  assert.doesNotMatch(transfer.warnings[0], /same size/);
});

test('its place is free for the next file', () => {
  ['a', 'b', 'c'].forEach((id) => dashboard.begin(SIZE, {id}));
  dashboard.uploads[0].done({id: 'a', importing: true});
  assert.equal(dashboard.uploads.length, 3);
});

test('a converted image has the size that it has now, and says what it was compared with', async () => {
  const transfer = accepted();
  dashboard.say({
    status: 'active', size_bytes: 4000, format: 'raw', verification: 'converted', verification_note: 'It matched.'
  });
  await pass(2500);
  assert.deepEqual([transfer.state, transfer.verification, transfer.stored], ['done', 'converted', 4000]);
  assert.deepEqual([...transfer.warnings], ['Odd.', 'It matched.']);
});

test('a conversion without a record of the file is told by its format', async () => {
  const transfer = accepted();
  dashboard.say({status: 'active', size_bytes: 4000, format: 'raw', format_label: 'Raw', verification: ''});
  await pass(2500);
  assert.deepEqual([transfer.state, transfer.warnings.length], ['done', 2]);
  assert.match(transfer.warnings[1], /Raw/);
});

test('a failed import is told, and the file may be sent again', async () => {
  const transfer = accepted();
  dashboard.say({failure: 'It was no disk.', failure_details: 'Really.', takes_file: true});
  await pass(2500);
  assert.deepEqual([transfer.state, transfer.failure.reason], ['failed', 'It was no disk.']);
  transfer.retry();
  await pass(2500);
  assert.equal(transfer.state, 'sending');
  assert.equal(queryOf(dashboard.upload).get('staged'), null);
  assert.equal(dashboard.upload.file.size, SIZE);
});

test('an import that was not started is started by Retry, without the file', async () => {
  const transfer = dashboard.begin(SIZE);
  dashboard.upload.progress(SIZE, 100);
  dashboard.upload.failed({status: 400, sent: SIZE, kind: 'staged', reason: 'Your session ended.'});
  assert.deepEqual([transfer.state, transfer.failure.kind], ['failed', 'staged']);
  dashboard.say({status: 'uploading', size_bytes: SIZE, failure: 'Your session ended.', failure_kind: 'staged'});
  transfer.retry();
  await pass(2500);
  assert.equal(transfer.state, 'storing');
  assert.deepEqual([queryOf(dashboard.upload).get('staged'), dashboard.upload.file.size], ['1', 0]);
  dashboard.upload.progress(0, 0);
  assert.deepEqual([transfer.state, transfer.sent], ['storing', SIZE]);
  dashboard.say({status: 'active', size_bytes: SIZE, verification: 'verified'});
  dashboard.upload.done({id: ID, importing: true});
  await pass(2500);
  assert.deepEqual([transfer.state, transfer.verification], ['done', 'verified']);
});

test('a connection that broke over the answer is no end of the import', async () => {
  const transfer = dashboard.begin(SIZE);
  dashboard.upload.progress(SIZE, 100);
  dashboard.upload.failed({status: 0, sent: SIZE});
  assert.equal(transfer.state, 'asking');
  dashboard.say({status: 'importing', in_progress: true, size_bytes: SIZE});
  await pass(2500);
  assert.equal(transfer.state, 'importing');
  dashboard.say({status: 'active', size_bytes: 4000, format: 'raw', verification: 'converted', stored_attempt: transfer.attempt});
  await pass(2500);
  assert.deepEqual([transfer.state, transfer.stored], ['done', 4000]);
});

test('what is staged and not imported is told after a broken connection too', async () => {
  const transfer = dashboard.begin(SIZE);
  dashboard.upload.progress(SIZE, 100);
  dashboard.upload.failed({status: 0, sent: SIZE});
  dashboard.say({status: 'uploading', size_bytes: SIZE, failure: 'Refused.', failure_kind: 'staged'});
  await pass(500);
  assert.deepEqual([transfer.state, transfer.failure.kind, transfer.failure.reason], ['failed', 'staged', 'Refused.']);
});

test('an image that glance left over the file takes no data any more', async () => {
  const transfer = dashboard.begin(SIZE);
  dashboard.upload.progress(SIZE - 1, 100);
  dashboard.upload.failed({status: 0, sent: SIZE - 1});
  dashboard.say({status: 'uploading', failure: 'Glance is gone.', failure_kind: 'refused'});
  await pass(6500);
  assert.deepEqual([transfer.state, transfer.failure.kind], ['failed', 'stuck']);
});

test('the dock says that the image service has the file, and asks before it stops that', () => {
  const {horizon} = openPage(['base/namespace.js', 'transfers/dock_words.js', 'transfers/dock_actions.js']);
  const {dockWords, dockActions} = horizon.helionImages;
  const transfer = {
    state: 'importing', file: {size: SIZE}, name: 'A', stored: null, standstill: '', second: {state: ''}, steps: {created: true},
    is: (...states) => states.includes('importing'),
  };
  assert.equal(dockWords.line(transfer), 'The image service is importing the file. You can leave this page.');
  const [cancel] = dockActions(transfer);
  assert.equal(cancel.label, 'Cancel');
  assert.match(cancel.question, /is importing the file\. Only deleting/);
  assert.match(dockWords.line({...transfer, standstill: 'It stands still.'}), /stands still/);
});
