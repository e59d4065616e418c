/** Under which name what was typed into a patient's details is remembered until it is saved or discarded. */
export const draftName = (patientId: string): string => `details.${patientId}`;
