/** Marking the same points in two photos: with a magnifier under the finger, numbered, and moved by the arrow keys. */
import { type ReactNode, useCallback, useLayoutEffect, useMemo, useRef } from "react";
import { compare as t } from "../i18n/compare";
import { renditionUrl } from "../resources/images";
import type { Drawing } from "./drawing";
import { MOST_LANDMARKS, type Photo } from "./group";
import { chain, clamp, css, moved, type Point, scaled } from "./matrix";
import styles from "./Stage.module.css";
import type { Tool } from "./useStage";
import { screenExtent, shareAt } from "./view";

/** The magnifier is so much larger than the photo on screen, and so wide. */
const MAGNIFIED = 3;
const LOUPE = 142;

const inside = ({ x, y }: Point): boolean => x >= 0 && x <= 1 && y >= 0 && y <= 1;
const kept = ({ x, y }: Point): Point => ({ x: clamp(x, 0, 1), y: clamp(y, 0, 1) });

export interface Align {
  readonly tool: Tool;
  readonly loupe: ReactNode;
  readonly marks: (photo: Photo) => ReactNode;
  /** Marks the point in the middle of the photo's frame, for whoever has no pointer. */
  readonly markMiddle: (photo: Photo) => void;
}

export function useAlign(patientId: string, photos: readonly Photo[], drawing: Drawing, onChange: (photo: Photo, landmarks: readonly Point[]) => void): Align {
  const loupe = useRef<HTMLDivElement>(null);
  const latest = useRef({ photos, onChange });
  useLayoutEffect(() => {
    latest.current = { photos, onChange };
  });

  const magnify = useCallback(
    (photo: Photo | null, point: Point) => {
      const it = loupe.current;
      const picture = it?.querySelector("img");
      const place = photo && drawing.place(photo.imageId);
      if (!it || !picture) return;
      it.hidden = !place;
      if (!photo || !place) return;
      const src = renditionUrl(patientId, { id: photo.imageId, edition: photo.edition }, "screen");
      if (picture.getAttribute("src") !== src) picture.src = src;
      const { width, height } = screenExtent(photo);
      picture.style.width = `${width}px`;
      picture.style.height = `${height}px`;
      picture.style.transform = css(chain(moved(LOUPE / 2, LOUPE / 2), scaled(MAGNIFIED), moved(-point.x, -point.y), place, scaled(photo.width / width)));
      const pane = it.parentElement?.querySelector(`[data-pane="${CSS.escape(photo.imageId)}"]`)?.getBoundingClientRect();
      const around = it.parentElement?.getBoundingClientRect();
      if (!pane || !around) return;
      const x = clamp(pane.left - around.left + pane.width / 2 + point.x - LOUPE / 2, 0, around.width - LOUPE);
      const above = pane.top - around.top + pane.height / 2 + point.y - LOUPE - 36;
      // Where there is no room above the finger, it is below.
      it.style.transform = `translate(${x}px, ${above < 0 ? above + 2 * LOUPE - 30 : above}px)`;
    },
    [drawing, patientId],
  );

  const tool = useMemo<Tool>(() => {
    const photoOf = (id: string): Photo | undefined => latest.current.photos.find((it) => it.imageId === id);
    const share = (id: string, point: Point): Point | null => {
      const photo = photoOf(id);
      const place = drawing.place(id);
      return photo && place ? shareAt(place, photo, point) : null;
    };
    return {
      down: ({ id, point }) => {
        const photo = photoOf(id);
        const at = share(id, point);
        if (!photo || !at || !inside(at) || photo.landmarks.length >= MOST_LANDMARKS) return false;
        magnify(photo, point);
        return true;
      },
      move: ({ id, point }) => magnify(photoOf(id) ?? null, point),
      up: ({ id, point }) => {
        magnify(null, point);
        const photo = photoOf(id);
        const at = share(id, point);
        if (photo && at && inside(at)) latest.current.onChange(photo, [...photo.landmarks, at]);
      },
      cancel: () => magnify(null, { x: 0, y: 0 }),
    };
  }, [drawing, magnify]);

  return {
    tool,
    loupe: (
      <div ref={loupe} className={styles.loupe} aria-hidden="true" hidden data-testid="loupe">
        <img alt="" />
      </div>
    ),
    marks: (photo) => {
      const index = photos.indexOf(photo);
      return photo.landmarks.map((point, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- a point is known by its number
        <Mark key={at} drawing={drawing} photo={photo} point={point} name={t.mark(at + 1, index === 0 ? t.theFirst : t.thisPhoto)} number={at + 1} onMagnify={magnify} onChange={(next) => onChange(photo, next ? photo.landmarks.with(at, next) : photo.landmarks.toSpliced(at, 1))} />
      ));
    },
    markMiddle: (photo) => {
      const place = drawing.place(photo.imageId);
      if (place && photo.landmarks.length < MOST_LANDMARKS) onChange(photo, [...photo.landmarks, kept(shareAt(place, photo, { x: 0, y: 0 }))]);
    },
  };
}

interface MarkProps {
  drawing: Drawing;
  photo: Photo;
  point: Point;
  name: string;
  number: number;
  onMagnify: (photo: Photo | null, point: Point) => void;
  /** Null removes it. */
  onChange: (point: Point | null) => void;
}

const STEPS: Readonly<Record<string, Point>> = { ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 }, ArrowUp: { x: 0, y: -1 }, ArrowDown: { x: 0, y: 1 } };

function Mark({ drawing, photo, point, name, number, onMagnify, onChange }: MarkProps) {
  const element = useRef<HTMLButtonElement>(null);
  const held = useRef<Point | null>(null);
  const id = photo.imageId;
  useLayoutEffect(() => {
    const it = element.current;
    if (!it) return undefined;
    drawing.mark(it, { id, element: it, point });
    return () => drawing.mark(it, null);
  }, [drawing, id, point]);
  const inFrame = (event: { clientX: number; clientY: number }): Point | null => {
    const pane = element.current?.closest("[data-pane]")?.getBoundingClientRect();
    return pane ? { x: event.clientX - pane.left - pane.width / 2, y: event.clientY - pane.top - pane.height / 2 } : null;
  };
  return (
    <button
      ref={element}
      type="button"
      className={styles.mark}
      aria-label={name}
      data-own-keys
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        held.current = point;
      }}
      onPointerMove={(event) => {
        const at = held.current && inFrame(event);
        const place = drawing.place(id);
        if (!at || !place || !element.current) return;
        held.current = kept(shareAt(place, photo, at));
        drawing.mark(element.current, { id, element: element.current, point: held.current });
        onMagnify(photo, at);
      }}
      onPointerUp={() => {
        const at = held.current;
        held.current = null;
        onMagnify(null, point);
        if (at && (at.x !== point.x || at.y !== point.y)) onChange(at);
      }}
      onPointerCancel={() => {
        held.current = null;
        onMagnify(null, point);
      }}
      onKeyDown={(event) => {
        const step = STEPS[event.key];
        const place = drawing.place(id);
        if (step && place) {
          event.preventDefault();
          const by = event.shiftKey ? 10 : 1;
          const pixel = { x: point.x * photo.width, y: point.y * photo.height };
          const at = { x: place.a * pixel.x - place.b * pixel.y + place.x + step.x * by, y: place.b * pixel.x + place.a * pixel.y + place.y + step.y * by };
          onChange(kept(shareAt(place, photo, at)));
        } else if (event.key === "Delete" || event.key === "Backspace") {
          event.preventDefault();
          onChange(null);
        }
      }}
    >
      <span aria-hidden="true">{number}</span>
    </button>
  );
}
