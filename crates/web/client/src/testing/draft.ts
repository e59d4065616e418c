/** In the place of the live connection: a visit that is open, of which the test says how it is. */
import { useSyncExternalStore } from "react";
import type { Choice, LiveStatus, SaveStatus, VisitDraft } from "../live";

const nothing = (): void => undefined;

type Fields = "title" | "appointmentAt" | "notes";
type Shown = Pick<VisitDraft, "state" | "status" | "clash" | "others" | "late" | "waiting"> & Record<Fields, string> & { readonly connection: LiveStatus };

const START: Shown = { state: "ready", status: { kind: "saved", at: null }, clash: null, late: [], waiting: 0, connection: { kind: "open" }, others: [], title: "First", appointmentAt: "2026-11-22T14:05:00Z", notes: "" };
const versions = { title: 0, appointmentAt: 0, notes: 4 };
let shown = START;
const listeners = new Set<() => void>();

export const fakeDraft = {
  sets: [] as [Fields, string][],
  chosen: [] as Choice[],
  /** Tells a page that a visit of the patient was signed elsewhere. */
  signed: nothing,
  show(more: Partial<Shown>): void {
    shown = { ...shown, ...more };
    for (const listener of listeners) listener();
  },
  reset(): void {
    fakeDraft.sets = [];
    fakeDraft.chosen = [];
    shown = START;
  },
};

const set = (field: Fields) => (value: string) => {
  fakeDraft.sets.push([field, value]);
  fakeDraft.show({ [field]: value });
};
const setTitle = set("title");
const setAt = set("appointmentAt");

const useShown = (): Shown =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );

function useVisitDraft(): VisitDraft {
  const it = useShown();
  return {
    state: it.state,
    entry: { id: "e1", appointmentAt: it.appointmentAt, title: it.title, notes: it.notes, notesHash: "", versions, signedAt: null },
    title: { value: it.title, set: setTitle },
    appointmentAt: { value: it.appointmentAt, set: setAt },
    notes: { value: it.notes, bind: nothing },
    status: it.status,
    clash: it.clash,
    late: it.late,
    waiting: it.waiting,
    choose: (choice) => fakeDraft.chosen.push(choice),
    others: it.others,
    here: nothing,
    flush: nothing,
  };
}

const WORSE = new Set<SaveStatus["kind"]>(["offline", "choice", "error", "read_only"]);

export const liveMock = {
  useVisitDraft,
  useWatch: nothing,
  useWatchSigning: (_patientId: string, signed: () => void): void => {
    fakeDraft.signed = signed;
  },
  useKeptEdits: () => 0,
  useLiveStatus: (): LiveStatus => useShown().connection,
  useWorse: (status: SaveStatus): SaveStatus | null => (WORSE.has(status.kind) ? status : null),
};
