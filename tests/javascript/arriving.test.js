// SPDX-License-Identifier: Apache-2.0
// What a transfer makes of what the dashboard tells: after a broken connection,
// of an import, and of a deletion.
import assert from 'node:assert/strict';
import {afterEach, beforeEach, test} from 'node:test';
import {Dashboard, ID, json} from './dashboard.js';
import {pass, releaseClock, stopClock} from './page.js';

const SIZE = 1000;
let dashboard;

beforeEach(() => { stopClock(); dashboard = new Dashboard(); });
afterEach(releaseClock);

// A file of which so much was sent when the connection broke.
function broken(sent, failure = {}, steps = {}) {
  const transfer = dashboard.begin(SIZE, steps);
  dashboard.upload.progress(Math.min(sent, SIZE - 1), 0);
  dashboard.upload.progress(sent, 0);
  dashboard.upload.failed({status: 0, sent, ...failure});
  return transfer;
}

test('all has arrived, under the name of this upload', async () => {
  const transfer = broken(SIZE);
  assert.equal(transfer.state, 'asking');
  dashboard.say({status: 'active', size_bytes: SIZE, stored_attempt: transfer.attempt});
  await pass(500);
  assert.deepEqual([transfer.state, transfer.warnings.length], ['done', 0]);
});

test('what was stored came under another name', async () => {
  const transfer = broken(SIZE);
  dashboard.say({status: 'active', size_bytes: SIZE, stored_attempt: 'another'});
  await pass(500);
  assert.equal(transfer.failure.kind, 'taken');
});

test('without a note of it, data of another size is somebody else\'s', async () => {
  const transfer = broken(SIZE);
  dashboard.say({status: 'active', size_bytes: SIZE - 1});
  await pass(500);
  assert.equal(transfer.failure.kind, 'taken');
});

test('without a note of it, data of the same size is believed after three looks, with a warning', async () => {
  const transfer = broken(SIZE);
  dashboard.say({status: 'active', size_bytes: SIZE});
  await pass(2500);
  assert.equal(transfer.state, 'asking');
  await pass(3000);
  assert.deepEqual([transfer.state, transfer.warnings.length], ['done', 1]);
});

test('the image service goes on with what it has', async () => {
  const transfer = broken(SIZE);
  dashboard.say({status: 'saving', in_progress: true, stored_bytes: 700, standstill: 'It waits.'});
  await pass(500);
  assert.deepEqual([transfer.state, transfer.stored, transfer.standstill], ['storing', 700, 'It waits.']);
});

test('nothing has arrived', async () => {
  const transfer = broken(500);
  await pass(500);
  assert.equal(transfer.state, 'failed');
  assert.match(transfer.failure.reason, /connection to the dashboard was lost/);
});

test('a web server that lets no such file through is named', async () => {
  const transfer = broken(500, {status: 413});
  await pass(500);
  assert.match(transfer.failure.reason, /does not accept files of this size/);
});

test('the answer of a web server is told', async () => {
  const transfer = broken(500, {status: 502, answer: 'Bad gateway'});
  await pass(500);
  assert.match(transfer.failure.reason, /502 Bad gateway/);
});

test('another upload was ahead', async () => {
  const transfer = broken(SIZE);
  dashboard.say({refused_attempts: [transfer.attempt]});
  await pass(500);
  assert.equal(transfer.failure.kind, 'taken');
});

test('the dashboard was busy, and its answer was lost', async () => {
  const transfer = broken(10);
  dashboard.say({failure_kind: 'busy', failure: 'Busy.', retry_after_s: 5});
  await pass(500);
  assert.equal(transfer.state, 'busy');
});

test('an image that is being saved for ever is given up after three looks', async () => {
  const transfer = broken(500);
  dashboard.say({status: 'saving', failure: 'Glance was stopped.'});
  await pass(2500);
  assert.equal(transfer.state, 'asking');
  await pass(3000);
  assert.deepEqual([transfer.failure.kind, transfer.failure.reason], ['stuck', 'Glance was stopped.']);
});

test('the image is gone, or seen from another project only', async () => {
  const gone = broken(500, {status: 404});
  dashboard.forget();
  await pass(500);
  assert.equal(gone.failure.kind, 'gone');
  gone.retry();
  dashboard.project = 'p2';
  await pass(500);
  assert.equal(gone.failure.kind, 'elsewhere');
  assert.match(gone.failure.reason, /acme-web/);
});

test('a session that ends while it is asked is told', async () => {
  dashboard.answer = () => json({kind: 'session'}, 403);
  const transfer = broken(500);
  await pass(500);
  assert.equal(transfer.failure.kind, 'session');
});

const DIRECT = {direct: {url: 'https://glance.example/file', token: 't', headers: {}}};

test('an image service that lets browsers in gets the bytes itself', async () => {
  const transfer = dashboard.begin(SIZE, DIRECT);
  assert.equal(dashboard.upload.target.headers['X-Auth-Token'], 't');
  dashboard.upload.progress(500, 0);
  assert.equal(transfer.stored, 500);
  dashboard.upload.done({});
  dashboard.say({status: 'active', size_bytes: SIZE});
  await pass(500);
  assert.equal(transfer.state, 'done');
});

for (const failure of [{status: 0, sent: 0}, {status: 401, sent: 10}]) {
  test(`one that does not (${failure.status}) gets them through the dashboard`, () => {
    const transfer = dashboard.begin(SIZE, DIRECT);
    dashboard.upload.failed(failure);
    assert.equal(transfer.state, 'sending');
    assert.match(dashboard.upload.target.url, /^\/upload\//);
    assert.equal(dashboard.upload.target.headers['X-Auth-Token'], undefined);
  });
}

for (const [status, kind] of [[409, 'taken'], [415, 'stuck'], [400, undefined]]) {
  test(`its refusal ${status} is final`, () => {
    const transfer = dashboard.begin(SIZE, DIRECT);
    dashboard.upload.failed({status, sent: 10, answer: 'No.'});
    assert.deepEqual([transfer.state, transfer.failure.kind], ['failed', kind]);
  });
}

for (const status of [403, 410]) {
  test(`its refusal ${status} of an image that was deleted meanwhile`, async () => {
    const transfer = dashboard.begin(SIZE, DIRECT);
    dashboard.forget();
    dashboard.upload.failed({status, sent: SIZE, answer: 'Not allowed.'});
    await pass(500);
    assert.deepEqual([transfer.state, transfer.failure.kind], ['failed', 'gone']);
  });
}

test('an import is followed to its end', async () => {
  const transfer = dashboard.begin(null);
  dashboard.say({status: 'importing', in_progress: true, stored_bytes: 10});
  await pass(500);
  assert.deepEqual([transfer.state, transfer.stored, transfer.needsPage()], ['importing', 10, false]);
  dashboard.say({status: 'active', size_bytes: 20, verification: 'verified'});
  await pass(2000);
  assert.deepEqual([transfer.state, transfer.verification], ['done', 'verified']);
});

test('an import that fails says why; one that never begins is given up', async () => {
  const failing = dashboard.begin(null, {id: 'a'}), lost = dashboard.begin(null, {id: 'b'});
  dashboard.say({id: 'a', failure: 'There is no such file.', failure_kind: 'import'});
  await pass(500);
  assert.deepEqual([failing.failure.reason, failing.failure.kind], ['There is no such file.', 'import']);
  await pass(25000);
  assert.equal(lost.state, 'importing');
  await pass(10000);
  assert.equal(lost.state, 'failed');
});

test('what was promised about the data is checked before it is done', async () => {
  const answers = [{verification: 'mismatch', reason: 'Other data.'}, {verification: 'verified'}];
  dashboard.hip.verify = async () => answers.shift();
  const wrong = broken(SIZE, {}, {id: 'a'}), right = broken(SIZE, {}, {id: 'b'});
  for (const transfer of [wrong, right]) {
    dashboard.say({id: transfer.id, status: 'active', size_bytes: SIZE, stored_attempt: transfer.attempt, may_check: true});
  }
  await pass(500);
  assert.deepEqual([wrong.state, wrong.failure.kind], ['failed', 'checksum']);
  assert.deepEqual([right.state, right.verification], ['done', 'verified']);
});

test('a file that has changed is to be chosen again', async () => {
  dashboard.fileChanged = true;
  const transfer = broken(500);
  await pass(500);
  assert.deepEqual([transfer.state, transfer.failure.kind], ['failed', 'changed']);
  assert.equal(transfer.failure.reason, 'The file has changed. Choose it again.');
});

test('a file that has changed after its last byte has arrived', async () => {
  dashboard.fileChanged = true;
  const transfer = broken(SIZE);
  dashboard.say({status: 'active', size_bytes: SIZE, stored_attempt: transfer.attempt});
  await pass(500);
  assert.equal(transfer.state, 'done');
});

test('deleted is what is not there any more', async () => {
  const transfer = broken(500);
  transfer.delete();
  assert.equal(transfer.state, 'deleting');
  dashboard.forget();
  await pass(500);
  assert.equal(transfer.state, 'deleted');
  const posted = dashboard.requests.filter((each) => each.method === 'POST').map((each) => each.body.get('action'));
  assert.deepEqual(posted, [`images__delete__${ID}`]);
});

test('a protected image is deleted once more, for Glance may write it back', async () => {
  const transfer = broken(500, {}, {protected: true});
  transfer.delete();
  await pass(1000);
  assert.equal(transfer.state, 'deleting');
  dashboard.forget();
  await pass(2500);
  assert.equal(transfer.state, 'deleted');
  const posted = dashboard.requests.filter((each) => each.method === 'POST').map((each) => each.body.get('action').split('__')[1]);
  assert.deepEqual(posted, ['unprotect', 'delete', 'unprotect', 'delete']);
});

test('an image that stays is told', async () => {
  const transfer = broken(500);
  transfer.delete();
  await pass(500);
  assert.deepEqual([transfer.state, transfer.failure.kind], ['failed', 'remains']);
  assert.match(transfer.failure.reason, /See the image list/);
});

test('an image that stays as its request was refused is told with the reason', async () => {
  const transfer = broken(500);
  dashboard.answer = (url) => (url === '/images/' ? json({kind: 'elsewhere', reason: 'Switch back.'}, 409) : undefined);
  transfer.delete();
  await pass(500);
  assert.deepEqual([transfer.failure.kind, transfer.failure.reason], ['remains', 'Switch back.']);
});

test('an import that the cloud has converted is what the image service has, with a word on it', async () => {
  const transfer = dashboard.begin(null, {format: 'qcow2'});
  dashboard.say({status: 'active', size_bytes: 4096, format: 'raw', format_label: 'Raw', verification: ''});
  await pass(500);
  assert.deepEqual([transfer.state, transfer.stored], ['done', 4096]);
  assert.match(transfer.warnings.join(), /format is now Raw/);
});

test('an import that could not be compared is not a failure', async () => {
  const transfer = dashboard.begin(null, {format: 'qcow2'});
  dashboard.say({status: 'active', size_bytes: 4096, format: 'raw', verification: 'converted', verification_note: 'Converted.'});
  await pass(500);
  assert.deepEqual([transfer.state, ...transfer.warnings], ['done', 'Converted.']);
});

test('an import whose difference means little says why', async () => {
  const transfer = dashboard.begin(null, {format: 'raw'});
  dashboard.say({status: 'active', size_bytes: 1, format: 'raw', verification: 'mismatch', verification_note: 'It is kept.'});
  await pass(500);
  assert.deepEqual([transfer.state, transfer.failure.reason], ['failed', 'It is kept.']);
});

test('staged data that is lost is not waited for', async () => {
  const transfer = dashboard.begin(null);
  dashboard.say({status: 'importing', in_progress: false, failure: 'Delete it.'});
  await pass(6500);
  assert.deepEqual([transfer.state, transfer.failure.kind, transfer.failure.reason], ['failed', 'stuck', 'Delete it.']);
});
