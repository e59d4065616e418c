/**
 * Live sync, as pages use it (S1, E3). The visit page loads it with itself; the first page knows only `bridge.ts`.
 *
 * The visit itself is there over HTTP as well; what is typed into it goes through `useVisitDraft`, saves by itself, and waits sealed
 * on this device while the server is away.
 */
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useFollow, useFollowSigning } from "../resources/live";
import { keptEdits, subscribeToKept } from "./bridge";
import { live } from "./live";
import { isWorse, type LiveStatus, type SaveStatus } from "./status";
import type { Choice, Clash, Late, VisitHandle, VisitView } from "./view";
import type { Field, LiveEntry, Other } from "./wire";

export type { LiveStatus, SaveStatus } from "./status";
export type { Choice, Clash, Late } from "./view";
export type { By, Field, LiveEntry, Other } from "./wire";

export interface VisitDraft {
  readonly state: VisitView["state"];
  readonly entry: LiveEntry | null;
  /** For a controlled input. An empty title is none. */
  readonly title: { readonly value: string; readonly set: (value: string) => void };
  /** RFC 3339. */
  readonly appointmentAt: { readonly value: string; readonly set: (value: string) => void };
  readonly notes: {
    /** For what is shown beside the field; the field itself is given to `bind` as its `ref`, and has no `value` of React's. */
    readonly value: string;
    readonly bind: VisitHandle["bind"];
  };
  readonly status: SaveStatus;
  readonly clash: Clash | null;
  readonly choose: (choice: Choice) => void;
  /** What was typed and came after the visit was signed. */
  readonly late: readonly Late[];
  /** How many fields of this visit are not stored yet. */
  readonly waiting: number;
  /** The other connections of this account that have this visit open. */
  readonly others: readonly Other[];
  /** Tells the others where the cursor is: on focus of a field, and with null when it leaves. The notes see to it themselves. */
  readonly here: (field: Field | null) => void;
  /** Sends what was typed at once: on blur, before a page is left. */
  readonly flush: () => void;
}

export const useLiveStatus = (): LiveStatus => useSyncExternalStore(live.subscribe, live.status);

/** Follows a patient: what is shown of the record is fetched again when somebody changed it. What is typed is never replaced. */
export function useWatch(patientId: string): void {
  const follow = useFollow(patientId);
  useEffect(() => live.watch(patientId, follow), [patientId, follow]);
}

/** Learns only whether a visit of the patient was signed: for pages over the whole screen, which nothing else should change. */
export function useWatchSigning(patientId: string, signed: () => void): void {
  const follow = useFollowSigning(patientId);
  const latest = useRef(signed);
  useEffect(() => {
    latest.current = signed;
  });
  useEffect(
    () =>
      live.watch(patientId, (what) => {
        if (what === null || what.has("signed")) latest.current();
        follow(what);
      }),
    [patientId, follow],
  );
}

/** A visit that is typed into. Opening it is recorded as a view. */
export function useVisitDraft(patientId: string, entryId: string): VisitDraft {
  const handle: VisitHandle = useMemo(() => live.visit(patientId, entryId), [patientId, entryId]);
  useEffect(() => live.show(handle), [handle]);
  const view = useSyncExternalStore(handle.subscribe, handle.snapshot);
  return useMemo(
    (): VisitDraft => ({
      state: view.state,
      entry: view.entry,
      title: { value: view.values.title, set: (value) => handle.set("title", value) },
      appointmentAt: { value: view.values.appointmentAt, set: (value) => handle.set("appointmentAt", value) },
      notes: { value: view.values.notes, bind: handle.bind },
      status: view.status,
      clash: view.clash,
      choose: handle.choose,
      late: view.late,
      waiting: view.waiting,
      others: view.others,
      here: handle.here,
      flush: handle.flush,
    }),
    [view, handle],
  );
}

/** How many changes of all visits wait on this device, or are on their way. */
export const useKeptEdits = (): number => useSyncExternalStore(subscribeToKept, keptEdits);

/** What a screen reader is told: the newest status that was a change for the worse; null once it is better again. */
export function useWorse(status: SaveStatus): SaveStatus | null {
  const [seen, setSeen] = useState<{ status: SaveStatus; worse: SaveStatus | null }>({ status, worse: null });
  if (seen.status.kind !== status.kind) {
    const next = { status, worse: isWorse(seen.status, status) ? status : null };
    setSeen(next);
    return next.worse;
  }
  return seen.worse;
}
