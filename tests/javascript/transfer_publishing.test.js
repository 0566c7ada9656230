// SPDX-License-Identifier: Apache-2.0
// The publication of a transfer's image, before its bytes and after the comparison.
import assert from 'node:assert/strict';
import {afterEach, beforeEach, test} from 'node:test';
import {Dashboard, json} from './dashboard.js';
import {releaseClock, settle, stopClock} from './page.js';

const SIZE = 1000;
let dashboard;

beforeEach(() => { stopClock(); dashboard = new Dashboard(); });
afterEach(releaseClock);

const PUBLISH = {publish: {url: '/step/', audience: 'domain', tried: ['a'], left: 1, total: 2, reached: 1, projects: []}};

test('bytes wait until the image is published', async () => {
  dashboard.answer = (url) => (url === '/step/' ? json({tried: ['b'], left: 0, total: 2, reached: 2, projects: [
    {project: 'b', kind: 'failed', reason: 'It is full.'}]}) : undefined);
  const transfer = dashboard.begin(SIZE, PUBLISH);
  assert.deepEqual([transfer.state, transfer.isPublishing()], ['waiting', true]);
  await settle();
  assert.deepEqual([transfer.state, transfer.isPublishing()], ['sending', false]);
  assert.deepEqual(transfer.notPublished.map((each) => each.reason), ['It is full.']);
  assert.equal(dashboard.requests.find((each) => each.url === '/step/').body.get('tried'), 'a');
});

test('bytes go on their way where publishing fails', async () => {
  dashboard.answer = (url) => (url === '/step/' ? json({reason: 'You are not allowed to.'}, 403) : undefined);
  const transfer = dashboard.begin(SIZE, PUBLISH);
  await settle();
  assert.equal(transfer.state, 'sending');
  assert.deepEqual(transfer.notPublished.map((each) => each.reason), ['You are not allowed to.']);
});

test('an official image is published once it is compared, and otherwise says that it is not', async () => {
  const publication = {url: '/publish/', audience: 'cloud'}, posted = [];
  const answers = [{verification: 'verified', publication}, {verification: 'pending', reason: 'Not now.'}, {verification: 'mismatch', seen_url: '/seen/'}];
  dashboard.hip.verify = async () => answers.shift();
  dashboard.hip.publishSteps = async (url, choice, tried, report) => {
    posted.push([url, choice.audience]);
    report({left: 0, tried: [], reached: 0, total: 0, projects: []});
  };
  const transfers = [];
  for (let number = 0; number < 3; number += 1) {
    const transfer = dashboard.begin(0, {planned: 'cloud', source: 'location'});
    transfer.arrive({status: 'active', size_bytes: 5, may_check: false, verification: 'pending'});
    assert.equal(transfer.state, 'verifying');
    await settle();
    transfers.push(transfer);
  }
  const [right, unknown, wrong] = transfers;
  assert.deepEqual(posted, [['/publish/', 'cloud']]);
  assert.deepEqual([right.state, right.published.audience, right.notPublished.length], ['done', 'cloud', 0]);
  assert.equal(unknown.notPublished.length, 1);
  assert.match(unknown.notPublished[0].reason, /was not published/);
  assert.deepEqual([wrong.state, wrong.notPublished.length, wrong.published], ['failed', 0, null]);
});
