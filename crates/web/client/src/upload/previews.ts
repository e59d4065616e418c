/** Small pictures of chosen files, made on this device before the server has seen them. In memory only, one file at a time. */

/** Longest side in pixels: enough for a tile of a list and a placeholder of the pool. */
const SIDE = 320;
/** A larger file is shown without a picture rather than unpacked in memory beside the one that is being sent. */
const LARGEST_FILE = 48_000_000;

const made = new Map<string, ImageBitmap>();
const wanted = new Map<string, File>();
const listeners = new Set<() => void>();
let isWorking = false;

async function bitmapOf(file: File): Promise<ImageBitmap | null> {
  if (typeof createImageBitmap === "undefined" || file.size > LARGEST_FILE) return null;
  try {
    return await createImageBitmap(file, { resizeWidth: SIDE, resizeQuality: "medium" });
  } catch {
    // A TIFF, a HEIC, or no photo at all: this browser cannot show it.
    return null;
  }
}

async function work(): Promise<void> {
  if (isWorking) return;
  isWorking = true;
  for (let next = wanted.entries().next(); !next.done; next = wanted.entries().next()) {
    const [id, file] = next.value;
    // One after the other: each may take as much memory as its photo has pixels.
    // oxlint-disable-next-line no-await-in-loop
    const bitmap = await bitmapOf(file);
    const isWanted = wanted.delete(id);
    if (bitmap && isWanted) {
      made.set(id, bitmap);
      for (const listener of listeners) listener();
    } else bitmap?.close();
  }
  isWorking = false;
}

export const previews = {
  prepare(id: string, file: File): void {
    wanted.set(id, file);
    void work();
  },
  /** Forgets every other one. */
  keep(ids: ReadonlySet<string>): void {
    for (const id of wanted.keys()) if (!ids.has(id)) wanted.delete(id);
    for (const [id, bitmap] of made) {
      if (ids.has(id)) continue;
      bitmap.close();
      made.delete(id);
    }
  },
  of: (id: string): ImageBitmap | undefined => made.get(id),
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
