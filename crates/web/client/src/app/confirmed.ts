/**
 * When the password was entered again in this session (I5, N6), so that nobody is asked for it while the server remembers. Kept
 * with what is sealed, which is there after a reload. The server decides: after its restart it asks once more.
 */
import { recall, remember } from "./sealed";

/** How long the server remembers that the password was entered, less a little for what is on its way. */
const CONFIRMED_MS = 9.5 * 60_000;
const NAME = "confirmed";

/** `session`: the session's mark. */
export const noteConfirmed = (session: string): void => remember(NAME, { session, at: Date.now() });

export const forgetConfirmed = (): void => remember(NAME, undefined);

/** Whether the server probably still remembers the password of this session. */
export function isConfirmed(session: string): boolean {
  const kept = recall(NAME) as { readonly session: string; readonly at: number } | undefined;
  if (kept?.session !== session) return false;
  const age = Date.now() - kept.at;
  return age >= 0 && age < CONFIRMED_MS;
}
