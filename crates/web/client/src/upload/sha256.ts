/**
 * SHA-256 (FIPS 180-4) of what comes in pieces. The browser's own takes a file only as a whole, which a device may not have the
 * memory for; this one needs 350 bytes however long the file is. It runs over plain HTTP, too.
 */

const FIRST_32 = (value: number): number => Math.floor((value - Math.floor(value)) * 0x1_0000_0000);

/** The first primes: of their roots the constants are the fractional parts. */
function primes(amount: number): number[] {
  const found: number[] = [];
  for (let number = 2; found.length < amount; number += 1) if (found.every((it) => number % it !== 0)) found.push(number);
  return found;
}

const ROUNDS = new Uint32Array(primes(64).map((it) => FIRST_32(Math.cbrt(it))));
const START = new Uint32Array(primes(8).map((it) => FIRST_32(Math.sqrt(it))));
const BLOCK = 64;

const at = (words: Uint32Array, index: number): number => words[index] ?? 0;
const turn = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

export class Sha256 {
  private readonly state = START.slice();
  private readonly words = new Uint32Array(BLOCK);
  /** What does not fill a block yet. */
  private readonly rest = new Uint8Array(BLOCK);
  private length = 0;

  update(bytes: Uint8Array): this {
    let from = 0;
    const held = this.length % BLOCK;
    this.length += bytes.length;
    if (held > 0) {
      from = Math.min(BLOCK - held, bytes.length);
      this.rest.set(bytes.subarray(0, from), held);
      if (held + from < BLOCK) return this;
      this.block(new DataView(this.rest.buffer), 0);
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (; from + BLOCK <= bytes.length; from += BLOCK) this.block(view, from);
    this.rest.set(bytes.subarray(from));
    return this;
  }

  /** The digest as hexadecimal digits. Nothing can be added afterwards. */
  hex(): string {
    const { length } = this;
    const zeros = (BLOCK * 2 - 9 - (length % BLOCK)) % BLOCK;
    const end = new DataView(new ArrayBuffer(1 + zeros + 8));
    end.setUint8(0, 0x80);
    // In bits, of which a number of JavaScript holds 53.
    end.setUint32(1 + zeros, Math.floor(length / 0x2000_0000));
    end.setUint32(5 + zeros, (length % 0x2000_0000) * 8);
    this.update(new Uint8Array(end.buffer));
    return [...this.state].map((word) => word.toString(16).padStart(8, "0")).join("");
  }

  private block(view: DataView, from: number): void {
    const { state, words } = this;
    for (let index = 0; index < 16; index += 1) words[index] = view.getUint32(from + index * 4);
    for (let index = 16; index < BLOCK; index += 1) {
      const early = at(words, index - 15);
      const late = at(words, index - 2);
      const small = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
      const large = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
      words[index] = at(words, index - 16) + small + at(words, index - 7) + large;
    }
    let a = at(state, 0);
    let b = at(state, 1);
    let c = at(state, 2);
    let d = at(state, 3);
    let e = at(state, 4);
    let f = at(state, 5);
    let g = at(state, 6);
    let h = at(state, 7);
    for (let index = 0; index < BLOCK; index += 1) {
      const choice = (e & f) ^ (~e & g);
      const first = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + at(ROUNDS, index) + at(words, index)) | 0;
      const majority = (a & b) ^ (a & c) ^ (b & c);
      const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + majority) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) state[index] = at(state, index) + word;
  }
}
