// SPDX-License-Identifier: Apache-2.0
// What the dock says of an import, and nothing that nobody knows.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openPage} from './page.js';

const MIB = 1024 * 1024;

function line(values) {
  const window = openPage(['base/namespace.js', 'transfers/dock_words.js']);
  return window.horizon.helionImages.dockWords.line({
    state: 'importing', stored: null, expected: 0, speed: 0, standstill: '', second: {state: '', note: '', details: ''}, ...values,
  });
}

const CASES = [
  [{}, /^The image service is downloading the data\. /],
  [{expected: 3 * MIB}, /downloading the data \(3 MiB\)\./],
  [{stored: MIB}, /stored 1 MiB\./],
  [{stored: MIB, expected: 3 * MIB}, /stored 1 MiB of 3 MiB\./],
  [{stored: MIB, speed: MIB / 2}, /stored 1 MiB, 512 KiB\/s\./],
  [{stored: MIB, expected: 3 * MIB, speed: MIB / 2}, /stored 1 MiB of 3 MiB, 512 KiB\/s\./],
  // A cloud that converts images stores more than the file has.
  [{stored: 5 * MIB, expected: 3 * MIB}, /stored 5 MiB\./],
  [{standstill: 'It may hang.', stored: MIB}, /^It may hang\.$/],
  // The note beside it says it.
  [{second: {state: 'waiting'}}, /^$/],
  [{second: {state: 'checking'}}, /^$/],
  [{second: {state: 'started'}}, /is downloading the data/],
];

for (const [values, words] of CASES) {
  test(`an import: ${JSON.stringify(values)}`, () => {
    assert.match(line(values), words);
  });
}
