/** Photos are put into a visit and taken out of it; what really changed can be undone. */
import { useCallback } from "react";
import { explain } from "../../../api/problem";
import { visits as v } from "../../../i18n/visits";
import { MOST_PUT, useChangeWorkspace } from "../../../resources/workspace";
import { OF_PHOTOS, toast } from "../../../ui/toasts";

const said = (text: string, tone: "good" | "bad" = "good") => toast(text, tone, undefined, OF_PHOTOS);

export function useVisitPhotos(patientId: string, entryId: string) {
  const change = useChangeWorkspace(patientId);

  const back = useCallback(
    (move: { add?: readonly string[]; remove?: readonly string[] }) => {
      change({ entryId, ...move }).then(
        () => said(v.undone),
        (error: unknown) => said(explain(error), "bad"),
      );
    },
    [change, entryId],
  );

  const add = useCallback(
    async (images: readonly string[]): Promise<boolean> => {
      const put: string[] = [];
      try {
        for (let from = 0; from < images.length; from += MOST_PUT) {
          // oxlint-disable-next-line no-await-in-loop -- one after the other, as the server takes them
          const { added } = await change({ entryId, add: images.slice(from, from + MOST_PUT) });
          put.push(...added);
        }
      } catch (error) {
        said(explain(error), "bad");
        return false;
      }
      if (put.length === 0) said(v.addedAlready);
      else toast(v.added(put.length), "good", { label: v.undo, onPress: () => back({ remove: put.slice(0, MOST_PUT) }) }, OF_PHOTOS);
      return true;
    },
    [change, back, entryId],
  );

  const remove = useCallback(
    async (images: readonly string[]): Promise<boolean> => {
      try {
        const { removed } = await change({ entryId, remove: images });
        if (removed.length > 0) toast(v.removed(removed.length), "good", { label: v.undo, onPress: () => back({ add: removed }) }, OF_PHOTOS);
        return true;
      } catch (error) {
        said(explain(error), "bad");
        return false;
      }
    },
    [change, back, entryId],
  );

  return { add, remove };
}
