/**
 * The body map's drawings. A figure is drawn as one half, the viewer's left, and mirrored; a pair as one item, the viewer's left, and
 * mirrored beside it. Regions divide the area around the drawing as well, so that a finger beside a narrow arm hits it, and
 * are shown only as far as the drawing goes. All own drawings; lengths are CSS
 * pixels where there is room, as on a tablet.
 */
import { BACK, FRONT } from "./figureBody";
import { FACE, HEAD_BACK, PROFILE } from "./figureHead";
import { FEET, HAND_BACKS, PALMS, SOLES } from "./figureLimbs";

export type ViewId = "front" | "back" | "head" | "hands" | "feet";

export interface Region {
  /** A code, or the view that shows this part larger. */
  readonly site: string;
  readonly zoom?: ViewId;
  /** Corners. */
  readonly area: string;
  /** On the middle line: drawn once, without a side. */
  readonly isMiddle?: boolean;
}

export interface Figure {
  readonly id: "front" | "back" | "face" | "profile" | "headBack" | "palms" | "handBacks" | "feet" | "soles";
  readonly width: number;
  readonly height: number;
  /** Shown larger than it is drawn, so that its small parts can be tapped. */
  readonly scale?: number;
  readonly isPair?: boolean;
  /** Whose side the viewer's left shows: the patient's right, unless seen from behind. */
  readonly isFromBehind?: boolean;
  /** Smooth: of a figure its left half, from the middle line to the middle line; of a pair the whole item. */
  readonly outline: string;
  /** Smooth lines that show what is what. */
  readonly lines: readonly string[];
  /** Later ones lie on top. */
  readonly regions: readonly Region[];
}

export const VIEWS: Readonly<Record<ViewId, readonly Figure[]>> = {
  front: [FRONT],
  back: [BACK],
  head: [FACE, PROFILE, HEAD_BACK],
  hands: [PALMS, HAND_BACKS],
  feet: [FEET, SOLES],
};
export const VIEW_IDS = Object.keys(VIEWS) as ViewId[];

/** What each view shows, as one site. */
export const WHOLES: Readonly<Record<ViewId, string>> = { front: "181491009", back: "66643007", head: "70762009", hands: "33712006", feet: "60496002" };
