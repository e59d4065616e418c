/** A comparison as the page keeps it, whether or not it is saved in a visit. */
import type { Image } from "../api/types";
import type { Layout, Mode } from "./layout";
import { clamp, type Point } from "./matrix";
import { type Fit, fit, isFound, matrixOf } from "./similarity";
import { type Extent, type ImageView, pixelAt, type Placed, PLAIN } from "./view";

export const FEWEST = 2;
export const MOST = 16;
export const MOST_LANDMARKS = 4;
export const MOST_DRAWINGS = 100;
/** Of all drawings of a photo. */
export const MOST_POINTS = 4000;
export const RULERS = { least: 0.1, most: 1000 } as const;
export const LONGEST_TITLE = 200;
export const LONGEST_NOTE = 4000;
export const LONGEST_LABEL = 80;
export const LONGEST_TEXT = 200;

export interface Ruler {
  readonly from: Point;
  readonly to: Point;
  readonly millimetres: number;
}

export const COLOURS = ["red", "yellow", "green", "blue", "white", "black"] as const;
export type Colour = (typeof COLOURS)[number];

export type Shape =
  | { readonly kind: "arrow" | "measure"; readonly from: Point; readonly to: Point }
  | { readonly kind: "circle"; readonly centre: Point; readonly radius: number }
  | { readonly kind: "text"; readonly at: Point; readonly text: string }
  | { readonly kind: "freehand"; readonly points: readonly Point[] };

export type Drawn = Shape & { readonly id: string; readonly colour: Colour; readonly width: number };

/** What can be changed of a photo in a group, each on its own. */
export interface PhotoValues {
  readonly label: string | null;
  readonly view: ImageView;
  readonly landmarks: readonly Point[];
  readonly ruler: Ruler | null;
  readonly annotations: readonly Drawn[];
}

export interface Photo extends PhotoValues, Extent {
  readonly imageId: string;
  /** When it was captured, else uploaded. */
  readonly moment: string;
  readonly isCaptured: boolean;
  /** Which turn of it is shown, for the address of its renditions. */
  readonly edition: number;
  /** Quarters by which it is turned, on which everything that is marked on it depends. */
  readonly turns: number;
  /** Part of its file is missing. */
  readonly isIncomplete?: boolean;
}

export interface GroupValues {
  readonly title: string | null;
  readonly note: string | null;
  readonly mode: Mode;
  readonly layout: Layout;
  readonly images: readonly string[];
}

export interface Group extends Omit<GroupValues, "images"> {
  readonly photos: readonly Photo[];
}

export const photoOf = (image: Image): Photo => ({
  imageId: image.id,
  width: image.width,
  height: image.height,
  moment: image.capturedAt ?? image.uploadedAt,
  isCaptured: image.capturedAt !== null && !image.capturedInFuture,
  edition: image.edition,
  turns: image.turns,
  ...(image.incomplete ? { isIncomplete: true } : {}),
  label: null,
  view: PLAIN,
  landmarks: [],
  ruler: null,
  annotations: [],
});

/** The oldest first: before is on the left, after on the right. */
export const inTime = <T extends Pick<Photo, "moment">>(photos: readonly T[]): readonly T[] => photos.toSorted((a, b) => Date.parse(a.moment) - Date.parse(b.moment));

export const newGroup = (images: readonly Image[]): Group => ({ title: null, note: null, mode: "side_by_side", layout: "auto", photos: inTime(images.map(photoOf)) });

/** How a photo's landmarks fit those of the first one; null for the first one, and as long as neither has any. */
export function fitOf(photos: readonly Photo[], photo: Photo): Fit | null {
  const [first] = photos;
  if (!first || first === photo || (first.landmarks.length === 0 && photo.landmarks.length === 0)) return null;
  const marks = (one: Photo) => ({ width: one.width, points: one.landmarks.map((it) => pixelAt(one, it)) });
  return fit(marks(first), marks(photo));
}

export function placedOf(photos: readonly Photo[], photo: Photo): Placed {
  const found = fitOf(photos, photo);
  return { extent: photo, view: photo.view, alignment: isFound(found) ? matrixOf(found.similarity) : null };
}

export function moveWithin<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const rest = list.toSpliced(from, 1);
  const one = list[from];
  return one === undefined ? list : rest.toSpliced(Math.max(0, to), 0, one);
}

function pointsOf(shape: Shape): readonly Point[] {
  switch (shape.kind) {
    case "circle":
      return [shape.centre];
    case "text":
      return [shape.at];
    case "freehand":
      return shape.points;
    default:
      return [shape.from, shape.to];
  }
}

export const pointsIn = (drawings: readonly Shape[]): number => drawings.reduce((sum, it) => sum + pointsOf(it).length, 0);

/** The same shape with each of its points taken elsewhere. */
function mappedShape<S extends Shape>(shape: S, to: (point: Point) => Point): S {
  switch (shape.kind) {
    case "circle":
      return { ...shape, centre: to(shape.centre) };
    case "text":
      return { ...shape, at: to(shape.at) };
    case "freehand":
      return { ...shape, points: shape.points.map(to) };
    default:
      return { ...shape, from: to(shape.from), to: to(shape.to) };
  }
}

const within = (values: readonly number[], wish: number): number => clamp(wish, -Math.min(...values), 1 - Math.max(...values));

/** A drawing shifted, in shares. None of its points leaves the photo. */
export function shifted<S extends Shape>(shape: S, by: Point): S {
  const points = pointsOf(shape);
  const shift = { x: within(points.map((it) => it.x), by.x), y: within(points.map((it) => it.y), by.y) };
  return mappedShape(shape, (point) => ({ x: point.x + shift.x, y: point.y + shift.y }));
}

/** A drawing made larger or smaller about its middle, as far as the photo goes. */
export function resized<S extends Shape>(shape: S, by: number): S {
  if (shape.kind === "circle") return { ...shape, radius: clamp(shape.radius * by, 0.002, 1) };
  const points = pointsOf(shape);
  const middle = { x: points.reduce((sum, it) => sum + it.x, 0) / points.length, y: points.reduce((sum, it) => sum + it.y, 0) / points.length };
  return mappedShape(shape, (point) => ({ x: clamp(middle.x + (point.x - middle.x) * by, 0, 1), y: clamp(middle.y + (point.y - middle.y) * by, 0, 1) }));
}
