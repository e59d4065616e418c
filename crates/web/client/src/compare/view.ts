/**
 * Where each photo of a group is drawn. There is one matrix for the group; the matrix of a photo is derived from it, each time:
 *
 *   group × own view × how it fits its frame                             (a photo that is not aligned)
 *   group × own view × matrix of the first photo without group × alignment  (one that is)
 *
 * Nothing is copied from photo to photo, so nothing can drift apart (ADR 36). Frames are measured in CSS pixels from their
 * middle; all frames of a group have the same size.
 */
import { at, chain, clamp, inverse, type Matrix, moved, type Point, scaled, scaleOf, turned, angleOf, upright } from "./matrix";

export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** In shares of the upright photo. */
export interface Crop extends Point, Extent {}

/** What is stored of a photo in a group: how it is shown. Pixels are never changed. */
export interface ImageView {
  readonly crop: Crop | null;
  /** Degrees clockwise, from above −180 to 180. */
  readonly rotation: number;
  readonly scale: number;
  /** In shares of the frame. */
  readonly offset: Point;
}

export const PLAIN: ImageView = { crop: null, rotation: 0, scale: 1, offset: { x: 0, y: 0 } };
export const SCALES = { least: 0.05, most: 40 } as const;
export const FARTHEST = 10;
/** A crop is at least this wide and high, in shares. */
export const SMALLEST_CROP = 0.02;

/** The zoom of the group. `x` and `y` are in pixels of the first photo, so that another frame shows the same place. */
export interface GroupView extends Point {
  readonly zoom: number;
  readonly turn: number;
}

export const FIT: GroupView = { zoom: 1, turn: 0, x: 0, y: 0 };
const LEAST_ZOOM = 0.5;

const rounded = (value: number): number => Number(value.toFixed(6)) + 0;

/** Within what can be stored. */
export function settledView({ crop, rotation, scale, offset }: ImageView): ImageView {
  return {
    crop: crop && settledCrop(crop),
    rotation: upright(rounded(upright(rotation))),
    scale: rounded(clamp(scale, SCALES.least, SCALES.most)),
    offset: { x: rounded(clamp(offset.x, -FARTHEST, FARTHEST)), y: rounded(clamp(offset.y, -FARTHEST, FARTHEST)) },
  };
}

/** Within the photo; null where it is all of it. */
export function settledCrop(crop: Crop): Crop | null {
  const width = clamp(crop.width, SMALLEST_CROP, 1);
  const height = clamp(crop.height, SMALLEST_CROP, 1);
  const x = clamp(crop.x, 0, 1 - width);
  const y = clamp(crop.y, 0, 1 - height);
  if (width > 0.9995 && height > 0.9995) return null;
  return { x: rounded(x), y: rounded(y), width: rounded(width), height: rounded(height) };
}

const cropOf = (view: ImageView): Crop => view.crop ?? { x: 0, y: 0, width: 1, height: 1 };

/** CSS pixels for each pixel of the photo where what is left of it just fits the frame. */
export function fitScale(image: Extent, view: ImageView, frame: Extent): number {
  const crop = cropOf(view);
  const [width, height] = [image.width * crop.width, image.height * crop.height];
  return width > 0 && height > 0 && frame.width > 0 && frame.height > 0 ? Math.min(frame.width / width, frame.height / height) : 1;
}

/** From pixels of the photo to its frame: all of it is seen. */
function fitMatrix(image: Extent, view: ImageView, frame: Extent): Matrix {
  const crop = cropOf(view);
  const middle = { x: image.width * (crop.x + crop.width / 2), y: image.height * (crop.y + crop.height / 2) };
  return chain(scaled(fitScale(image, view, frame)), moved(-middle.x, -middle.y));
}

/** Its own part: turned and scaled about the middle of the frame, then shifted. */
const ownMatrix = (view: ImageView, frame: Extent): Matrix => chain(moved(view.offset.x * frame.width, view.offset.y * frame.height), turned(view.rotation), scaled(view.scale));

export interface Placed {
  readonly extent: Extent;
  readonly view: ImageView;
  /** From its pixels to those of the first photo; null where it is not aligned. */
  readonly alignment: Matrix | null;
}

/** From pixels of a photo to its frame, without the group's part. */
export function ownPlace(first: Placed, one: Placed, frame: Extent): Matrix {
  const own = ownMatrix(one.view, frame);
  const start = chain(ownMatrix(first.view, frame), fitMatrix(first.extent, first.view, frame));
  if (one === first) return start;
  return one.alignment ? chain(own, start, one.alignment) : chain(own, fitMatrix(one.extent, one.view, frame));
}

export function groupMatrix(group: GroupView, first: Placed, frame: Extent): Matrix {
  const unit = fitScale(first.extent, first.view, frame);
  return chain(moved(group.x * unit, group.y * unit), turned(group.turn), scaled(group.zoom));
}

export const placeOf = (group: Matrix, first: Placed, one: Placed, frame: Extent): Matrix => chain(group, ownPlace(first, one, frame));

/** The group's view behind a matrix: what `groupMatrix` gives it for. */
export function groupView(matrix: Matrix, first: Placed, frame: Extent): GroupView {
  const unit = fitScale(first.extent, first.view, frame);
  return { zoom: scaleOf(matrix), turn: angleOf(matrix), x: matrix.x / unit, y: matrix.y / unit };
}

/** Four device pixels for each of the photo's, and eight times the fit at least. */
export function mostZoom(first: Placed, frame: Extent, ratio: number): number {
  return Math.max(8, 4 / (fitScale(first.extent, first.view, frame) * first.view.scale * ratio));
}

/** The first photo stays under the middle of its frame, and is neither lost from sight nor smaller than can be seen. */
export function settledGroup(group: GroupView, first: Placed, most: number): GroupView {
  const zoom = clamp(group.zoom, LEAST_ZOOM, most);
  const k = zoom / group.zoom;
  const crop = cropOf(first.view);
  const reach = (Math.hypot(first.extent.width * crop.width, first.extent.height * crop.height) / 2) * zoom * Math.max(1, first.view.scale);
  return { zoom, turn: upright(group.turn), x: clamp(group.x * k, -reach, reach), y: clamp(group.y * k, -reach, reach) };
}

/** A photo is moved on its own by what happens in its frame, with the group where it is. */
export function movedAlone(view: ImageView, change: Matrix, group: Matrix, frame: Extent): ImageView {
  const own = chain(inverse(group), change, group, ownMatrix(view, frame));
  const offset = { x: own.x / frame.width, y: own.y / frame.height };
  return settledView({ ...view, rotation: angleOf(own), scale: scaleOf(own), offset });
}

/** Where a point of the frame lies in the photo, in shares of it. */
export function shareAt(place: Matrix, { width, height }: Extent, point: Point): Point {
  const pixel = at(inverse(place), point);
  return { x: pixel.x / width, y: pixel.y / height };
}

export const pixelAt = ({ width, height }: Extent, share: Point): Point => ({ x: share.x * width, y: share.y * height });

/** The longer side of the screen rendition, in pixels. */
export const SCREEN = 1600;

/** How large the screen rendition is, in its own pixels. */
export function screenExtent({ width, height }: Extent): Extent {
  const k = Math.min(1, SCREEN / Math.max(width, height, 1));
  return { width: width * k, height: height * k };
}

/** Whether more device pixels are asked for than the screen rendition has. */
export const isBeyondScreen = (place: Matrix, { width, height }: Extent, ratio: number): boolean => Math.max(width, height) > SCREEN && scaleOf(place) * Math.max(width, height) * ratio > SCREEN * 1.05;

/** Decoded pixels of full sizes at a time. An iPad ends the page that has more; 64 megapixels are 256 MB. */
const FULL_PIXELS = 64e6;

/** Which photos get their full size: those that want it, in their order, as far as memory goes. */
export function mayBeFull(wanting: readonly (Extent & { readonly id: string })[]): readonly string[] {
  let left = FULL_PIXELS;
  return wanting.flatMap(({ id, width, height }) => {
    if (width * height > left) return [];
    left -= width * height;
    return [id];
  });
}
