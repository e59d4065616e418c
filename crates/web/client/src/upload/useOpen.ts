/** Whether the list of uploads shows its rows: as the person chose, as the batch needs it, and never for long over a bar. */
import { type RefObject, useEffect, useState } from "react";
import { useRemembered } from "../app/sealed";
import { useWide } from "../ui/useWide";
import { useIsBarBelow } from "./makeRoom";
import { isClean, type Queue, type Tally } from "./queue";
import type { Shape } from "./useRoomBelow";

export function useOpen(panel: RefObject<HTMLElement | null>, queue: Queue, counts: Tally) {
  // Where nothing is left to be read the list folds; what was not added stays in sight.
  const folds = counts.ended === counts.all && queue.every(isClean);
  const isWide = useWide();
  const hasBar = useIsBarBelow();
  // What a person chose counts for this batch, and while others are on their way, for as long as the session lasts.
  const [asked, setAsked] = useState<boolean | null>(null);
  const [usual, setUsual] = useRemembered<boolean | null>("uploads.open", null);
  const [batch, setBatch] = useState(queue[0]?.id);
  if (batch !== queue[0]?.id) {
    setBatch(queue[0]?.id);
    setAsked(null);
  }
  // Opened while a bar is there, which it then covers: for a look, until the person goes on elsewhere. No choice for later.
  const [looks, setLooks] = useState(false);
  if (looks && !hasBar) setLooks(false);
  const isOver = looks && hasBar;
  useEffect(() => {
    if (!isOver) return undefined;
    const elsewhere = ({ target }: Event) => {
      if (target instanceof Node && !panel.current?.contains(target)) setLooks(false);
    };
    // Before others hear of it: what is pressed may be gone afterwards.
    for (const kind of ["pointerdown", "focusin"]) document.addEventListener(kind, elsewhere, true);
    return () => {
      for (const kind of ["pointerdown", "focusin"]) document.removeEventListener(kind, elsewhere, true);
    };
  }, [isOver, panel]);

  // On a narrow page it would cover what people work with; only what they have to do there opens it.
  const open = hasBar ? looks : (asked ?? (folds ? false : (usual ?? (isWide || counts.forConsent > 0))));
  const toggle = () => {
    if (hasBar) {
      setLooks(!open);
      return;
    }
    setAsked(!open);
    setUsual(!open);
  };
  const shape: Shape = isOver ? "over" : open ? "open" : "line";
  return { open, shape, toggle };
}
