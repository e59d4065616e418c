/** Photos are moved in the manual order: saved at once, one move after the other. What was moved shortly before is undone with it. */
import { useCallback, useRef } from "react";
import { explain } from "../../../api/problem";
import type { ImageMove } from "../../../api/types";
import { t } from "../../../i18n/photos";
import { useArrangeImages } from "../../../resources/images";
import { OF_PHOTOS, toast } from "../../../ui/toasts";

/** As many as the server moves with one request. */
export const MOST_MOVED = 200;
/** As long as a message with an action is shown. */
const TOGETHER_MS = 10_000;

export function useArrange(patientId: string): (move: ImageMove | null) => void {
  const arrange = useArrangeImages(patientId);
  const tail = useRef<Promise<unknown>>(Promise.resolve());
  const run = useRef<{ readonly undo: readonly ImageMove[]; readonly ids: ReadonlySet<string>; readonly at: number } | null>(null);

  return useCallback(
    (move) => {
      if (!move) return;
      if (move.images.length > MOST_MOVED) {
        toast(t.photos.tooMany(MOST_MOVED), "bad", undefined, OF_PHOTOS);
        return;
      }
      const failed = (error: unknown) => {
        run.current = null;
        toast(explain(error), "bad", undefined, OF_PHOTOS);
      };
      const back = (moves: readonly ImageMove[], said: string) => {
        run.current = null;
        tail.current = tail.current.then(() => arrange([...moves])).then(() => toast(t.photos.undone(said), "good", undefined, OF_PHOTOS), failed);
      };
      const make = async () => {
        const { undo } = await arrange([move]);
        const earlier = run.current;
        const together = earlier && performance.now() - earlier.at < TOGETHER_MS ? [...undo, ...earlier.undo] : undo;
        const isTogether = together.reduce((sum, it) => sum + it.images.length, 0) <= MOST_MOVED;
        const all = isTogether ? together : undo;
        const ids = new Set([...move.images, ...(all === together && earlier && together !== undo ? earlier.ids : [])]);
        run.current = { undo: all, ids, at: performance.now() };
        const said = t.photos.moved(ids.size);
        toast(said, "good", { label: t.photos.undo, onPress: () => back(all, said) }, OF_PHOTOS);
      };
      tail.current = tail.current.then(make).catch(failed);
    },
    [arrange],
  );
}
