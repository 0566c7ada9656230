// SPDX-License-Identifier: Apache-2.0
// What a page that stays open says of the age of its images.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {afterEach, beforeEach, test} from 'node:test';
import {openPage, pass, releaseClock, stopClock} from './page.js';

const CASES = JSON.parse(readFileSync(new URL('cases/ages.json', import.meta.url), 'utf8'));
const LAST = Math.max(...CASES.map(({place}) => place));
// The server's clock is not the browser's.
const SERVER_S = 1_795_000_000;
let window;

beforeEach(stopClock);
afterEach(releaseClock);

function open(agesS) {
  const words = Array.from({length: LAST + 1}, (_, n) => `word ${n}`).join('|');
  const times = agesS.map((age) => `<time datetime="${new Date((SERVER_S - age) * 1000).toISOString()}">as it came` +
    '<span> (exactly)</span></time>').join('');
  window = openPage(['base/times.js'], `<template data-hip-ages="${words}" data-hip-now="${SERVER_S}"></template>${times}`);
  show(true);
}

function show(visible) {
  Object.defineProperty(window.document, 'hidden', {value: !visible, configurable: true});
  window.document.dispatchEvent(new window.Event('visibilitychange'));
}

const shown = () => Array.from(window.document.querySelectorAll('time'), (time) => time.firstChild.data);

test('each age has the word of the server', () => {
  open(CASES.map(({seconds}) => seconds));
  assert.deepEqual(shown(), CASES.map(({place}) => (place < 0 ? 'as it came' : `word ${place}`)));
  assert.equal(window.document.querySelector('time span').textContent, ' (exactly)');
});

test('it moves on while the page is visible', async () => {
  open([100]);
  assert.deepEqual(shown(), ['word 0']);
  await pass(60_000, 10_000);
  assert.deepEqual(shown(), ['word 1']);
  show(false);
  await pass(180_000, 10_000);
  assert.deepEqual(shown(), ['word 1']);
  show(true);
  assert.deepEqual(shown(), ['word 4']);
});
