/** What the client keeps in the browser: the appearance, with the size and the order of photos in lists and the lines over the camera, and which first steps are done (firstDay.ts). Never anything about a patient or a session. */
import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark" | "system";
const KEY = "cutis.theme";
const SIDEBAR_KEY = "cutis.sidebar";
const PHOTOS_KEY = "cutis.photos";
const ORDER_KEY = "cutis.photo-order";
const CAMERA_KEY = "cutis.camera";

/** Lines over the camera's picture. */
export type CameraLine = "grid" | "level";
const CAMERA_LINES: readonly CameraLine[] = ["grid", "level"];

export type PhotoSize = "s" | "m" | "l";
export const PHOTO_SIZES: readonly PhotoSize[] = ["s", "m", "l"];

export type PhotoOrder = "time" | "manual";

const listeners = new Set<() => void>();

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
}

let theme: Theme = ((): Theme => {
  const kept = read(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
})();
let photoSize: PhotoSize = PHOTO_SIZES.find((it) => it === read(PHOTOS_KEY)) ?? "m";
let photoOrder: PhotoOrder = read(ORDER_KEY) === "manual" ? "manual" : "time";
let cameraLines: readonly CameraLine[] = CAMERA_LINES.filter((it) => read(CAMERA_KEY)?.split(" ").includes(it));
let narrow = read(SIDEBAR_KEY) === "narrow";

function tell(): void {
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function applyTheme(): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function setTheme(next: Theme): void {
  theme = next;
  write(KEY, next);
  applyTheme();
  tell();
}

export function setNarrow(next: boolean): void {
  narrow = next;
  write(SIDEBAR_KEY, next ? "narrow" : "wide");
  tell();
}

export function setPhotoSize(next: PhotoSize): void {
  photoSize = next;
  write(PHOTOS_KEY, next);
  tell();
}

export function setPhotoOrder(next: PhotoOrder): void {
  photoOrder = next;
  write(ORDER_KEY, next);
  tell();
}

export function setCameraLine(line: CameraLine, isOn: boolean): void {
  cameraLines = CAMERA_LINES.filter((it) => (it === line ? isOn : cameraLines.includes(it)));
  write(CAMERA_KEY, cameraLines.join(" "));
  tell();
}

export const useCameraLines = (): readonly CameraLine[] => useSyncExternalStore(subscribe, () => cameraLines);
export const usePhotoOrder = (): PhotoOrder => useSyncExternalStore(subscribe, () => photoOrder);
export const usePhotoSize = (): PhotoSize => useSyncExternalStore(subscribe, () => photoSize);
export const useTheme = (): Theme => useSyncExternalStore(subscribe, () => theme);
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => narrow);
