/** Drawing on a photo, and measuring. What is drawn is kept beside the photo, in shares of it; each step can be undone. */
import { useLayoutEffect, useState } from "react";
import { randomId } from "../upload/manager";
import { Draft } from "./draft";
import type { Drawing } from "./drawing";
import { type Drawn, MOST_DRAWINGS, MOST_POINTS, type Photo, pointsIn, resized, type Shape, shifted } from "./group";
import type { Point } from "./matrix";
import { type DrawTool, Pen, type Style } from "./pen";

export interface Asked {
  readonly what: "text" | "ruler";
  readonly from: Point;
  readonly to: Point;
}

/** So many steps can be undone. */
const STEPS = 50;
const NONE: readonly (readonly Drawn[])[] = [];

export function useDraw(photo: Photo | undefined, drawing: Drawing, onChange: (annotations: readonly Drawn[]) => void, onFull: () => void) {
  const [tool, setTool] = useState<DrawTool>("move");
  const [style, setStyle] = useState<Style>({ colour: "yellow", width: 3 });
  const [selected, setSelected] = useState<string | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [draft] = useState(() => new Draft());
  const [pen] = useState(() => new Pen(drawing, draft));
  /** By photo, what was there before each change. */
  const [past, setPast] = useState<ReadonlyMap<string, readonly (readonly Drawn[])[]>>(new Map());
  const id = photo?.imageId ?? "";
  const before = past.get(id) ?? NONE;

  const put = (annotations: readonly Drawn[]) => {
    if (!photo) return;
    setPast(new Map(past).set(id, [...before, photo.annotations].slice(-STEPS)));
    onChange(annotations);
  };
  const add = (shape: Shape) => {
    if (!photo) return;
    if (photo.annotations.length >= MOST_DRAWINGS || pointsIn([...photo.annotations, shape]) > MOST_POINTS) {
      onFull();
      return;
    }
    // It is not chosen: a colour that is picked next is for the next one.
    put([...photo.annotations, { ...shape, id: randomId(), ...style } as Drawn]);
  };
  const replace = (one: string, by: (drawn: Drawn) => Drawn) => photo && put(photo.annotations.map((it) => (it.id === one ? by(it) : it)));
  const shift = (one: string, by: Point) => replace(one, (it) => shifted(it, by));
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- it sets no state: the pen calls it when something is drawn
  useLayoutEffect(() => pen.take({ photo, tool, ...style, onAdd: add, onShift: shift, onSelect: setSelected, onAsk: (what, from, to) => setAsked({ what, from, to }) }));

  return {
    tool,
    setTool,
    style,
    setStyle,
    selected,
    setSelected,
    asked,
    setAsked,
    draft,
    hand: pen,
    add,
    shift,
    canUndo: before.length > 0,
    undo: () => {
      const last = before.at(-1);
      if (!last) return;
      setPast(new Map(past).set(id, before.slice(0, -1)));
      onChange(last);
    },
    remove: (one: string) => {
      if (photo) put(photo.annotations.filter((it) => it.id !== one));
      setSelected(null);
    },
    resize: (one: string, by: number) => replace(one, (it) => resized(it, by)),
    paint: (one: string, next: Partial<Style>) => replace(one, (it) => ({ ...it, ...next })),
  };
}

export type Draw = ReturnType<typeof useDraw>;
