/** Zoom and pan as arithmetic. Lengths in CSS pixels; the origin is the middle of the stage. */

export interface Extent {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** `scale` 1 shows the whole image; `x` and `y` say where its middle is. */
export interface View extends Point {
  readonly scale: number;
}

export const FIT: View = { scale: 1, x: 0, y: 0 };
const PIXEL_ZOOM = 4;

/** The image's size when it just fits the stage; a small image is enlarged to at most twice its pixels. */
export function fitted(image: Extent, stage: Extent): Extent {
  if (image.width <= 0 || image.height <= 0 || stage.width <= 0 || stage.height <= 0) return { width: 0, height: 0 };
  const factor = Math.min(stage.width / image.width, stage.height / image.height, 2);
  return { width: image.width * factor, height: image.height * factor };
}

/** Up to four device pixels for each of the image's, and at least four times the fit. */
export function maxScale(image: Extent, fit: Extent, ratio: number): number {
  if (fit.width === 0) return 1;
  return Math.max(4, (PIXEL_ZOOM * image.width) / (fit.width * ratio));
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Keeps the image on the stage: no gap on a side where it is larger, centred where it is smaller. */
export function settle(view: View, fit: Extent, stage: Extent, max: number): View {
  const scale = clamp(view.scale, 1, max);
  const reachX = Math.max(0, (fit.width * scale - stage.width) / 2);
  const reachY = Math.max(0, (fit.height * scale - stage.height) / 2);
  return { scale, x: clamp(view.x, -reachX, reachX) + 0, y: clamp(view.y, -reachY, reachY) + 0 };
}

/** Zooms so that what is under `point` stays there. */
export function zoomAt(view: View, factor: number, point: Point, max: number): View {
  const scale = clamp(view.scale * factor, 1, max);
  const k = scale / view.scale;
  return { scale, x: point.x - (point.x - view.x) * k, y: point.y - (point.y - view.y) * k };
}

export const panBy = (view: View, dx: number, dy: number): View => ({ ...view, x: view.x + dx, y: view.y + dy });

/** Percent of the image's own pixels: at 100, one of them is one device pixel. */
export function percent(view: View, fit: Extent, image: Extent, ratio: number): number {
  return image.width > 0 ? Math.round(((fit.width * view.scale * ratio) / image.width) * 100) : 100;
}

/** Whether the stage asks for more pixels than the screen rendition (1,600 on its longer side) has: at fit too, on a sharp screen (F6). */
export function wantsFull(view: View, fit: Extent, image: Extent, ratio: number): boolean {
  const longest = Math.max(image.width, image.height);
  if (longest <= 1600) return false;
  const shown = Math.max(fit.width, fit.height) * view.scale * ratio;
  return shown > 1600 * 1.05;
}
