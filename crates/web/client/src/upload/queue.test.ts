import { describe, expect, it } from "vitest";
import { problemFrom } from "../api/problem";
import type { UploadReport } from "../api/types";
import * as q from "./queue";
import { duplicateWords, storedWords } from "./words";

const LIMIT = 1000;
const whose = (id: string): q.Whose => ({ id, name: `Patient ${id}` });
const file = (id: string, size = 100) => ({ id, key: `key-${id}`, name: `${id}.jpg`, size, chosenAt: 0 });
const queueOf = (...ids: string[]) => q.add([], whose("p1"), ids.map((id) => file(id)), LIMIT, "1 kB");
const kinds = (queue: q.Queue) => queue.map((item) => item.state.kind);
const first = (queue: q.Queue): q.Item => {
  const item = queue[0];
  if (!item) throw new Error("empty queue");
  return item;
};

function report(outcome: "stored" | "duplicate" | "refused", code?: string): UploadReport {
  const image = outcome === "refused" ? null : ({ id: "img" } as UploadReport["results"][number]["image"]);
  const reason = code ? { code, message: `is ${code}`, advice: "do something" } : null;
  return { results: [{ index: 0, name: "a.jpg", outcome, image, reason }] } as UploadReport;
}
const problem = (status: number, code: string, more: object = {}): q.Answer => ({ kind: "problem", problem: problemFrom(status, { code, detail: code, ...more }) });
const answered = (queue: q.Queue, id: string, answer: q.Answer, now = 0) => q.settle(q.start(queue, id), id, answer, now, 0);

describe("I6: a photo of the camera", () => {
  const said = { capturedAt: "2026-11-28T09:30:00.000Z", view: "anterior", entryId: "e1" };
  const shot = () => q.add([], whose("p1"), [{ ...file("a"), said }], LIMIT, "1 kB");

  it("joins those of its stay on the list, so that all of them are counted; another stay begins anew", () => {
    const first = answered(shot(), "a", { kind: "report", report: report("stored") });
    const second = q.add(first, whose("p1"), [{ ...file("b"), said }], LIMIT, "1 kB", "a");
    const both = answered(second, "b", { kind: "report", report: report("stored") });
    expect(q.summary(q.tally(both))).toBe("2 added");
    expect(q.add(both, whose("p1"), [{ ...file("c"), said }], LIMIT, "1 kB").map((it) => it.id)).toEqual(["c"]);
  });

  it.each(["no_visit", "visit_full"])("is sent without the visit, under the same key, when that cannot take it: %s", (code) => {
    let queue = answered(shot(), "a", { kind: "report", report: report("refused", code) });
    expect(first(queue)).toMatchObject({ key: "key-a", state: { kind: "waiting" }, said: { view: "anterior", capturedAt: said.capturedAt } });
    expect(first(queue).said).not.toHaveProperty("entryId");
    queue = answered(queue, "a", { kind: "report", report: report("stored") });
    expect(first(queue).state).toMatchObject({ kind: "stored", remarks: { withoutVisit: "other" } });
    expect(q.isClean(first(queue))).toBe(false);
    expect(q.isRemarkable(first(queue))).toBe(true);
  });

  it("E5: is in without its visit when that was signed meanwhile, and says so; so does one that the patient has already", () => {
    for (const outcome of ["stored", "duplicate"] as const) {
      const answer = report(outcome);
      const notInVisit = { code: "visit_signed", message: "signed", advice: null };
      const queue = answered(shot(), "a", { kind: "report", report: { results: answer.results.map((it) => ({ ...it, notInVisit })) } });
      const { state } = first(queue);
      if (state.kind !== "stored" && state.kind !== "duplicate") throw new Error(state.kind);
      expect(state.kind).toBe(outcome);
      expect(state.remarks.withoutVisit).toBe("signed");
      expect(outcome === "stored" ? storedWords(state.remarks) : duplicateWords(state.remarks)).toMatch(/The visit had been signed by then, so the photo is not part of it\.$/);
      // It is read before it goes from the list.
      expect(q.isClean(first(queue))).toBe(false);
    }
  });

  it("that has no visit any more is refused like any other", () => {
    const { entryId: _visit, ...without } = said;
    const queue = q.add([], whose("p1"), [{ ...file("a"), said: without }], LIMIT, "1 kB");
    expect(kinds(answered(queue, "a", { kind: "report", report: report("refused", "no_visit") }))).toEqual(["refused"]);
  });
});

describe("I4: what is sent when", () => {
  it("sends two at a time, in the order they were added", () => {
    const queue = queueOf("a", "b", "c");
    expect(q.due(queue, 0).map((it) => it.id)).toEqual(["a", "b"]);
    const one = q.start(queue, "a");
    expect(q.due(one, 0).map((it) => it.id)).toEqual(["b"]);
    expect(q.due(q.start(one, "b"), 0)).toEqual([]);
  });

  it("keeps the same key over every automatic and manual retry, so that no retry makes two", () => {
    let queue = queueOf("a");
    for (let attempt = 0; attempt < q.MAX_ATTEMPTS; attempt += 1) {
      queue = answered(q.wake(queue), "a", problem(503, "busy"), attempt);
    }
    expect(kinds(queue)).toEqual(["failed"]);
    queue = q.retry(queue, new Set(["a"]));
    expect(first(queue)).toMatchObject({ key: "key-a", attempts: 0, state: { kind: "waiting" } });
  });

  it("waits 1, 2, 4 … at most 30 seconds after a lost connection", () => {
    expect([1, 2, 3, 4, 5, 6, 9].map((attempt) => q.delay(attempt, 0))).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect(q.delay(1, 1)).toBe(1250);
    const queue = answered(queueOf("a"), "a", { kind: "lost" }, 5000);
    expect(first(queue).state).toEqual({ kind: "backoff", until: 6000 });
    expect(q.due(queue, 5999)).toEqual([]);
    expect(q.due(queue, 6000)).toHaveLength(1);
    expect(q.nextWake(queue)).toBe(6000);
  });

  it("waits for a server that is away for as long as it takes, and goes on by itself", () => {
    let queue = queueOf("a");
    for (let attempt = 0; attempt < 50; attempt += 1) queue = answered(q.wake(queue), "a", { kind: "lost" }, attempt);
    expect(first(queue)).toMatchObject({ key: "key-a", state: { kind: "backoff", until: 49 + 30_000 } });
  });

  it("names a file that this device cannot read any more", () => {
    const queue = answered(queueOf("a"), "a", { kind: "unreadable" });
    expect(first(queue).state).toMatchObject({ kind: "refused", reason: { code: "unreadable" } });
  });

  it("puts what an earlier page left before what was chosen since, once", () => {
    const former = [{ ...file("x"), patientId: "p9", patientName: "Patient p9", state: "whole" as const }, { ...file("y"), patientId: "p9", patientName: "Patient p9", state: "old" as const }];
    const queue = q.restore(queueOf("a"), former);
    expect(queue.map((it) => it.id)).toEqual(["x", "y", "a"]);
    expect(kinds(queue)).toEqual(["waiting", "waiting", "waiting"]);
    expect(queue.map((it) => it.gone)).toEqual([undefined, "old", undefined]);
    expect(q.restore(queue, former)).toBe(queue);
  });

  describe("a file whose bytes are gone", () => {
    const lost = () => q.restore([], [{ ...file("x"), patientId: "p1", patientName: "Patient p1", state: "lost" }]);

    it("is in when the server has it, and named as lost only when it is asked three times over three seconds and has not", () => {
      const found = first(answered(lost(), "x", { kind: "report", report: report("stored") }, 7));
      expect(found.state).toMatchObject({ kind: "stored", imageId: "img" });
      let queue = answered(lost(), "x", { kind: "absent" }, 0);
      expect(first(queue).state).toEqual({ kind: "backoff", until: 1000 });
      queue = answered(q.wake(queue), "x", { kind: "absent" }, 1000);
      expect(first(queue).state).toEqual({ kind: "backoff", until: 3000 });
      queue = answered(q.wake(queue), "x", { kind: "absent" }, 3000);
      expect(first(queue).state).toMatchObject({ kind: "refused", reason: { code: "lost" } });
    });

    it("is asked for when the server is back and when the session is", () => {
      expect(kinds(answered(lost(), "x", { kind: "lost" }))).toEqual(["backoff"]);
      const held = q.holdForSession(lost());
      expect(kinds(q.sessionBack(held))).toEqual(["waiting"]);
    });

    it("waits for no consent, and is not counted with what waits", () => {
      const queue = answered([...lost(), ...queueOf("a", "b")], "a", problem(422, "consent_required"));
      expect(kinds(queue)).toEqual(["waiting", "held", "held"]);
      expect(q.tally(queue)).toMatchObject({ forConsent: 2, moving: 0, left: 2, asked: 1 });
      expect(q.summary(q.tally(queue))).toBe("2 waiting for consent, 1 being checked");
    });
  });

  it("waits at least as long as the server asks", () => {
    const queue = answered(queueOf("a"), "a", problem(429, "throttled", { retryAfterSeconds: 40 }), 0);
    expect(first(queue).state).toEqual({ kind: "backoff", until: 40_000 });
  });

  it("goes on at once when the network is back", () => {
    const queue = q.wake(answered(queueOf("a"), "a", { kind: "lost" }));
    expect(kinds(queue)).toEqual(["waiting"]);
    expect(q.nextWake(queue)).toBeNull();
  });
});

describe("I2: what became of a file", () => {
  it("tells stored, duplicate and refused apart", () => {
    let queue = queueOf("a", "b", "c");
    queue = answered(queue, "a", { kind: "report", report: report("stored") });
    queue = answered(queue, "b", { kind: "report", report: report("duplicate", "duplicate") });
    queue = answered(queue, "c", { kind: "report", report: report("refused", "damaged") });
    expect(kinds(queue)).toEqual(["stored", "duplicate", "refused"]);
    expect(queue[2]?.state).toMatchObject({ reason: { code: "damaged", message: "is damaged", advice: "do something" } });
    expect(q.summary(q.tally(queue))).toBe("1 added, 1 not added, 1 already there");
  });

  it("refuses an empty and a too large file without sending it", () => {
    const queue = q.add([], whose("p1"), [file("empty", 0), file("large", LIMIT + 1), file("just", LIMIT)], LIMIT, "1 kB");
    expect(kinds(queue)).toEqual(["refused", "refused", "waiting"]);
    expect(queue.map((it) => (it.state.kind === "refused" ? it.state.reason.code : null))).toEqual(["empty", "too_large", null]);
  });

  it("I1: refuses what is no photo, also while it waits for a consent, and nothing that has ended", () => {
    const reason = { code: "unsupported", message: "This is a PDF document, not a photo.", advice: null };
    let queue = answered(queueOf("a", "b", "c"), "a", { kind: "report", report: report("stored") });
    queue = answered(queue, "b", problem(422, "consent_required"));
    expect(kinds(queue)).toEqual(["stored", "held", "held"]);
    queue = q.refuse(queue, new Map(["a", "c", "unknown"].map((id) => [id, reason])));
    expect(kinds(queue)).toEqual(["stored", "held", "refused"]);
    expect(queue[2]?.state).toEqual({ kind: "refused", reason });
  });

  it.each([
    [413, "too_large", "too_large"],
    [415, "unsupported_media_type", "unsupported"],
  ])("takes %i for a refusal of this file", (status, code, reason) => {
    const queue = answered(queueOf("a"), "a", problem(status, code));
    expect(first(queue).state).toMatchObject({ kind: "refused", reason: { code: reason } });
  });

  it("does not retry by itself when the disk is full or the patient is gone", () => {
    expect(kinds(answered(queueOf("a"), "a", problem(507, "storage_full")))).toEqual(["failed"]);
    expect(kinds(answered(queueOf("a"), "a", problem(404, "not_found")))).toEqual(["failed"]);
  });

  it("I2: a file that was not looked at when the upload ended is not refused, and can be sent again", () => {
    const ended: q.Answer = { kind: "problem", problem: problemFrom(413, { code: "too_many_files", detail: "Send at most 200 files." }), wasExamined: false };
    const queue = answered(queueOf("a"), "a", ended);
    expect(first(queue).state).toEqual({ kind: "failed", message: "The upload ended before this file was checked. Send at most 200 files." });
    expect(kinds(q.retry(queue, new Set(["a"])))).toEqual(["waiting"]);
  });

  it("ignores an answer for a file that is no longer being sent", () => {
    const held = q.holdForSession(q.start(queueOf("a"), "a"));
    expect(q.settle(held, "a", { kind: "lost" }, 0, 0)).toBe(held);
  });
});

describe("N2: consent", () => {
  it("holds this file and all that wait for the same patient, and nobody else's", () => {
    const queue = q.add(queueOf("a", "b"), whose("p2"), [file("x")], LIMIT, "");
    const held = answered(queue, "a", problem(422, "consent_required"));
    expect(kinds(held)).toEqual(["held", "held", "waiting"]);
  });

  it("goes on with exactly that patient's files once a consent is recorded", () => {
    let queue = answered(queueOf("a", "b"), "a", problem(422, "consent_required"));
    queue = q.add(queue, whose("p1"), [file("late")], LIMIT, "");
    expect(kinds(queue)).toEqual(["held", "held", "held"]);
    expect(q.consentGiven(queue, "p2")).toEqual(queue);
    expect(kinds(q.consentGiven(queue, "p1"))).toEqual(["waiting", "waiting", "waiting"]);
  });

  it("holds a single file that was refused for consent inside an accepted request", () => {
    const queue = answered(queueOf("a"), "a", { kind: "report", report: report("refused", "consent_required") });
    expect(first(queue).state).toEqual({ kind: "held", cause: "consent" });
  });
});

describe("A7: the end of the session", () => {
  it("holds what is not sent, and goes on after signing in again", () => {
    const held = answered(queueOf("a"), "a", problem(401, "unauthenticated"));
    expect(first(held).state).toEqual({ kind: "held", cause: "session" });
    expect(q.consentGiven(held, "p1")).toEqual(held);
    expect(kinds(q.sessionBack(held))).toEqual(["waiting"]);
  });

  it("N6: the same while the device is in a patient's hands", () => {
    const held = answered(queueOf("a"), "a", problem(403, "handed_over"));
    expect(first(held).state).toEqual({ kind: "held", cause: "session" });
  });

  it("says what waits for whom, and what is left is all that does not have an end", () => {
    let queue = answered(queueOf("a", "b"), "a", problem(422, "consent_required"));
    queue = q.add(queue, whose("p2"), [file("x"), file("y")], LIMIT, "");
    queue = q.holdForSession(answered(queue, "y", { kind: "report", report: report("stored") }));
    const counts = q.tally(queue);
    expect(counts).toMatchObject({ all: 4, ended: 1, forConsent: 2, forSignIn: 1, moving: 0, left: 3 });
    expect(q.summary(counts)).toBe("1 added, 2 waiting for consent, 1 waiting for you to sign in");
  });

  it("leaves what has ended as it is", () => {
    const stored = answered(queueOf("a"), "a", { kind: "report", report: report("stored") });
    expect(q.holdForSession(stored)).toEqual(stored);
  });
});

it("counts progress by bytes and never beyond a file's size", () => {
  let queue = q.add([], whose("p1"), [file("a", 300), file("b", 100)], LIMIT, "");
  queue = q.progress(q.start(queue, "a"), "a", 9999);
  expect(q.tally(queue).fraction).toBeCloseTo(0.75);
  expect(q.tally([]).fraction).toBe(0);
});

it("takes ended files off the list, but never one in flight", () => {
  const queue = q.start(answered(queueOf("a", "b"), "a", { kind: "report", report: report("stored") }), "b");
  expect(q.remove(queue, new Set(["a", "b"])).map((it) => it.id)).toEqual(["b"]);
});

describe("I2: what is worth knowing of a photo that is in", () => {
  const taken = (image: object): q.Answer => ({ kind: "report", report: { results: [{ index: 0, name: "a.jpg", outcome: "stored", image: { id: "img", incomplete: false, pages: 1, ...image }, reason: null }] } as unknown as UploadReport });

  it("keeps in sight that a part is missing, or that the file has more pages", () => {
    let queue = answered(queueOf("a", "b", "c"), "a", taken({}));
    queue = answered(queue, "b", taken({ incomplete: true }));
    queue = answered(queue, "c", taken({ pages: 3 }));
    expect(queue.map(q.isClean)).toEqual([true, false, false]);
    expect(q.inOrder(queue).map((it) => it.id)).toEqual(["b", "c", "a"]);
    expect(q.summary(q.tally(queue))).toBe("3 added");
    expect(q.add(queue, whose("p1"), [file("next")], LIMIT, "")).toHaveLength(4);
  });
});

describe("F12: what a person reads of a batch", () => {
  const mixed = () => {
    let queue = queueOf("a", "b", "c", "d");
    queue = answered(queue, "a", { kind: "report", report: report("stored") });
    queue = answered(queue, "b", { kind: "report", report: report("duplicate", "duplicate") });
    return answered(queue, "d", { kind: "report", report: report("refused", "damaged") });
  };

  it("puts what was not added first, and keeps the order in which the rest was chosen", () => {
    expect(q.inOrder(mixed()).map((it) => it.id)).toEqual(["d", "b", "a", "c"]);
  });

  it("makes room for the next batch only where nothing is left to be read", () => {
    const clean = answered(queueOf("a"), "a", { kind: "report", report: report("stored") });
    expect(q.add(clean, whose("p1"), [file("next")], LIMIT, "").map((it) => it.id)).toEqual(["next"]);
    expect(q.add(mixed(), whose("p1"), [file("next")], LIMIT, "")).toHaveLength(5);
    expect(q.add(queueOf("a"), whose("p1"), [file("next")], LIMIT, "")).toHaveLength(2);
  });

  it("F7: says whose photos they are, unless they are several patients'", () => {
    expect(q.whoseFiles(mixed())).toBe("Patient p1");
    expect(q.whoseFiles(q.add(mixed(), whose("p2"), [file("other")], LIMIT, ""))).toBeNull();
    expect(q.whoseFiles([])).toBeNull();
  });
});
