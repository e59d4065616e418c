/**
 * Draws the photos of a group: one matrix for the group, the place of each photo derived from it, written in one animation frame
 * as `style.transform`. Nothing here makes React render while something moves.
 */
import { chain, css, IDENTITY, type Matrix, type Point, scaled } from "./matrix";
import { FIT, groupMatrix, groupView, type GroupView, type ImageView, isBeyondScreen, mayBeFull, mostZoom, movedAlone, placeOf, type Placed, screenExtent, settledGroup, type Extent } from "./view";

export interface Drawable extends Placed {
  readonly id: string;
  readonly isShown: boolean;
}

export interface Scene {
  /** The first one is the one that others are aligned to. */
  readonly photos: readonly Drawable[];
  readonly frame: Extent;
  /** Device pixels for each CSS pixel. */
  readonly ratio: number;
}

/** A mark that keeps its size while the photo beneath it is zoomed. */
interface Mark {
  readonly id: string;
  readonly element: HTMLElement | SVGElement;
  readonly point: Point;
}

/** So long after the last movement the rest follows: sharper photos, and saving what was moved alone. */
const REST_MS = 300;

const isSame = (one: ImageView, other: ImageView): boolean => JSON.stringify(one) === JSON.stringify(other);

export class Drawing {
  private scene: Scene | null = null;
  private view: GroupView = FIT;
  private readonly pictures = new Map<string, HTMLElement>();
  private readonly marks = new Map<object, Mark>();
  /** Photos that are moved on their own, until that is saved. */
  private readonly alone = new Map<string, ImageView>();
  private frame = 0;
  private rest: ReturnType<typeof setTimeout> | undefined;
  private full: readonly string[] = [];
  private last: string | null = null;
  private readonly listeners = new Set<() => void>();
  private stage: HTMLElement | null = null;

  constructor(
    /** What was moved on its own. */
    private readonly onAlone: (id: string, view: ImageView) => void,
    /** Called in each frame that is drawn; what it writes is drawn with it. */
    private readonly onDraw: (drawing: Drawing) => void,
  ) {}

  /** The stage says, for the style sheet, while something moves on it. */
  on(stage: HTMLElement | null): void {
    this.stage = stage;
  }

  /** For whoever shows what changes when the movement has ended. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly fullOnes = (): readonly string[] => this.full;

  show(scene: Scene): void {
    this.scene = scene;
    for (const [id, view] of this.alone) {
      const photo = scene.photos.find((it) => it.id === id);
      // It has arrived, or the photo has gone.
      if (!photo || isSame(photo.view, view)) this.alone.delete(id);
    }
    this.view = this.settled(this.view);
    // Before anything is painted with the new frames.
    this.draw();
    this.toRest();
  }

  picture(id: string, element: HTMLElement | null): void {
    if (element) this.pictures.set(id, element);
    else this.pictures.delete(id);
    this.ask();
  }

  mark(key: object, mark: Mark | null): void {
    if (mark) this.marks.set(key, mark);
    else this.marks.delete(key);
    this.ask();
  }

  private get first(): Drawable | undefined {
    return this.scene?.photos[0];
  }

  private settled(view: GroupView): GroupView {
    const { first, scene } = this;
    return first && scene ? settledGroup(view, first, mostZoom(first, scene.frame, scene.ratio)) : view;
  }

  private group(): Matrix {
    return this.first && this.scene ? groupMatrix(this.view, this.first, this.scene.frame) : IDENTITY;
  }

  private current(photo: Drawable): Drawable {
    const view = this.alone.get(photo.id);
    return view ? { ...photo, view } : photo;
  }

  /** From pixels of a photo to its frame, measured from the middle of it. */
  place(id: string): Matrix | null {
    const { scene } = this;
    const photo = scene?.photos.find((it) => it.id === id);
    const start = this.first;
    if (!scene || !photo || !start) return null;
    const first = this.current(start);
    return placeOf(this.group(), first, photo === start ? first : this.current(photo), scene.frame);
  }

  /** What is under the hand moves by that similarity: in all photos, or in one. */
  change(by: Matrix, id: string | null): void {
    const { first, scene } = this;
    if (!first || !scene) return;
    const photo = scene.photos.find((it) => it.id === id);
    if (photo) this.alone.set(photo.id, movedAlone(this.current(photo).view, by, this.group(), scene.frame));
    else this.view = this.settled(groupView(chain(by, this.group()), first, scene.frame));
    this.stage?.setAttribute("data-moving", "");
    this.ask();
    this.toRest();
  }

  fit(id: string | null, saved?: ImageView): void {
    if (id !== null && saved) this.alone.set(id, saved);
    else this.view = FIT;
    this.ask();
    this.toRest();
  }

  get zoom(): number {
    return this.view.zoom;
  }

  /** The photo that was moved last: it is the first to get its full size. */
  touched(id: string): void {
    this.last = id;
  }

  private ask(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    const { scene } = this;
    if (!scene) return;
    const places = new Map<string, Matrix>();
    for (const photo of scene.photos) {
      const place = this.place(photo.id);
      if (!place) continue;
      places.set(photo.id, place);
      const element = this.pictures.get(photo.id);
      const { width } = photo.extent;
      if (element) element.style.transform = css(chain(place, scaled(width / screenExtent(photo.extent).width)));
    }
    for (const { id, element, point } of this.marks.values()) {
      const place = places.get(id);
      const photo = scene.photos.find((it) => it.id === id);
      if (!place || !photo) continue;
      const x = point.x * photo.extent.width;
      const y = point.y * photo.extent.height;
      element.style.transform = `translate(${place.a * x - place.b * y + place.x}px, ${place.b * x + place.a * y + place.y}px)`;
    }
    this.onDraw(this);
  }

  private toRest(): void {
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.settle(), REST_MS);
  }

  private settle(): void {
    const { scene } = this;
    if (!scene) return;
    this.stage?.removeAttribute("data-moving");
    this.tell(scene);
    const wanting = scene.photos.filter(({ id, extent, isShown }) => isShown && isBeyondScreen(this.place(id) ?? IDENTITY, extent, scene.ratio));
    const sorted = wanting.toSorted((a, b) => Number(b.id === this.last) - Number(a.id === this.last));
    const next = mayBeFull(sorted.map(({ id, extent }) => ({ id, width: extent.width, height: extent.height })));
    if (next.join() !== this.full.join()) this.full = next;
    for (const listener of this.listeners) listener();
  }

  /** It stays here until the scene comes with it, so that no frame between shows the photo where it was. */
  private tell(scene: Scene): void {
    for (const [id, view] of this.alone) {
      const photo = scene.photos.find((it) => it.id === id);
      if (photo && !isSame(photo.view, view)) this.onAlone(id, view);
    }
  }

  stop(): void {
    if (this.scene) this.tell(this.scene);
    this.alone.clear();
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    clearTimeout(this.rest);
  }
}

