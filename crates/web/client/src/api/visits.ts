/**
 * The shapes of visits as the server gives them, written by hand until they are in its description; then `types.ts` names the
 * generated ones and this file goes.
 */
import { http } from "./client";
import type { ShownTag } from "./types";

export interface Person {
  readonly username: string;
  readonly name: string;
}

export interface ListedVisit {
  readonly id: string;
  readonly patientId: string;
  readonly appointmentAt: string;
  readonly title: string | null;
  readonly excerpt: string;
  readonly author: string;
  readonly authorName: string;
  readonly recordedAt: string;
  readonly signedAt: string | null;
  readonly tags: readonly ShownTag[];
  readonly images: readonly string[];
  readonly imageCount: number;
  readonly comparisonCount: number;
  readonly offered: readonly string[];
  readonly offeredCount: number;
}

export interface VisitPage {
  readonly entries: readonly ListedVisit[];
  readonly next: string | null;
}

export const SECTIONS = ["workspace", "comparisons", "notes"] as const;
export type SectionName = (typeof SECTIONS)[number];
export type Sections = Readonly<Record<SectionName, boolean>>;
export type VisitOrder = "ascending" | "descending";
export const VISIT_SIZES = ["small", "medium", "large"] as const;
export type VisitSize = (typeof VISIT_SIZES)[number];

export interface Layout {
  readonly sections: Sections;
  readonly order: VisitOrder;
  readonly size: VisitSize;
}

export interface Addendum {
  readonly id: string;
  readonly text: string;
  readonly by: Person;
  readonly at: string;
}

export interface Visit extends Layout {
  readonly id: string;
  readonly patientId: string;
  readonly appointmentAt: string;
  readonly title: string | null;
  readonly notes: string;
  readonly notesHash: string;
  readonly versions: Readonly<Record<"appointmentAt" | "title" | "notes", number>>;
  readonly author: string;
  readonly authorName: string;
  readonly recordedAt: string;
  readonly signed: { readonly at: string; readonly by: Person } | null;
  readonly addenda: readonly Addendum[];
}

export interface Revision {
  readonly version: number;
  readonly at: string;
  readonly by: Person;
  readonly device: string | null;
  readonly bytes: number;
  readonly restored: number | null;
}

export interface RevisionPage {
  readonly revisions: readonly Revision[];
  readonly next: number | null;
}

export interface RevisionText {
  readonly version: number;
  readonly notes: string;
  readonly at: string;
  readonly by: Person;
}

type Verb = "GET" | "POST" | "PUT" | "DELETE";
interface Asked {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
}
type Loose = (path: string, asked: { body?: unknown; params: { query: Record<string, unknown> } }) => Promise<{ data?: unknown; error?: unknown; response: Response }>;

/** Asks below one patient's visits, where the generated client does not know the paths yet. */
export function ask<T>(verb: Verb, patientId: string, path: string, { body, query = {} }: Asked = {}): Promise<{ data?: T; error?: unknown; response: Response }> {
  const call = (http as unknown as Record<Verb, Loose>)[verb];
  const sent = body === undefined ? {} : { body };
  return call(`/api/v1/patients/${encodeURIComponent(patientId)}/entries${path}`, { ...sent, params: { query } }) as Promise<{ data?: T; error?: unknown; response: Response }>;
}
