/**
 * F3: whether the server can be reached, from what really happened: after two requests in a row without an answer `/health` is
 * asked, and as long as it does not answer either, the server counts as away. `navigator.onLine` is no proof of anything: it only
 * makes us look at once.
 */
const FAILURES = 2;
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 15_000;
/** After this long without an answer the server counts as away, in milliseconds. */
const DEADLINE = 5000;

let failures = 0;
let firstFailure = 0;
/** Since when the server is away, in milliseconds since the epoch; null while it is there. */
let since: number | null = null;
let isProbing = false;
let wait = FIRST_WAIT;
let timer: ReturnType<typeof setTimeout> | undefined;
/** Counts how often the server has come back: what failed may be tried again. */
let returns = 0;

const listeners = new Set<() => void>();
const comebacks = new Set<() => void>();
const tell = (): void => {
  for (const listener of listeners) listener();
};

/** An answer came, by whichever way. */
export function reached(): void {
  failures = 0;
  wait = FIRST_WAIT;
  clearTimeout(timer);
  if (since === null) return;
  since = null;
  cameBack();
}

/** What failed may be tried again: the server is back, or the person is. */
export function cameBack(): void {
  returns += 1;
  tell();
  for (const listener of comebacks) listener();
}

/** A request got no answer at all. */
export function missed(): void {
  if (failures === 0) firstFailure = Date.now();
  failures += 1;
  if (failures >= FAILURES) void probe();
}

/** Something else than a request to the API failed: is the server there? */
export function lookNow(): void {
  if (failures === 0) firstFailure = Date.now();
  void probe();
}

async function probe(): Promise<void> {
  if (isProbing) return;
  isProbing = true;
  clearTimeout(timer);
  const isThere = await fetch(new Request(new URL("/health", location.href), { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(DEADLINE) })).then(
    () => true,
    () => false,
  );
  isProbing = false;
  if (isThere) {
    reached();
    return;
  }
  if (failures === 0) {
    failures = 1;
    firstFailure = Date.now();
  }
  if (since === null) {
    since = firstFailure;
    tell();
  }
  timer = setTimeout(() => void probe(), wait);
  wait = Math.min(LONGEST_WAIT, wait * 2);
}

export const awaySince = (): number | null => since;
export const timesReturned = (): number => returns;

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function onComeback(listener: () => void): () => void {
  comebacks.add(listener);
  return () => comebacks.delete(listener);
}

if (typeof window !== "undefined") {
  // Only hints; what the probe finds counts.
  addEventListener("offline", () => void probe());
  addEventListener("online", () => {
    if (since !== null) void probe();
  });
}
