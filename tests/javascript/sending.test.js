// SPDX-License-Identifier: Apache-2.0
// The life of an upload, as far as its bytes go.
import assert from 'node:assert/strict';
import {afterEach, beforeEach, test} from 'node:test';
import {Dashboard, ID} from './dashboard.js';
import {pass, releaseClock, settle, stopClock} from './page.js';

const SIZE = 1000;
let dashboard;

beforeEach(() => {
  stopClock();
  dashboard = new Dashboard();
});
afterEach(releaseClock);

function attemptOf(upload) {
  return new URL(upload.target.url, 'https://x').searchParams.get('attempt');
}

test('a file is sent, stored and done', () => {
  const transfer = dashboard.begin(SIZE);
  assert.equal(transfer.state, 'sending');
  dashboard.upload.progress(400, 100);
  assert.deepEqual([transfer.state, transfer.sent, transfer.speed], ['sending', 400, 100]);
  dashboard.upload.progress(SIZE, 100);
  assert.equal(transfer.state, 'storing');
  dashboard.upload.done({id: ID, verification: 'verified', warnings: ['Odd.']});
  assert.deepEqual([transfer.state, transfer.verification, transfer.stored], ['done', 'verified', SIZE]);
  assert.deepEqual([...transfer.warnings], ['Odd.']);
  assert.equal(dashboard.hip.queue.needsPage(), false);
});

test('the bytes carry the token of the page', () => {
  dashboard.window.document.cookie = 'csrftoken=of-the-cookie';
  dashboard.begin(SIZE);
  assert.equal(dashboard.upload.target.headers['X-CSRFToken'], 'of-the-cookie');
});

test('what the dashboard has stored is told while bytes leave', async () => {
  const transfer = dashboard.begin(SIZE);
  dashboard.say({status: 'saving', in_progress: true, stored_bytes: 300});
  dashboard.upload.progress(500, 0);
  await pass(2000);
  assert.deepEqual([transfer.state, transfer.sent, transfer.stored], ['sending', 500, 300]);
});

test('that nothing moves is told after ten seconds', async () => {
  const transfer = dashboard.begin(SIZE);
  dashboard.upload.progress(500, 0);
  await pass(9000);
  assert.equal(transfer.stillSeconds(), 0);
  await pass(2000);
  assert.equal(transfer.stillSeconds(), 11);
});

test('what the form has said stays, whatever becomes of the data', () => {
  const transfer = dashboard.begin(SIZE, {warnings: ['Not shared.']});
  assert.deepEqual([...transfer.warnings], ['Not shared.']);
  dashboard.upload.done({id: ID, verification: 'verified', warnings: ['Odd.']});
  assert.deepEqual([...transfer.warnings], ['Not shared.', 'Odd.']);
  transfer.retry();
  assert.deepEqual([...transfer.warnings], ['Not shared.']);
});

test('data that was stored otherwise than it was sent is a failure', () => {
  const transfer = dashboard.begin(SIZE);
  dashboard.upload.done({id: ID, verification: 'mismatch'});
  assert.deepEqual([transfer.state, transfer.failure.kind], ['failed', 'mismatch']);
});

test('an answer that is not about this image is none: what arrived is asked', () => {
  const transfer = dashboard.begin(SIZE);
  dashboard.upload.done({answer: 'Welcome'});
  assert.equal(transfer.state, 'asking');
});

test('a refusal with a reason is shown', () => {
  const transfer = dashboard.begin(SIZE);
  dashboard.upload.failed({status: 400, sent: 10, reason: 'It is no disk.', kind: 'format'});
  assert.deepEqual([transfer.state, transfer.failure.reason], ['failed', 'It is no disk.']);
});

test('an ended session is told, and Retry goes on', async () => {
  const transfer = dashboard.begin(SIZE);
  dashboard.upload.failed({status: 401, sent: 0});
  assert.equal(transfer.failure.kind, 'session');
  transfer.retry();
  assert.equal(transfer.state, 'settling');
  await pass(0);
  await pass(250);
  assert.equal(transfer.state, 'sending');
  assert.equal(dashboard.uploads.length, 2);
});

// For how many seconds it waits, each time that the dashboard is busy.
async function waits(chance) {
  const waited = [];
  dashboard.window.Math.random = () => chance;
  dashboard.begin(SIZE);
  for (let i = 0; i < 5; i += 1) {
    const before = dashboard.uploads.length, at = Date.now();
    dashboard.upload.failed({status: 503, sent: 0, kind: 'busy', retry_after_s: 30});
    while (dashboard.uploads.length === before) {
      await pass(500, 500);
    }
    waited.push((Date.now() - at) / 1000);
  }
  return waited;
}

test('a busy dashboard is tried again, each time later, and at the most after a minute', async () => {
  assert.deepEqual(await waits(0.5), [30, 45, 60, 60, 60]);
});

test('not all browsers try again at the same moment', async () => {
  assert.deepEqual(await waits(0), [22.5, 34, 45, 45, 45]);
});

test('one that waits for a busy dashboard keeps the page and its place', () => {
  const transfer = dashboard.begin(SIZE);
  dashboard.upload.failed({status: 503, sent: 0, kind: 'busy', retry_after_s: 30});
  assert.deepEqual([transfer.state, transfer.needsPage(), transfer.isInFlight()], ['busy', true, true]);
});

test('cancelled, nothing is asked or sent any more; kept, it waits for Retry', async () => {
  const transfer = dashboard.begin(SIZE);
  transfer.cancel();
  assert.ok(dashboard.upload.aborted);
  assert.equal(transfer.state, 'cancelled');
  const asked = dashboard.requests.length;
  await pass(5000);
  assert.equal(dashboard.requests.length, asked);
  transfer.keep();
  assert.deepEqual([transfer.state, transfer.needsPage()], ['kept', false]);
});

test('a second attempt waits until the image is let go of, and has a name of its own', async () => {
  const transfer = dashboard.begin(SIZE), first = attemptOf(dashboard.upload);
  transfer.cancel();
  dashboard.say({status: 'saving', in_progress: true});
  transfer.retry('raw');
  await pass(4000);
  assert.equal(transfer.state, 'settling');
  dashboard.say({status: 'queued'});
  await pass(2500);
  assert.equal(transfer.state, 'sending');
  assert.match(first, /^[0-9a-f]{32}$/);
  assert.notEqual(attemptOf(dashboard.upload), first);
  assert.equal(new URL(dashboard.upload.target.url, 'https://x').searchParams.get('format'), 'raw');
});

test('two are in flight, the others wait for their turn', async () => {
  const transfers = ['a', 'b', 'c'].map((id) => dashboard.begin(SIZE, {id}));
  assert.deepEqual(transfers.map((each) => each.state), ['sending', 'sending', 'waiting']);
  dashboard.uploads[0].done({id: 'a'});
  assert.deepEqual(transfers.map((each) => each.state), ['done', 'sending', 'sending']);
  dashboard.uploads[1].progress(500, 20);
  dashboard.uploads[2].progress(100, 10);
  assert.deepEqual({...dashboard.hip.queue.total()}, {sent: 1600, size: 3000, speed: 30});
});

test('imports do not wait for uploads', () => {
  ['a', 'b'].forEach((id) => dashboard.begin(SIZE, {id}));
  assert.equal(dashboard.begin(null, {id: 'c'}).state, 'importing');
});

test('held back, nothing begins until as often released', () => {
  const {queue} = dashboard.hip;
  queue.hold();
  queue.hold();
  const transfer = dashboard.begin(SIZE);
  queue.release();
  assert.equal(transfer.state, 'waiting');
  queue.release();
  assert.equal(transfer.state, 'sending');
});

test('an image that is uploaded into once more has one transfer', () => {
  const first = dashboard.begin(SIZE), second = dashboard.begin(SIZE);
  assert.ok(dashboard.uploads[0].aborted);
  assert.notEqual(first, second);
  assert.deepEqual([...dashboard.hip.queue.all()], [second]);
});

test('the page is asked about before it is left while bytes need it', () => {
  const leaves = () => {
    const event = new dashboard.window.Event('beforeunload', {cancelable: true});
    return dashboard.window.dispatchEvent(event);
  };
  assert.equal(leaves(), true);
  dashboard.begin(SIZE);
  assert.equal(leaves(), false);
  dashboard.upload.done({id: ID});
  assert.equal(leaves(), true);
});

test('every change is told to the page', async () => {
  const told = [];
  dashboard.window.document.addEventListener('hip:transfer', ({detail}) => told.push(detail.state));
  dashboard.begin(SIZE);
  dashboard.upload.done({id: ID});
  await settle();
  assert.deepEqual([...new Set(told)], ['sending', 'done']);
});
