/**
 * The upload queue as a value: what each file is doing, and what follows from each thing that can happen to it.
 * No clock, no network, no files in here; the manager brings those.
 */
import type { ApiProblem } from "../api/problem";
import { explain, HANDED_OVER } from "../api/problem";
import type { UploadDetails, UploadReason, UploadReport, UploadResult } from "../api/types";
import { t } from "../i18n";

export const PARALLEL = 2;
/** Automatic attempts after refusals that may pass; then a person decides. A server that is away is waited for. */
export const MAX_ATTEMPTS = 6;
const FIRST_DELAY = 1000;
const LONGEST_DELAY = 30_000;
/** How often the server is asked for a file whose bytes are gone, over three seconds: it may be storing it at this moment. */
const MOST_ASKED = 3;

/** Why a file was refused: the server's word, or ours where it is certain. */
export type Refusal = Pick<UploadReason, "code" | "message" | "advice">;

/** What is worth knowing of a photo that is in (I2). */
export interface Remarks {
  readonly isIncomplete: boolean;
  /** Pictures in the file, of which the largest is shown. */
  readonly pages: number;
  /** It was sent for a visit that could not take it, and is among the patient's photos only: somebody signed that visit, or it is gone or full. */
  readonly withoutVisit: "signed" | "other" | null;
}

export type ItemState =
  | { readonly kind: "waiting" }
  | { readonly kind: "sending"; readonly sent: number }
  | { readonly kind: "backoff"; readonly until: number }
  | { readonly kind: "held"; readonly cause: "consent" | "session" }
  | { readonly kind: "stored"; readonly imageId: string | null; readonly at: number; readonly remarks: Remarks }
  | { readonly kind: "duplicate"; readonly imageId: string | null; readonly remarks: Remarks }
  | { readonly kind: "refused"; readonly reason: Refusal }
  | { readonly kind: "failed"; readonly message: string };

export interface Item {
  readonly id: string;
  /** Idempotency-Key: stays the same over every retry, so that no retry stores a second image (I4). */
  readonly key: string;
  readonly patientId: string;
  /** What the patient was called when the file was chosen. */
  readonly patientName: string;
  readonly name: string;
  readonly size: number;
  /** When it was chosen, by this device's clock. */
  readonly chosenAt: number;
  /** What the camera says of it: sent and stored with it, or not at all (I6). */
  readonly said?: UploadDetails;
  /** The visit could not take it, so it is sent without: rather than not at all. */
  readonly isWithoutVisit?: true;
  /** Attempts that ended without an answer. */
  readonly attempts: number;
  /** Why its bytes are not here any more. It cannot be sent; the server is asked whether it arrived before its page was closed. */
  readonly gone?: "lost" | "old";
  readonly state: ItemState;
}

export type Queue = readonly Item[];

/** How one attempt to send a file ended. */
export type Answer =
  | { readonly kind: "report"; readonly report: UploadReport }
  | { readonly kind: "problem"; readonly problem: ApiProblem; readonly wasExamined?: boolean }
  | { readonly kind: "lost" }
  /** The server has it not, or not whole. */
  | { readonly kind: "absent" }
  /** This device cannot read the file any more. */
  | { readonly kind: "unreadable" };

const ENDED = new Set(["stored", "duplicate", "refused", "failed"]);
export const hasEnded = (item: Item): boolean => ENDED.has(item.state.kind);
/** Not in, and not given up: it is on its way, or waits for something. */
export const isLeft = (item: Item): boolean => !hasEnded(item) && item.gone === undefined;
/** On its way; needs no action by a person. */
export const isMoving = (item: Item): boolean => ["waiting", "sending", "backoff"].includes(item.state.kind);

/** In, and nothing to be said about it. */
export const isClean = (item: Item): boolean => item.state.kind === "stored" && !isRemarkable(item);

/** In, with something to be said about it. */
export const isRemarkable = ({ state }: Item): boolean => state.kind === "stored" && (state.remarks.isIncomplete || state.remarks.withoutVisit !== null || state.remarks.pages > 1);

/** Not in, and it will not get in by itself. */
export const isOut = (item: Item): boolean => item.state.kind === "refused" || item.state.kind === "failed";

/** What a person has to read comes first: what was not added, then what is worth knowing, then the rest as it was chosen. */
const RANK: Readonly<Record<ItemState["kind"], number>> = { refused: 0, failed: 0, held: 1, duplicate: 2, sending: 3, backoff: 3, waiting: 3, stored: 3 };
const rank = (item: Item): number => (isRemarkable(item) ? RANK.duplicate : RANK[item.state.kind]);
export const inOrder = (queue: Queue): Queue => queue.toSorted((one, other) => rank(one) - rank(other));

/** Whose files they are; null when they are several patients'. */
export function whoseFiles(queue: Queue): string | null {
  const first = queue[0];
  return first && queue.every((it) => it.patientId === first.patientId) ? first.patientName : null;
}

function change(queue: Queue, id: string, next: (item: Item) => Item): Queue {
  return queue.map((item) => (item.id === id ? next(item) : item));
}

const to = (item: Item, state: ItemState): Item => ({ ...item, state });

export interface Candidate {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly chosenAt: number;
  readonly said?: UploadDetails;
}

/** What is certain of a file's size alone. One that would be refused anyway is not sent. */
export function refusedAtOnce(size: number, limit: number, limitText: string): Refusal | null {
  if (size === 0) return { code: "empty", message: t.upload.reasons.empty, advice: null };
  if (size > limit) {
    return { code: "too_large", message: t.upload.reasons.too_large(limitText), advice: t.upload.adviceTooLarge };
  }
  return null;
}

export interface Whose {
  readonly id: string;
  readonly name: string;
}

/** A list on which nothing is left to be read makes room for the next one, unless that goes on after one that is on it. */
export function add(queue: Queue, whose: Whose, files: readonly Candidate[], limit: number, limitText: string, after: string | null = null): Queue {
  const patientId = whose.id;
  // Other files already wait for this patient's consent; the new ones wait too.
  const held = queue.some((it) => it.patientId === patientId && it.state.kind === "held" && it.state.cause === "consent");
  const items = files.map((file): Item => {
    const reason = refusedAtOnce(file.size, limit, limitText);
    const state: ItemState = reason
      ? { kind: "refused", reason }
      : held
        ? { kind: "held", cause: "consent" }
        : { kind: "waiting" };
    return { ...file, patientId, patientName: whose.name, attempts: 0, state };
  });
  return queue.every(isClean) && !queue.some(({ id }) => id === after) ? items : [...queue, ...items];
}

/** Files that can never be added, by what is in them. */
export const refuse = (queue: Queue, reasons: ReadonlyMap<string, Refusal>): Queue =>
  queue.map((it) => {
    const reason = reasons.get(it.id);
    return reason && !hasEnded(it) ? to(it, { kind: "refused", reason }) : it;
  });

/** The files to start now: at most PARALLEL in flight, in the order they were added. */
export function due(queue: Queue, now: number): readonly Item[] {
  const free = PARALLEL - queue.filter((it) => it.state.kind === "sending").length;
  const ready = queue.filter(
    (it) => it.state.kind === "waiting" || (it.state.kind === "backoff" && it.state.until <= now),
  );
  return ready.slice(0, Math.max(0, free));
}

/** When the next back-off is over; null when nothing waits for the clock. */
export function nextWake(queue: Queue): number | null {
  const times = queue.flatMap((it) => (it.state.kind === "backoff" ? [it.state.until] : []));
  return times.length ? Math.min(...times) : null;
}

export const start = (queue: Queue, id: string): Queue => change(queue, id, (it) => to(it, { kind: "sending", sent: 0 }));

export const progress = (queue: Queue, id: string, sent: number): Queue =>
  change(queue, id, (it) => (it.state.kind === "sending" ? to(it, { kind: "sending", sent: Math.min(sent, it.size) }) : it));

/** 1, 2, 4, 8 … seconds, at most 30, each stretched by up to a quarter so that tablets don't come back all at once. */
export function delay(attempts: number, random: number): number {
  return Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** Math.max(0, attempts - 1)) * (1 + random / 4);
}

const remarksOf = (item: Item, { image, notInVisit }: UploadResult): Remarks => ({
  isIncomplete: image?.incomplete ?? false,
  pages: image?.pages ?? 1,
  withoutVisit: notInVisit ? "signed" : item.isWithoutVisit ? "other" : null,
});

/** Reasons for which the visit, and not the photo, was refused: nothing was stored under the key, so it may serve again. */
const NO_VISIT = new Set(["no_visit", "visit_full"]);

function withoutVisit(item: Item): Item {
  const { entryId: _visit, ...said } = item.said ?? {};
  return { ...item, said, isWithoutVisit: true, state: { kind: "waiting" } };
}

function afterReport(item: Item, report: UploadReport, now: number): Item {
  const result = report.results[0];
  if (!result) return to(item, { kind: "failed", message: t.problem.unexpected });
  const imageId = result.image?.id ?? null;
  if (result.outcome === "stored") return to(item, { kind: "stored", imageId, at: now, remarks: remarksOf(item, result) });
  if (result.outcome === "duplicate") return to(item, { kind: "duplicate", imageId, remarks: remarksOf(item, result) });
  const reason = result.reason ?? { code: "unsupported", message: t.upload.reasons.unsupported, advice: null };
  if (reason.code === "consent_required") return to(item, { kind: "held", cause: "consent" });
  if (NO_VISIT.has(reason.code) && item.said?.entryId) return withoutVisit(item);
  return to(item, { kind: "refused", reason });
}

/** An answer that may be different next time, without any action by a person. */
const passes = (problem: ApiProblem): boolean =>
  [409, 408, 425, 429, 500, 502, 503, 504].includes(problem.status);

function retryLater(item: Item, now: number, random: number, atLeast: number, message: string): Item {
  const attempts = item.attempts + 1;
  if (attempts >= MAX_ATTEMPTS) return { ...item, attempts, state: { kind: "failed", message } };
  const wait = Math.max(delay(attempts, random), atLeast);
  return { ...item, attempts, state: { kind: "backoff", until: now + wait } };
}

/** No answer came: it goes on by itself whenever the server is there again, and at the latest every half minute. */
function waitForServer(item: Item, now: number, random: number): Item {
  const attempts = item.attempts + 1;
  return { ...item, attempts, state: { kind: "backoff", until: now + delay(attempts, random) } };
}

/** Why a file that was chosen cannot be sent from here. */
const notHere = (code: "unreadable" | "lost" | "old"): Refusal => ({ code, message: t.upload.notHere[code], advice: t.upload.chooseAgain });

export interface Former extends Candidate {
  readonly patientId: string;
  readonly patientName: string;
  readonly state: "whole" | "lost" | "old" | "refused";
  readonly refusal?: Refusal;
}

function itemOf({ id, key, patientId, patientName, name, size, chosenAt, said, state, refusal }: Former): Item {
  const item = { id, key, patientId, patientName, name, size, chosenAt, ...(said ? { said } : {}), attempts: 0 };
  if (state === "refused") return { ...item, state: { kind: "refused", reason: refusal ?? notHere("lost") } };
  return { ...item, ...(state === "whole" ? {} : { gone: state }), state: { kind: "waiting" } };
}

/** What an earlier page left goes on before what was chosen since. Of what is not here any more the server is asked; what was refused is named. */
export function restore(queue: Queue, former: readonly Former[]): Queue {
  const known = new Set(queue.map((it) => it.id));
  const items = former.filter((it) => !known.has(it.id)).map(itemOf);
  return items.length > 0 ? [...items, ...queue] : queue;
}

/** The server has it not: it may be storing it, so it is asked again before the file is named as lost. */
function askAgain(item: Item, gone: "lost" | "old", now: number): Item {
  const attempts = item.attempts + 1;
  if (attempts >= MOST_ASKED) return { ...item, attempts, state: { kind: "refused", reason: notHere(gone) } };
  return { ...item, attempts, state: { kind: "backoff", until: now + delay(attempts, 0) } };
}

export function settle(queue: Queue, id: string, answer: Answer, now: number, random: number): Queue {
  const item = queue.find((it) => it.id === id);
  if (!item || item.state.kind !== "sending") return queue;
  if (answer.kind === "report") return change(queue, id, (it) => afterReport(it, answer.report, now));
  if (answer.kind === "lost") return change(queue, id, (it) => waitForServer(it, now, random));
  if (answer.kind === "unreadable") return change(queue, id, (it) => to(it, { kind: "refused", reason: notHere("unreadable") }));
  if (answer.kind === "absent") return change(queue, id, (it) => askAgain(it, it.gone ?? "lost", now));
  const { problem } = answer;
  if (problem.code === "consent_required") return holdForConsent(queue, id, item.patientId);
  if (problem.status === 401 || problem.code === HANDED_OVER) return change(queue, id, (it) => to(it, { kind: "held", cause: "session" }));
  if (passes(problem)) {
    const atLeast = (problem.retryAfterSeconds ?? 0) * 1000;
    return change(queue, id, (it) => retryLater(it, now, random, atLeast, explain(problem)));
  }
  // The upload ended before this file was looked at, so nothing is known against it: it may be sent again.
  if (answer.wasExamined === false) return change(queue, id, (it) => to(it, { kind: "failed", message: t.upload.notExamined(explain(problem)) }));
  if (problem.status === 507 || problem.status === 404) {
    return change(queue, id, (it) => to(it, { kind: "failed", message: explain(problem) }));
  }
  const code = problem.status === 415 ? "unsupported" : problem.code;
  return change(queue, id, (it) => to(it, { kind: "refused", reason: { code, message: explain(problem), advice: null } }));
}

/** The whole request was refused for consent (N2): this file and all of the patient's that wait are held. */
function holdForConsent(queue: Queue, id: string, patientId: string): Queue {
  return queue.map((it) => {
    const waits = it.patientId === patientId && it.gone === undefined && (it.state.kind === "waiting" || it.state.kind === "backoff");
    return it.id === id || waits ? to(it, { kind: "held", cause: "consent" }) : it;
  });
}

/** A consent was recorded: the patient's held files continue. */
export const consentGiven = (queue: Queue, patientId: string): Queue =>
  queue.map((it) =>
    it.patientId === patientId && it.state.kind === "held" && it.state.cause === "consent" ? to(it, { kind: "waiting" }) : it,
  );

export const holdForSession = (queue: Queue): Queue =>
  queue.map((it) => (isMoving(it) ? to(it, { kind: "held", cause: "session" }) : it));

export const sessionBack = (queue: Queue): Queue =>
  queue.map((it) => (it.state.kind === "held" && it.state.cause === "session" ? to(it, { kind: "waiting" }) : it));

/** The connection is back: files in back-off are sent at once. */
export const wake = (queue: Queue): Queue =>
  queue.map((it) => (it.state.kind === "backoff" ? to(it, { kind: "waiting" }) : it));

/** Sends failed files again on request, with the same key. */
export const retry = (queue: Queue, ids: ReadonlySet<string>): Queue =>
  queue.map((it) => (ids.has(it.id) && it.state.kind === "failed" ? { ...it, attempts: 0, state: { kind: "waiting" } } : it));

/** Takes ended or held files off the list; never one in flight. */
export const remove = (queue: Queue, ids: ReadonlySet<string>): Queue =>
  queue.filter((it) => !ids.has(it.id) || it.state.kind === "sending");

export interface Tally {
  readonly all: number;
  readonly ended: number;
  readonly stored: number;
  readonly duplicate: number;
  readonly refused: number;
  readonly failed: number;
  readonly forConsent: number;
  readonly forSignIn: number;
  readonly moving: number;
  /** Of which the server is asked whether they arrived. */
  readonly asked: number;
  /** What `forConsent`, `forSignIn` and `moving` come to: files that are here and not in yet. */
  readonly left: number;
  /** 0 to 1, by bytes. */
  readonly fraction: number;
}

export function tally(queue: Queue): Tally {
  const of = (kind: ItemState["kind"]): number => queue.filter((it) => it.state.kind === kind).length;
  const left = queue.filter(isLeft);
  const held = (cause: "consent" | "session") => left.filter(({ state }) => state.kind === "held" && state.cause === cause).length;
  const bytes = queue.reduce((sum, it) => sum + it.size, 0);
  const done = queue.reduce(
    (sum, it) => sum + (hasEnded(it) ? it.size : it.state.kind === "sending" ? it.state.sent : 0),
    0,
  );
  return {
    all: queue.length,
    ended: queue.filter(hasEnded).length,
    stored: of("stored"),
    duplicate: of("duplicate"),
    refused: of("refused"),
    failed: of("failed"),
    forConsent: held("consent"),
    forSignIn: held("session"),
    moving: left.filter(isMoving).length,
    asked: queue.filter((it) => !hasEnded(it) && it.gone !== undefined).length,
    left: left.length,
    fraction: bytes > 0 ? done / bytes : queue.length > 0 ? 1 : 0,
  };
}

/** "14 added, 4 not added". */
export function summary(counts: Tally): string {
  const s = t.upload.summary;
  const words = [
    counts.stored > 0 && s.stored(counts.stored),
    counts.refused + counts.failed > 0 && s.notAdded(counts.refused + counts.failed),
    counts.duplicate > 0 && s.duplicate(counts.duplicate),
    counts.forConsent > 0 && s.forConsent(counts.forConsent),
    counts.forSignIn > 0 && s.forSignIn(counts.forSignIn),
    counts.moving > 0 && s.open(counts.moving),
    counts.asked > 0 && s.asked(counts.asked),
  ].filter((word) => word !== false);
  return words.join(", ");
}
