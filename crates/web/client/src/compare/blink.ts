/** When the other photo may be shown: never more than three times a second (WCAG 2.3.1), however fast the key is pressed. */
export const SLOWEST_FLASH_MS = 1000 / 3;
/** Each change is half of a flash. */
const CHANGE_MS = SLOWEST_FLASH_MS / 2;
/** How long each photo is shown where they change by themselves. */
export const AUTOMATIC_MS = 700;

/** How long a change has to wait that is wanted now, in milliseconds. */
export const waitFor = (lastChange: number, now: number): number => Math.max(0, CHANGE_MS - (now - lastChange));
