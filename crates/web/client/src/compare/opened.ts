/** Photos on their way to being compared. Ids stay out of addresses that name several photos of a patient (C41); a reload finds them again. */
import { recall, remember } from "../app/sealed";
import { OPENED_HERE } from "../pages/patient/photos/useViewer";
import type { Group } from "./group";

export interface Opened {
  readonly images: readonly string[];
  /** Compared with the photo before it, as no earlier one has the same body site and view. */
  readonly isOtherView?: boolean;
  /** The visit that it was begun from, and is saved in unless another is chosen. */
  readonly entryId?: string;
  /** What was entered and not saved in a visit. */
  readonly group?: Group;
}

const nameOf = (patientId: string): string => `compare/${patientId}`;

export const openedOf = (patientId: string): Opened | null => (recall(nameOf(patientId)) as Opened | undefined) ?? null;
export const keepOpened = (patientId: string, opened: Opened | null): void => remember(nameOf(patientId), opened);

export const comparePath = (patientId: string, comparisonId?: string): string => `/patients/${patientId}/compare${comparisonId === undefined ? "" : `/${comparisonId}`}`;

type Go = (to: string, options: { readonly state: unknown }) => void;

/**
 * Opens 2 to 16 photos of a patient in a comparison that is not saved: `go` is wouter's. Whoever has the photos of two visits gives
 * one of each, or all of them, and the comparison orders them by time.
 */
export function compareImages(go: Go, patientId: string, images: readonly string[], more: Omit<Opened, "images" | "group"> = {}): void {
  keepOpened(patientId, { images, ...more });
  go(comparePath(patientId), { state: OPENED_HERE });
}
