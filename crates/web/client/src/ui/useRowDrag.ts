/** Drags a row of a list to another place by its handle: with mouse, pen and finger alike. The keyboard has buttons of its own. */
import { type PointerEvent, type RefObject, useState } from "react";

interface Drag {
  readonly from: number;
  readonly to: number;
}

export function useRowDrag(list: RefObject<HTMLElement | null>, onMove: (from: number, to: number) => void) {
  const [drag, setDrag] = useState<Drag | null>(null);
  /** The row whose middle is nearest. */
  const placeAt = (y: number): number => {
    const middles = [...(list.current?.children ?? [])].map((row) => {
      const { top, height } = row.getBoundingClientRect();
      return Math.abs(top + height / 2 - y);
    });
    return middles.indexOf(Math.min(...middles));
  };
  const handle = (from: number) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.preventDefault();
      event.currentTarget.setPointerCapture(event.pointerId);
      setDrag({ from, to: from });
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (drag?.from === from) setDrag({ from, to: placeAt(event.clientY) });
    },
    onPointerUp: () => {
      if (drag?.from !== from) return;
      setDrag(null);
      if (drag.to !== from && drag.to >= 0) onMove(from, drag.to);
    },
    onPointerCancel: () => setDrag(null),
  });
  return {
    handle,
    isDragged: (at: number): boolean => drag?.from === at,
    isTarget: (at: number): boolean => drag !== null && drag.to === at && drag.to !== drag.from,
  };
}
