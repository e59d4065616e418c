/**
 * Whether somebody is at this page. What a page asks by itself, because another device changed something or a connection is back, is no use
 * of the session: otherwise a tablet that lies about would stay signed in for as long as somebody works elsewhere (C13).
 */

/** So long after a touch, a key or the wheel a request may still be a consequence of it. */
const CONSEQUENCE_MS = 20_000;

let lastTouch = Date.now();

const touched = (): void => {
  lastTouch = Date.now();
};

for (const kind of ["pointerdown", "click", "keydown", "wheel", "touchstart", "paste", "drop"] as const) {
  globalThis.document?.addEventListener(kind, touched, { capture: true, passive: true });
}

export const isAttended = (): boolean => Date.now() - lastTouch < CONSEQUENCE_MS;
