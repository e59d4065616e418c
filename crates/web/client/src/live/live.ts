/** The one live connection of this page, and the visits that are open over it. */
import type { LiveStatus } from "./status";
import type { VisitHandle, VisitView } from "./view";

const LOADING: VisitView = {
  state: "loading",
  entry: null,
  values: { title: "", appointmentAt: "", notes: "" },
  status: { kind: "saved", at: null },
  clash: null,
  others: [],
};
const OFF: LiveStatus = { kind: "off" };
const nothing = (): void => undefined;

/** Until it is connected: the interface, with nothing behind it. */
class Live {
  readonly subscribe = (_listener: () => void): (() => void) => nothing;
  readonly status = (): LiveStatus => OFF;
  watch(_patientId: string): () => void {
    return nothing;
  }
  visit(_patientId: string, _entryId: string): VisitHandle {
    return { subscribe: () => nothing, snapshot: () => LOADING, set: nothing, bind: nothing, choose: nothing, here: nothing, flush: nothing };
  }
  /** Keeps the visit open as long as it is on screen. */
  show(_patientId: string, _entryId: string): () => void {
    return nothing;
  }
}

export const live = new Live();
