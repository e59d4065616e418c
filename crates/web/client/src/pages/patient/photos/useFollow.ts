/** A photo that was moved by the keyboard keeps the focus and stays in sight, wherever it went. */
import { useCallback, useEffect, useRef } from "react";
import type { Layout } from "./layout";

/** Gives what to call with the photo that is about to be moved. */
export function useFollow(layout: Layout, reveal: (imageId: string) => void): (imageId: string) => void {
  const moving = useRef<{ readonly id: string; readonly from: number | undefined } | null>(null);

  useEffect(() => {
    if (!moving.current) return;
    const { id, from } = moving.current;
    if (layout.places.get(id)?.index === from) return;
    moving.current = null;
    // To be put elsewhere in the document may take the focus away; a person who went on has it where they want it.
    const { activeElement } = document;
    const isStill = activeElement === null || activeElement === document.body || (activeElement instanceof HTMLElement && activeElement.dataset.cell === id);
    if (isStill) reveal(id);
  }, [layout, reveal]);

  return useCallback(
    (id) => {
      moving.current = { id, from: layout.places.get(id)?.index };
    },
    [layout],
  );
}
