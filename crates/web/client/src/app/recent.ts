/** The patients opened last, for the search field. Remembered while the session lasts, and no longer. */
import type { Patient } from "../api/types";
import { displayName } from "../pages/patients/names";
import { recall, remember, useRemembered } from "./sealed";

const NAME = "patients.recent";
const MOST = 6;

export interface Recent {
  readonly id: string;
  readonly uniqueId: string;
  readonly name: string;
}

const NONE: readonly Recent[] = [];

export function notePatient(patient: Patient): void {
  const { id, uniqueId } = patient;
  const former = ((recall(NAME) as readonly Recent[] | undefined) ?? NONE).filter((it) => it.id !== id);
  remember(NAME, [{ id, uniqueId, name: displayName(patient) }, ...former].slice(0, MOST));
}

export const useRecent = (): readonly Recent[] => useRemembered<readonly Recent[]>(NAME, NONE)[0];
