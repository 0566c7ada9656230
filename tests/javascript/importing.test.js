// SPDX-License-Identifier: Apache-2.0
// What a transfer makes of an import: its speed, and a second attempt.
import assert from 'node:assert/strict';
import {afterEach, beforeEach, test} from 'node:test';
import {Dashboard} from './dashboard.js';
import {pass, releaseClock, stopClock} from './page.js';

let dashboard;

beforeEach(() => { stopClock(); dashboard = new Dashboard(); });
afterEach(releaseClock);

test('the speed of an import is known from the second number on, and begins anew with another task', async () => {
  const transfer = dashboard.begin(null), MIB = 1024 * 1024;
  const told = (stored_bytes, stored_at_s) => dashboard.say({
    status: 'importing', in_progress: true, stored_bytes, stored_at_s, expected_bytes: 4 * MIB,
  });
  told(null, 50);
  await pass(500);
  assert.deepEqual([transfer.stored, transfer.speed, transfer.expected], [null, 0, 4 * MIB]);
  told(MIB, 60);
  await pass(2000);
  await pass(2000);
  assert.deepEqual([transfer.stored, transfer.speed], [MIB, 0]);
  told(3 * MIB, 160);
  await pass(2000);
  assert.deepEqual([transfer.stored, transfer.speed], [3 * MIB, 2 * MIB / 100]);
  told(null, 200);
  await pass(2000);
  assert.deepEqual([transfer.stored, transfer.speed], [null, 0]);
  told(MIB, 260);
  await pass(2000);
  assert.deepEqual([transfer.stored, transfer.speed], [MIB, 0]);
});

test('an import that is started again goes on, and is told', async () => {
  const transfer = dashboard.begin(null);
  dashboard.say({in_progress: true, retry: 'waiting', retry_note: 'It waits.', retry_details: 'A cause.'});
  await pass(500);
  assert.equal(transfer.state, 'importing');
  assert.deepEqual({...transfer.second}, {state: 'waiting', note: 'It waits.', details: 'A cause.'});
  dashboard.say({status: 'importing', in_progress: true, retry: 'started', retry_note: 'Again.'});
  await pass(2000);
  assert.deepEqual([transfer.state, transfer.second.note], ['importing', 'Again.']);
  dashboard.say({failure: 'It failed. The import was tried twice.'});
  await pass(2000);
  assert.deepEqual([transfer.state, transfer.failure.reason], ['failed', 'It failed. The import was tried twice.']);
});
