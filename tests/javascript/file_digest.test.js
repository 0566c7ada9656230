// SPDX-License-Identifier: Apache-2.0
// The checksum of a file, computed in pieces, against that of Node's own library.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';

const WORKER = new URL('../../helion_images_panel/static/helion_images_panel/js/listing/file_digest.worker.js', import.meta.url);
const PIECE = 4 * 1024 * 1024;

// What the worker says of a file, in order.
function digest(file) {
  return new Promise((resolve) => {
    const said = [], self = {postMessage: (message) => {
      said.push(message);
      if (message.digest || message.failed) {
        resolve(said);
      }
    }};
    new Function('self', readFileSync(WORKER, 'utf8'))(self);
    self.onmessage({data: file});
  });
}

// The lengths around those at which blocks, the last block and pieces end.
for (const size of [0, 1, 111, 112, 113, 127, 128, 129, 239, 240, 256, 1000, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 77]) {
  test(`SHA-512 of ${size} bytes`, async () => {
    const bytes = Buffer.from(Uint8Array.from({length: size}, (_, at) => (at * 167 + size) % 251)),
      said = await digest(new Blob([bytes]));
    assert.equal(said.at(-1).digest, createHash('sha512').update(bytes).digest('hex'));
    assert.deepEqual(said.slice(0, -1).map((message) => message.read),
      Array.from({length: Math.ceil(size / PIECE)}, (_, at) => Math.min((at + 1) * PIECE, size)));
  });
}

test('a file that cannot be read is reported', async () => {
  const said = await digest({size: 5, slice: () => ({arrayBuffer: async () => { throw new Error('The file was changed.'); }})});
  assert.deepEqual(said, [{failed: true}]);
});
