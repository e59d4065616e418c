/** The keys that take a photo, and where the focus is so that they do. */
import { type RefObject, useCallback, useEffect } from "react";

/** What a remote control or a tablet's buttons send, where a browser passes it on. */
const SHUTTER_KEYS = new Set([" ", "Enter", "AudioVolumeUp", "AudioVolumeDown", "VolumeUp", "VolumeDown", "Camera"]);
/** What the space bar and Enter work themselves. */
const CONTROLS = "button, input, select, textarea, a, [role=slider]";
const DIALOGS = "[role=dialog], [role=alertdialog]";
/** React-aria gives the focus back a frame after a dialog is gone, to the first control where what opened it is gone too; ours comes after it. */
const AFTER_RESTORE_MS = 60;

/** Whether the dialog around an element is the one on top, and not beneath a question or the lock. */
function isOnTop(within: Element | null): boolean {
  const dialog = within?.closest(DIALOGS);
  return dialog !== null && dialog !== undefined && [...document.querySelectorAll(DIALOGS)].at(-1) === dialog;
}

/** Whether a key is the shutter's: pressed anywhere in the dialog of the camera, but not in another one, and not where it works a control. */
export function isForShutter({ key, repeat, target, defaultPrevented }: KeyboardEvent, camera: Element | null): boolean {
  if (repeat || defaultPrevented || !SHUTTER_KEYS.has(key) || !(target instanceof Element) || !isOnTop(camera)) return false;
  if (target !== document.body && !camera?.closest(DIALOGS)?.contains(target)) return false;
  return (key !== " " && key !== "Enter") || target.closest(CONTROLS) === null;
}

/**
 * Gives the focus to the shutter as soon as the camera runs, or to the dialog until then: never by default to what closes the camera.
 * A person who is at a control of the camera keeps it. Returns what gives it back after a photo was looked at.
 */
export function useShutterFocus(button: RefObject<HTMLButtonElement | null>, camera: RefObject<HTMLElement | null>, isWanted: boolean, isLive: boolean): () => void {
  useEffect(() => {
    const settle = () => {
      const within = camera.current;
      if (!isWanted || !isOnTop(within) || within?.contains(document.activeElement)) return;
      (isLive ? button.current : within?.closest<HTMLElement>(DIALOGS))?.focus();
    };
    settle();
    const timer = setTimeout(settle, AFTER_RESTORE_MS);
    return () => clearTimeout(timer);
  }, [button, camera, isWanted, isLive]);
  return useCallback(() => {
    const { current } = button;
    (current?.disabled ? current.closest<HTMLElement>(DIALOGS) : current)?.focus();
  }, [button]);
}
