import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { began, lastHeard, onEnded, onHandedOver, onRefusedForRoom } from "../api/contact";
import { missed, reached } from "../api/reach";
import type { Source } from "./kept";
import type { Item } from "./queue";
import { askFor, Line, refusal, send, SMALL } from "./send";

vi.mock("../api/reach", { spy: true });

const item = { id: "i", patientId: "p1", key: "k1", name: "mole.jpg", attempts: 0 } as Item;
const RESULT = { index: 0, name: "mole.jpg", outcome: "stored", image: { id: "i1" }, reason: null };
const REPORT = { results: [RESULT] };

const file = (size: number): Source => ({ size, slice: (from, to) => Promise.resolve(new Blob([new Uint8Array(to - from)])) });

/** A request that stays on its way until the test answers it. */
class Request {
  static all: Request[] = [];
  readonly upload = new EventTarget();
  readonly headers: Record<string, string> = {};
  readonly events = new EventTarget();
  asked = "";
  body: unknown;
  status = 0;
  responseText = "";
  isAborted = false;

  constructor() {
    Request.all.push(this);
  }
  open(method: string, url: string) {
    this.asked = `${method} ${url}`;
  }
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value;
  }
  addEventListener(name: string, listener: () => void) {
    this.events.addEventListener(name, listener);
  }
  send(body: unknown) {
    this.body = body;
  }
  abort() {
    this.isAborted = true;
    this.events.dispatchEvent(new Event("abort"));
  }
  answer(status: number, body: unknown) {
    this.status = status;
    this.responseText = typeof body === "string" ? body : JSON.stringify(body);
    this.events.dispatchEvent(new Event("load"));
  }
  fail(how: "error" | "timeout") {
    this.events.dispatchEvent(new Event(how));
  }
  arrived(loaded: number) {
    this.upload.dispatchEvent(Object.assign(new Event("progress"), { loaded }));
  }
}

/** The request that was sent next. */
const sent = (at = 0): Promise<Request> =>
  vi.waitFor(() => {
    const request = Request.all[at];
    if (request?.body === undefined) throw new Error("nothing was sent yet");
    return request;
  });

beforeEach(() => {
  Request.all = [];
  vi.mocked(missed).mockReset().mockReturnValue(undefined);
  vi.mocked(reached).mockReset().mockReturnValue(undefined);
  vi.stubGlobal("XMLHttpRequest", Request);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe("I4: one file", () => {
  it("that is small goes in one piece, with its key, and tells how far it is", async () => {
    const progress: number[] = [];
    const { answer } = send(item, file(3000), (bytes) => progress.push(bytes));
    const request = await sent();
    expect(request.asked).toBe("POST /api/v1/patients/p1/images");
    expect(request.headers["Idempotency-Key"]).toBe("k1");
    const part = (request.body as FormData).get("file") as File;
    expect([part.name, part.size]).toEqual(["mole.jpg", 3000]);
    request.arrived(1000);
    request.arrived(3000);
    request.answer(200, REPORT);
    expect(await answer).toEqual({ kind: "report", report: REPORT });
    expect(progress).toEqual([1000, 3000]);
    expect(reached).toHaveBeenCalledOnce();
  });

  it("I6: what the camera says of it goes before it, in the same request", async () => {
    const said = { capturedAt: "2026-11-28T09:30:00.000Z", view: "anterior", entryId: "e1" };
    void send({ ...item, said }, file(3000), () => undefined);
    const request = await sent();
    const parts = [...(request.body as FormData).entries()];
    expect(parts.map(([name]) => name)).toEqual(["details", "file"]);
    expect(JSON.parse(String(parts[0]?.[1]))).toEqual(said);
  });

  it.each([
    ["is large", SMALL + 1, 0],
    ["was tried before", 3000, 1],
  ])("that %s goes in parts, under the same key", async (_, size, attempts) => {
    const { answer } = send({ ...item, attempts }, file(size), () => undefined);
    const request = await sent();
    expect(request.asked).toBe("PUT /api/v1/patients/p1/uploads/k1/0");
    request.answer(200, { offset: size, result: RESULT });
    expect(await answer).toEqual({ kind: "report", report: REPORT });
  });

  it("of the largest size that goes in one piece goes in one", async () => {
    void send(item, file(SMALL), () => undefined);
    expect((await sent()).asked).toMatch(/^POST /);
  });

  it("that was moved or deleted is unreadable, not a lost connection: nothing is asked", async () => {
    const source: Source = { size: 10, slice: () => Promise.reject(new DOMException("gone", "NotFoundError")) };
    expect(await send(item, source, () => undefined).answer).toEqual({ kind: "unreadable" });
    expect(Request.all).toEqual([]);
    expect(missed).not.toHaveBeenCalled();
  });

  it.each(["error", "timeout"] as const)("without an answer (%s) is lost, and counts against the server", async (how) => {
    const { answer } = send(item, file(10), () => undefined);
    (await sent()).fail(how);
    expect(await answer).toEqual({ kind: "lost" });
    expect(missed).toHaveBeenCalledOnce();
    expect(reached).not.toHaveBeenCalled();
  });

  it("that a person took out is lost, and that does not count against the server", async () => {
    const sending = send(item, file(10), () => undefined);
    const request = await sent();
    sending.abort();
    expect(request.isAborted).toBe(true);
    expect(await sending.answer).toEqual({ kind: "lost" });
    expect(missed).not.toHaveBeenCalled();
  });

  it("that was taken out before it was read is not sent at all", async () => {
    const sending = send(item, file(10), () => undefined);
    sending.abort();
    expect(await sending.answer).toEqual({ kind: "lost" });
    expect(Request.all).toEqual([]);
  });

  it("an answer that is no report, or not even JSON, adds nothing", async () => {
    for (const [at, said] of [{}, { results: 3 }, "<html>"].entries()) {
      const { answer } = send(item, file(10), () => undefined);
      // oxlint-disable-next-line no-await-in-loop -- one request after the other
      (await sent(at)).answer(200, said);
      // oxlint-disable-next-line no-await-in-loop
      expect((await answer).kind).toBe("problem");
    }
  });
});

describe("what a refusal means for the file", () => {
  it("is a problem with its code, and whether the file was looked at", () => {
    expect(refusal({ status: 422, body: { code: "consent_required" } })).toMatchObject({ kind: "problem", problem: { code: "consent_required" }, wasExamined: true });
    expect(refusal({ status: 503, body: { code: "busy", notExamined: 1 } })).toMatchObject({ kind: "problem", wasExamined: false });
    expect(refusal({ status: 502, body: null })).toMatchObject({ kind: "problem", problem: { status: 502 }, wasExamined: true });
  });

  it("I2: of an upload that was ended, it tells what became of the file before that", () => {
    expect(refusal({ status: 507, body: { code: "storage_full", ...REPORT } })).toEqual({ kind: "report", report: REPORT });
    expect(refusal({ status: 507, body: { code: "storage_full", results: [] } })).toMatchObject({ kind: "problem", problem: { code: "storage_full" } });
  });
});

describe("what an answer says of the session", () => {
  const ask = async (status: number, body: unknown) => {
    const line = new Line();
    const heard = line.ask({ method: "PATCH", url: "/x", headers: {}, body: "" });
    const request = await sent(Request.all.length - 1);
    return { heard, answer: () => request.answer(status, body) };
  };

  it("ends it, hands it over, or has no room", async () => {
    const told: string[] = [];
    const stops = [onEnded(() => told.push("ended")), onHandedOver(() => told.push("handed over")), onRefusedForRoom(() => told.push("no room"))];
    for (const [status, code] of [[401, "unauthenticated"], [403, "handed_over"], [507, "storage_full"], [422, "consent_required"]] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { heard, answer } = await ask(status, { code });
      answer();
      // oxlint-disable-next-line no-await-in-loop
      expect(await heard).toEqual({ status, body: { code } });
    }
    for (const stop of stops) stop();
    expect(told).toEqual(["ended", "handed over", "no room"]);
    expect(lastHeard()).toBeGreaterThan(0);
  });

  it("says nothing of the session that began while it was on its way", async () => {
    const told: string[] = [];
    const stop = onEnded(() => told.push("ended"));
    const { heard, answer } = await ask(401, { code: "unauthenticated" });
    began(true);
    answer();
    await heard;
    stop();
    expect(told).toEqual([]);
  });
});

describe("I4: a file whose bytes are gone", () => {
  it.each([
    ["is in", 200, { offset: 10, result: RESULT }, { kind: "report", report: REPORT }],
    ["is there in part", 200, { offset: 5, result: null }, { kind: "absent" }],
    ["is not there", 404, { code: "not_found" }, { kind: "absent" }],
  ])("is asked for by its key alone: it %s", async (_, status, body, meaning) => {
    const { answer } = askFor(item);
    const request = await sent();
    expect([request.asked, request.body]).toEqual(["GET /api/v1/patients/p1/uploads/k1/0", null]);
    request.answer(status, body);
    expect(await answer).toEqual(meaning);
  });

  it("is asked for again later when no answer came, or the server is busy", async () => {
    const unanswered = askFor(item);
    (await sent()).fail("error");
    expect(await unanswered.answer).toEqual({ kind: "lost" });
    const busy = askFor(item);
    (await sent(1)).answer(503, { code: "busy" });
    expect(await busy.answer).toMatchObject({ kind: "problem", problem: { status: 503 } });
  });
});
