import { describe, expect, it } from "vitest";
import { Sha256 } from "./sha256";

/** What the platform says. */
async function digestOf(whole: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
/** The same noise each time. */
function noise(length: number): Uint8Array<ArrayBuffer> {
  let state = 88_675_123;
  return Uint8Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  });
}

describe("SHA-256 in pieces", () => {
  it.each([
    // FIPS 180-4, examples of NIST.
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    ["abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"],
  ])("is as published: %j", (text, digest) => expect(new Sha256().update(bytes(text)).hex()).toBe(digest));

  it("is the same however it is cut, at every length around a block", async () => {
    for (let length = 0; length <= 200; length += 1) {
      const whole = noise(length);
      // oxlint-disable-next-line no-await-in-loop
      const digest = await digestOf(whole);
      for (const size of [1, 7, 63, 64, 65, 500]) {
        const sum = new Sha256();
        for (let from = 0; from < length; from += size) sum.update(whole.subarray(from, from + size));
        expect(sum.hex(), `${length} bytes by ${size}`).toBe(digest);
      }
    }
  });

  it("takes a view into a longer buffer, and megabytes", async () => {
    const whole = noise(3_000_001);
    const part = whole.subarray(5, 2_999_999);
    expect(new Sha256().update(part.subarray(0, 1_000_000)).update(part.subarray(1_000_000)).hex()).toBe(await digestOf(part));
  });
});
