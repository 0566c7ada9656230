// SPDX-License-Identifier: Apache-2.0
// What is said of data that does not match its checksum.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openPage} from './page.js';

const SCRIPTS = ['base/namespace.js', 'base/enhance.js', 'transfers/verify.js'];
const DELETED = {expected: 'sha256:aa', actual: 'sha256:bb', deleted: false, seen_url: '/verify/?seen=1', reason: 'Why.'};

function explained(failure) {
  const window = openPage(SCRIPTS), alert = window.document.createElement('div');
  window.horizon.helionImages.explainMismatch(alert, failure);
  return {
    text: alert.querySelector('p').textContent,
    checksums: Array.from(alert.querySelectorAll('dd'), (value) => value.textContent),
  };
}

test('a checksum that a user has entered may be what is wrong', () => {
  const {text, checksums} = explained(DELETED);
  assert.match(text, /the image is being deleted\. Compare the entered checksum with the publisher's/);
  assert.deepEqual(checksums, ['sha256:aa', 'sha256:bb']);
});

test('of an official image nobody has entered one', () => {
  const {text, checksums} = explained({...DELETED, official: true});
  assert.match(text, /the image is being deleted\. Add it again from Official Images\./);
  assert.doesNotMatch(text, /entered/);
  assert.deepEqual(checksums, ['sha256:aa', 'sha256:bb']);
});

test('what stays has the reason of the dashboard', () => {
  assert.equal(explained({...DELETED, seen_url: undefined, official: false}).text, 'Why.');
});
