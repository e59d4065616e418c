/** The cameras of this device: why there is none, which there are, and what they can do. */

/** Why there is no picture. */
export type NoCamera = "insecure" | "unsupported" | "denied" | "none" | "busy" | "failed";

export function whyNone(error: unknown): NoCamera {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError" || name === "PermissionDeniedError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError" || name === "DevicesNotFoundError") return "none";
  if (name === "NotReadableError" || name === "AbortError" || name === "TrackStartError") return "busy";
  return "failed";
}

/** What is certain before anything is asked. */
export function missing(): NoCamera | null {
  if (typeof isSecureContext !== "undefined" && !isSecureContext) return "insecure";
  return typeof navigator.mediaDevices?.getUserMedia === "function" ? null : "unsupported";
}

/** By `ideal` only: with more, devices refuse or choose a lens of their own. */
const SIZE = { width: { ideal: 4032 }, height: { ideal: 3024 } } as const;

export const wanted = (lens: string | null): MediaStreamConstraints => ({
  audio: false,
  video: { ...SIZE, ...(lens === null ? { facingMode: { ideal: "environment" } } : { deviceId: { exact: lens } }) },
});

/** A lens that is gone, as after another tablet's was remembered, gives way to the usual one. */
export async function openStream(lens: string | null): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia(wanted(lens));
  } catch (error) {
    if (lens === null || whyNone(error) !== "none") throw error;
    return navigator.mediaDevices.getUserMedia(wanted(null));
  }
}

export function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

export interface LensChoice {
  readonly id: string;
  readonly label: string;
}

/** The lenses that have a name, which they have once the permission was given. */
export async function lenses(): Promise<readonly LensChoice[]> {
  const all = await navigator.mediaDevices.enumerateDevices();
  return all.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId !== "").map(({ deviceId, label }, index) => ({ id: deviceId, label: label || `${index + 1}` }));
}

export interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** What can be set while it runs. */
export interface Means {
  readonly zoom: Range | null;
  readonly hasTorch: boolean;
}

interface More extends MediaTrackCapabilities {
  readonly zoom?: { readonly min?: number; readonly max?: number; readonly step?: number };
  readonly torch?: boolean;
}

export function meansOf(capabilities: MediaTrackCapabilities): Means {
  const { zoom, torch } = capabilities as More;
  const { min = 1, max = 1, step = 0.1 } = zoom ?? {};
  return { zoom: max > min ? { min, max, step: step > 0 ? step : 0.1 } : null, hasTorch: torch === true };
}

/** With the size again: what is not named would be given up. */
export const settings = (zoom: number | null, torch: boolean | null): MediaTrackConstraints => ({
  ...SIZE,
  advanced: [{ ...(zoom === null ? {} : { zoom }), ...(torch === null ? {} : { torch }) } as MediaTrackConstraintSet],
});

/** With what a photo was taken, for its record: at most 200 characters on one line. */
export function deviceName(lens: string, zoom: number | null, how: "photo" | "frame"): string {
  const parts = [lens.replaceAll(/\s+/g, " ").trim().slice(0, 150), zoom !== null && zoom !== 1 && `zoom ${Math.round(zoom * 10) / 10}`, how === "frame" && "frame"];
  return parts.filter((part) => part !== false && part !== "").join(", ");
}

/** Frames that do not come for so long mean that the camera has stopped (case 15). */
export const STALL_MS = 500;
export const isStalled = (lastFrame: number, now: number): boolean => now - lastFrame > STALL_MS;
