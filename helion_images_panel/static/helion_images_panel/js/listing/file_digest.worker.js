// SPDX-License-Identifier: Apache-2.0
// SHA-512 of a file, read in pieces: the browser's own takes a file as a whole, into
// memory. A page loads this as a worker, once a file is there. The numbers of 64 bits
// are pairs of 32, the high and the low half.
(function () {
  'use strict';

  var PIECE = 4 * 1024 * 1024, BLOCK = 128, ROUNDS = 80, HALF = 4294967296;
  var high = new Int32Array(ROUNDS), low = new Int32Array(ROUNDS);
  var constants = fractions(ROUNDS, 3);
  var state = fractions(8, 2);

  // The first 64 bits behind the point of the roots of the first primes.
  function fractions(count, degree) {
    var found = {high: new Int32Array(count), low: new Int32Array(count)}, at = 0, number, bits;
    for (number = 2; at < count; number += 1) {
      if (isPrime(number)) {
        bits = BigInt.asUintN(64, root(BigInt(number) << BigInt(64 * degree), BigInt(degree)));
        found.high[at] = Number(BigInt.asIntN(32, bits >> 32n));
        found.low[at] = Number(BigInt.asIntN(32, bits));
        at += 1;
      }
    }
    return found;
  }

  function isPrime(number) {
    for (var divisor = 2; divisor * divisor <= number; divisor += 1) {
      if (number % divisor === 0) {
        return false;
      }
    }
    return true;
  }

  // Rounded down, by Newton's method from above.
  function root(number, degree) {
    var guess = number, next = 1n << BigInt(Math.ceil(number.toString(2).length / Number(degree)));
    while (next < guess) {
      guess = next;
      next = ((degree - 1n) * guess + number / guess ** (degree - 1n)) / degree;
    }
    return guess;
  }

  function expand(view, start) {
    var i, h, l, h2, l2, sum;
    for (i = 0; i < 16; i += 1) {
      high[i] = view.getInt32(start + 8 * i);
      low[i] = view.getInt32(start + 8 * i + 4);
    }
    for (; i < ROUNDS; i += 1) {
      h = high[i - 15];
      l = low[i - 15];
      h2 = high[i - 2];
      l2 = low[i - 2];
      // Rotated by 1 and 8 and shifted by 7; by 19 and 61, and shifted by 6.
      sum = (((l >>> 1 | h << 31) ^ (l >>> 8 | h << 24) ^ (l >>> 7 | h << 25)) >>> 0) +
        (((l2 >>> 19 | h2 << 13) ^ (h2 >>> 29 | l2 << 3) ^ (l2 >>> 6 | h2 << 26)) >>> 0) +
        (low[i - 7] >>> 0) + (low[i - 16] >>> 0);
      low[i] = sum;
      high[i] = ((h >>> 1 | l << 31) ^ (h >>> 8 | l << 24) ^ h >>> 7) +
        ((h2 >>> 19 | l2 << 13) ^ (l2 >>> 29 | h2 << 3) ^ h2 >>> 6) +
        high[i - 7] + high[i - 16] + (sum / HALF | 0);
    }
  }

  function mix() {
    var H = state.high, L = state.low,
      ah = H[0], bh = H[1], ch = H[2], dh = H[3], eh = H[4], fh = H[5], gh = H[6], hh = H[7],
      al = L[0], bl = L[1], cl = L[2], dl = L[3], el = L[4], fl = L[5], gl = L[6], hl = L[7], i, sum, one, oneHigh;
    for (i = 0; i < ROUNDS; i += 1) {
      // Rotated by 14, 18 and 41.
      sum = (((el >>> 14 | eh << 18) ^ (el >>> 18 | eh << 14) ^ (eh >>> 9 | el << 23)) >>> 0) +
        ((el & fl ^ ~el & gl) >>> 0) + (hl >>> 0) + (constants.low[i] >>> 0) + (low[i] >>> 0);
      one = sum | 0;
      oneHigh = ((eh >>> 14 | el << 18) ^ (eh >>> 18 | el << 14) ^ (el >>> 9 | eh << 23)) +
        (eh & fh ^ ~eh & gh) + hh + constants.high[i] + high[i] + (sum / HALF | 0) | 0;
      hh = gh; hl = gl; gh = fh; gl = fl; fh = eh; fl = el;
      sum = (dl >>> 0) + (one >>> 0);
      eh = dh + oneHigh + (sum / HALF | 0) | 0;
      el = sum | 0;
      // Rotated by 28, 34 and 39.
      sum = (((al >>> 28 | ah << 4) ^ (ah >>> 2 | al << 30) ^ (ah >>> 7 | al << 25)) >>> 0) +
        ((al & bl ^ al & cl ^ bl & cl) >>> 0) + (one >>> 0);
      oneHigh = ((ah >>> 28 | al << 4) ^ (al >>> 2 | ah << 30) ^ (al >>> 7 | ah << 25)) +
        (ah & bh ^ ah & ch ^ bh & ch) + oneHigh + (sum / HALF | 0) | 0;
      dh = ch; dl = cl; ch = bh; cl = bl; bh = ah; bl = al;
      ah = oneHigh;
      al = sum | 0;
    }
    add(0, ah, al);
    add(1, bh, bl);
    add(2, ch, cl);
    add(3, dh, dl);
    add(4, eh, el);
    add(5, fh, fl);
    add(6, gh, gl);
    add(7, hh, hl);
  }

  function add(at, h, l) {
    var sum = (state.low[at] >>> 0) + (l >>> 0);
    state.low[at] = sum;
    state.high[at] += h + (sum / HALF | 0);
  }

  function take(bytes) {
    var view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), start;
    for (start = 0; start < bytes.length; start += BLOCK) {
      expand(view, start);
      mix();
    }
  }

  // The rest with one bit behind it, and the length in bits at the end.
  function finish(rest, length) {
    var last = new Uint8Array(rest.length + 17 > BLOCK ? 2 * BLOCK : BLOCK);
    last.set(rest);
    last[rest.length] = 128;
    new DataView(last.buffer).setBigUint64(last.length - 8, BigInt(length) * 8n);
    take(last);
  }

  function digits() {
    return Array.from(state.high).map(function (value, at) {
      return [value, state.low[at]].map(function (half) { return (half >>> 0).toString(16).padStart(8, '0'); }).join('');
    }).join('');
  }

  // A file that was changed since it was chosen cannot be read.
  async function digest(file) {
    var start, bytes, whole, rest = new Uint8Array(0);
    for (start = 0; start < file.size; start += PIECE) {
      bytes = new Uint8Array(await file.slice(start, start + PIECE).arrayBuffer());
      whole = bytes.length - bytes.length % BLOCK;
      take(bytes.subarray(0, whole));
      rest = bytes.subarray(whole);
      self.postMessage({read: start + bytes.length});
    }
    finish(rest, file.size);
    return digits();
  }

  self.onmessage = function (event) {
    digest(event.data).then(function (found) {
      self.postMessage({digest: found});
    }, function () {
      self.postMessage({failed: true});
    });
  };
}());
