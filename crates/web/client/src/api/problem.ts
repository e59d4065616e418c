/** Refusals of the server (RFC 9457), and what the client says when there is no answer. */
import { t } from "../i18n";
import type { Patient, SessionInfo } from "./types";

export interface FieldProblem {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

/** A field that moved while it was being edited: what was sent and what the record holds now (P6). */
export interface FieldConflict {
  readonly field: string;
  readonly yours: unknown;
  readonly current: unknown;
  /** Who changed it and when, as far as the server knows. */
  readonly changedBy: string | null;
  readonly changedAt: string | null;
}

interface ProblemParts {
  status: number;
  code: string;
  detail: string;
  requestId: string;
  fields: readonly FieldProblem[];
  retryAfterSeconds: number | null;
  current: Patient | null;
  conflicts: readonly FieldConflict[];
  saved: readonly string[];
  sessions: readonly SessionInfo[];
}

/** The device is in a patient's hands (N6). */
export const HANDED_OVER = "handed_over";

/** The visit is signed, so nothing of it can be changed (E5). */
export const VISIT_SIGNED = "visit_signed";

/** Codes that exist only on this side of the wire. */
export const OFFLINE = "offline";
export const UNREADABLE = "unreadable";

export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId: string;
  readonly fields: readonly FieldProblem[];
  /** Seconds to wait, when the server said so. */
  readonly retryAfterSeconds: number | null;
  /** What the server holds now, with `stale_version`. */
  readonly current: Patient | null;
  /** The fields because of which it said `stale_version`. */
  readonly conflicts: readonly FieldConflict[];
  /** The fields that were saved all the same. */
  readonly saved: readonly string[];
  /** The account's open sessions, with `too_many_sessions`: the person chooses which end (`endSessions` of the sign-in). */
  readonly sessions: readonly SessionInfo[];

  constructor(parts: ProblemParts) {
    super(parts.detail || parts.code);
    this.name = "ApiProblem";
    this.status = parts.status;
    this.code = parts.code;
    this.detail = parts.detail;
    this.requestId = parts.requestId;
    this.fields = parts.fields;
    this.retryAfterSeconds = parts.retryAfterSeconds;
    this.current = parts.current;
    this.conflicts = parts.conflicts;
    this.saved = parts.saved;
    this.sessions = parts.sessions;
  }
}

const nothingSaid = { detail: "", requestId: "", fields: [], retryAfterSeconds: null, current: null, conflicts: [], saved: [], sessions: [] } as const;

export const offlineProblem = (): ApiProblem => new ApiProblem({ ...nothingSaid, status: 0, code: OFFLINE });

const text = (value: unknown): string => (typeof value === "string" ? value : "");

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldsOf(value: unknown): FieldProblem[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(isRecord)
    .map((error) => ({ field: text(error.field), code: text(error.code), message: text(error.message) }))
    .filter((error) => error.field !== "");
}

function conflictsOf(value: unknown): FieldConflict[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(isRecord)
    .map((conflict) => ({ field: text(conflict.field), yours: conflict.yours ?? null, current: conflict.current ?? null, changedBy: text(conflict.changedBy) || null, changedAt: text(conflict.changedAt) || null }))
    .filter((conflict) => conflict.field !== "");
}

function sessionsOf(value: unknown): SessionInfo[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).filter((session) => text(session.id) !== "") as SessionInfo[];
}

/** Reads the body of a refused request. A body that is not a problem document still gives a problem. */
export function problemFrom(status: number, body: unknown): ApiProblem {
  if (!isRecord(body)) {
    return new ApiProblem({ ...nothingSaid, status, code: status === 413 ? "too_large" : UNREADABLE });
  }
  return new ApiProblem({
    status,
    code: text(body.code) || UNREADABLE,
    detail: text(body.detail) || text(body.title),
    requestId: text(body.requestId),
    fields: fieldsOf(body.errors),
    retryAfterSeconds: typeof body.retryAfterSeconds === "number" ? body.retryAfterSeconds : null,
    current: isRecord(body.current) ? (body.current as Patient) : null,
    conflicts: conflictsOf(body.conflicts),
    saved: Array.isArray(body.saved) ? body.saved.filter((it) => typeof it === "string") : [],
    sessions: sessionsOf(body.sessions),
  });
}

export function isProblem(error: unknown, code?: string): error is ApiProblem {
  return error instanceof ApiProblem && (code === undefined || error.code === code);
}

/** One sentence for a person: what happened and what can be done. */
export function explain(error: unknown): string {
  if (!(error instanceof ApiProblem)) return t.problem.unexpected;
  switch (error.code) {
    case OFFLINE:
      return t.problem.offline;
    case UNREADABLE:
      return t.problem.unreadable(error.status);
    case "unauthenticated":
      return t.problem.unauthenticated;
    case "not_found":
      return t.problem.notFound;
    case "throttled":
      return t.problem.throttled(error.retryAfterSeconds ?? 30);
    case "busy":
      return t.problem.busy;
    case "storage_full":
      return t.problem.storageFull;
    case "internal":
      return t.problem.internal(error.requestId);
    default:
      return error.detail || t.problem.unexpected;
  }
}

/** What is wrong with the only field that was sent. */
export const firstMessage = (error: unknown): string | undefined => Object.values(fieldMessages(error))[0];

/** The messages of `errors[]` by field name, sentences all; the first one wins. */
export function fieldMessages(error: unknown): Record<string, string> {
  const messages: Record<string, string> = {};
  if (error instanceof ApiProblem) {
    for (const { field, message } of error.fields) {
      messages[field] ??= message || t.problem.fieldInvalid;
    }
  }
  return messages;
}
