import { describe, expect, it } from "vitest";
import type { UploadState } from "../api/types";
import type { Source } from "./kept";
import { inParts } from "./parts";
import type { Item } from "./queue";
import type { Heard, Line } from "./send";

const MIB = 1 << 20;
const item = { id: "i", patientId: "p1", key: "k", name: "large.tif" } as Item;
const RESULT = { index: 0, name: "large.tif", outcome: "stored", image: { id: "i1" }, reason: null } as unknown as UploadState["result"];

/** A file of zeros that tells how much of it was asked for at a time. */
function file(size: number, isReadable: () => boolean = () => true) {
  const slices: (readonly [number, number])[] = [];
  const source: Source = {
    size,
    slice: (from, to) => {
      slices.push([from, to]);
      return isReadable() ? Promise.resolve(new Blob([new Uint8Array(to - from)])) : Promise.reject(new Error("moved away"));
    },
  };
  return { source, slices };
}

type Asked = Parameters<Line["ask"]>[0];

/** A server that holds so much of the file; `faults` answers instead of it, one after the other. */
function server(size: number, held = 0) {
  const asked: Asked[] = [];
  const faults: (Heard | "cut off" | "held elsewhere" | undefined)[] = [];
  let offset = held;
  const state = (): Heard => ({ status: 200, body: { offset, result: offset === size ? RESULT : null } });
  const ask = async (it: Asked): Promise<Heard> => {
    asked.push(it);
    const fault = faults.shift();
    const bytes = it.method === "PATCH" ? (it.body as Blob).size : 0;
    if (fault === "cut off") {
      // Half of it arrived, and the answer got lost.
      offset += Math.floor(bytes / 2);
      return null;
    }
    if (fault === "held elsewhere") {
      offset += bytes;
      return { status: 409, body: { code: "offset" } };
    }
    if (fault !== undefined) return fault;
    if (it.method === "PATCH" && it.headers["Upload-Offset"] !== String(offset)) return { status: 409, body: { code: "offset" } };
    offset += bytes;
    return state();
  };
  return { asked, faults, line: { ask } as unknown as Line, offsets: () => asked.filter((it) => it.method === "PATCH").map((it) => Number(it.headers["Upload-Offset"])) };
}

describe("I4: a file in parts", () => {
  it("I6: is declared with what the camera says of it", async () => {
    const said = { view: "anterior", entryId: "e1" };
    for (const [details, one] of [[said, { ...item, said }], [undefined, item]] as const) {
      const it = server(MIB);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await inParts(it.line, one, file(MIB).source, () => undefined);
      expect(JSON.parse(String(it.asked[0]?.body)).details).toEqual(details);
    }
  });

  it("is never in memory as a whole: its digest is read a mebibyte at a time, and eight are sent at a time", async () => {
    const size = 20 * MIB + 5;
    const { source, slices } = file(size);
    const it = server(size);
    const progress: number[] = [];
    const answer = await inParts(it.line, item, source, (sent) => progress.push(sent));
    expect(answer).toEqual({ kind: "report", report: { results: [RESULT] } });
    expect(it.offsets()).toEqual([0, 8 * MIB, 16 * MIB]);
    expect(Math.max(...slices.slice(0, 21).map(([from, to]) => to - from))).toBe(MIB);
    expect(Math.max(...slices.map(([from, to]) => to - from))).toBe(8 * MIB);
    expect(JSON.parse(String(it.asked[0]?.body))).toMatchObject({ name: "large.tif", bytes: size, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  });

  it("continues where the server is, after a crash between two parts", async () => {
    const size = 20 * MIB;
    const { source } = file(size);
    const it = server(size, 12 * MIB);
    await inParts(it.line, item, source, () => undefined);
    expect(it.offsets()).toEqual([12 * MIB]);
  });

  it("reads the file once, however often it is tried", async () => {
    const size = 10 * MIB;
    const { source, slices } = file(size);
    const first = server(size);
    first.faults.push(undefined, "cut off");
    expect(await inParts(first.line, item, source, () => undefined)).toEqual({ kind: "lost" });
    const before = slices.length;
    const second = server(size, 4 * MIB);
    expect((await inParts(second.line, item, source, () => undefined)).kind).toBe("report");
    expect(slices.slice(before)).toEqual([[4 * MIB, 10 * MIB]]);
  });

  it("asks how it stands when another tab has sent the same part", async () => {
    const size = 20 * MIB;
    const { source } = file(size);
    const it = server(size);
    it.faults.push(undefined, "held elsewhere");
    expect((await inParts(it.line, item, source, () => undefined)).kind).toBe("report");
    expect(it.asked.map(({ method }) => method)).toEqual(["PUT", "PATCH", "PUT", "PATCH", "PATCH"]);
    expect(it.offsets()).toEqual([0, 8 * MIB, 16 * MIB]);
  });

  it("was in by the time it was asked for: nothing is sent a second time", async () => {
    const size = 9 * MIB;
    const it = server(size, size);
    expect((await inParts(it.line, item, file(size).source, () => undefined)).kind).toBe("report");
    expect(it.offsets()).toEqual([]);
  });

  it("ends with the refusal, and with the patient's absence, instead of asking for ever", async () => {
    const size = 9 * MIB;
    const full = server(size);
    full.faults.push(undefined, { status: 507, body: { code: "storage_full" } });
    expect(await inParts(full.line, item, file(size).source, () => undefined)).toMatchObject({ kind: "problem", problem: { code: "storage_full" } });
    const gone = server(size);
    gone.faults.push({ status: 404, body: { code: "not_found" } }, { status: 404, body: { code: "not_found" } });
    expect(await inParts(gone.line, item, file(size).source, () => undefined)).toMatchObject({ kind: "problem", problem: { code: "not_found" } });
    const restless = server(size);
    for (let turn = 0; turn < 20; turn += 1) restless.faults.push(undefined, { status: 409, body: { code: "offset" } });
    expect(await inParts(restless.line, item, file(size).source, () => undefined)).toEqual({ kind: "lost" });
    expect(restless.asked.length).toBeLessThan(20);
  });

  it("a file that could not be read is read again with the next try", async () => {
    let isThere = false;
    const size = 9 * MIB;
    const { source } = file(size, () => isThere);
    await expect(inParts(server(size).line, item, source, () => undefined)).rejects.toThrow("moved away");
    isThere = true;
    expect((await inParts(server(size).line, item, source, () => undefined)).kind).toBe("report");
  });
});
