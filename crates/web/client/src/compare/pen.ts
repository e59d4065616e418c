/** What a pointer draws on a photo, or moves of what is drawn. */
import type { Draft } from "./draft";
import type { Drawing } from "./drawing";
import type { Colour, Drawn, Photo, Shape } from "./group";
import { at as mapped, clamp, inverse, type Point } from "./matrix";
import type { Spot, Tool } from "./useStage";
import { shareAt } from "./view";

export const DRAW_TOOLS = ["move", "select", "arrow", "circle", "text", "freehand", "ruler", "measure"] as const;
export type DrawTool = (typeof DRAW_TOOLS)[number];

/** Fewer CSS pixels are a tap and no line. */
const SHORTEST = 8;
const MOST_POINTS = 500;
/** CSS pixels between two points of a line drawn by hand. */
const NEXT_POINT = 3;

export interface Style {
  readonly colour: Colour;
  readonly width: number;
}

export interface Now extends Style {
  readonly photo: Photo | undefined;
  readonly tool: DrawTool;
  readonly onAdd: (shape: Shape) => void;
  readonly onShift: (id: string, by: Point) => void;
  readonly onSelect: (id: string | null) => void;
  readonly onAsk: (what: "text" | "ruler", from: Point, to: Point) => void;
}

export const kept = ({ x, y }: Point): Point => ({ x: clamp(x, 0, 1), y: clamp(y, 0, 1) });

/** Half as many points, the last one kept. */
export const thinned = (points: readonly Point[]): Point[] => points.filter((_, index) => index % 2 === 0 || index === points.length - 1);

/** The shape that a tool makes of points in shares of a photo; null for what is no line. */
export function shapeOf(tool: DrawTool, points: readonly Point[], photo: Photo): Shape | null {
  const [from, to] = [points[0], points.at(-1)];
  if (!from || !to) return null;
  if (tool === "arrow" || tool === "measure") return { kind: tool, from, to };
  if (tool === "ruler") return { kind: "measure", from, to };
  if (tool === "freehand") return points.length > 1 ? { kind: "freehand", points: [...points] } : null;
  if (tool === "circle") return { kind: "circle", centre: from, radius: clamp(Math.hypot((to.x - from.x) * photo.width, (to.y - from.y) * photo.height) / photo.width, 0.002, 1) };
  return null;
}

export class Pen implements Tool {
  private now: Now | null = null;
  private points: Point[] = [];
  private start: Point = { x: 0, y: 0 };
  private last: Point = { x: 0, y: 0 };
  private travelled = 0;
  /** The drawing that is being moved, and what shows it. */
  private moving: { readonly id: string; readonly element: SVGGElement } | null = null;

  constructor(
    private readonly drawing: Drawing,
    private readonly draft: Draft,
  ) {}

  /** What is in hand from now on. */
  take(now: Now): void {
    this.now = now;
  }

  private shareOf(photo: Photo, point: Point): Point | null {
    const place = this.drawing.place(photo.imageId);
    return place && shareAt(place, photo, point);
  }

  readonly down = ({ point, target }: Spot): boolean => {
    const { now } = this;
    if (!now?.photo || now.tool === "move") return false;
    this.start = point;
    this.last = point;
    this.travelled = 0;
    if (now.tool === "select") {
      const element = target.closest<SVGGElement>("[data-drawn]");
      now.onSelect(element?.dataset.drawn ?? null);
      if (element) this.moving = { id: element.dataset.drawn ?? "", element };
      return element !== null;
    }
    const share = this.shareOf(now.photo, point);
    if (!share || share.x < 0 || share.x > 1 || share.y < 0 || share.y > 1) return false;
    this.points = [share];
    return true;
  };

  readonly move = ({ point }: Spot): void => {
    const { now } = this;
    if (!now?.photo) return;
    this.travelled = Math.max(this.travelled, Math.hypot(point.x - this.start.x, point.y - this.start.y));
    if (this.moving) {
      const place = this.drawing.place(now.photo.imageId);
      if (!place) return;
      const back = inverse(place);
      const [was, is] = [mapped(back, this.start), mapped(back, point)];
      this.moving.element.setAttribute("transform", `translate(${is.x - was.x} ${is.y - was.y})`);
      return;
    }
    const share = this.shareOf(now.photo, point);
    if (!share) return;
    const to = kept(share);
    if (now.tool !== "freehand") this.points = [this.points[0] ?? to, to];
    else if (Math.hypot(point.x - this.last.x, point.y - this.last.y) >= NEXT_POINT) {
      this.points.push(to);
      this.last = point;
    }
    if (this.points.length >= MOST_POINTS) this.points = thinned(this.points);
    const shape = shapeOf(now.tool, this.points, now.photo);
    if (shape) this.draft.show({ ...shape, id: "draft", colour: now.colour, width: now.width } as Drawn);
  };

  readonly up = ({ point }: Spot): void => {
    const { now, moving, points } = this;
    const [from, to] = [points[0], points.at(-1)];
    if (now?.photo && moving && this.travelled > 2) {
      const [was, is] = [this.shareOf(now.photo, this.start), this.shareOf(now.photo, point)];
      if (was && is) now.onShift(moving.id, { x: is.x - was.x, y: is.y - was.y });
    } else if (now?.photo && from && to && now.tool === "text") now.onAsk("text", from, to);
    else if (now?.photo && from && to && this.travelled >= SHORTEST) {
      const shape = shapeOf(now.tool, points, now.photo);
      if (now.tool === "ruler") now.onAsk("ruler", from, to);
      else if (shape) now.onAdd(shape);
    }
    this.cancel();
  };

  readonly cancel = (): void => {
    this.points = [];
    this.moving?.element.removeAttribute("transform");
    this.moving = null;
    this.draft.show(null);
  };
}

/** Where something is put that was not drawn by hand: in the middle of what is seen. */
export function middleShape(tool: DrawTool, photo: Photo, drawing: Drawing): Shape | null {
  const place = drawing.place(photo.imageId);
  if (!place) return null;
  const share = (x: number, y: number): Point => kept(shareAt(place, photo, { x, y }));
  return shapeOf(tool, tool === "circle" ? [share(0, 0), share(50, 0)] : [share(-60, 30), share(60, -30)], photo);
}
