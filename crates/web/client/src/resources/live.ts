/** What is fetched again when somebody else, or another device, changed a record. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { What } from "../live/wire";
import { LISTS, recordChanged, recordKey } from "./record";

/** The parts of a record that show what was changed, by the first part of their key after the record's own; "" is the record itself. */
const PARTS: Readonly<Record<What, readonly string[]>> = {
  details: [""],
  images: ["", "images", "image", "workspace"],
  entries: ["", "entries"],
  entry: ["entries", "entry", "revisions"],
  signed: ["entries", "entry", "revisions", "comparison"],
  workspace: ["workspace", "entries"],
  comparisons: ["workspace", "entries", "comparisons", "comparison"],
  tags: ["tags", "entries", "images", "image"],
  consents: ["", "consents"],
};

/** Null: it is not known what was changed. */
export function useFollow(patientId: string): (what: ReadonlySet<What> | null) => void {
  const client = useQueryClient();
  return useCallback(
    (what) => {
      if (what === null) {
        void recordChanged(client, patientId);
        return;
      }
      const key = recordKey(patientId);
      const parts = new Set([...what].flatMap((it) => PARTS[it] ?? []).concat("activity"));
      void client.invalidateQueries({ queryKey: key, predicate: (query) => parts.has(String(query.queryKey[key.length] ?? "")) });
      if (parts.has("")) void client.invalidateQueries({ queryKey: LISTS });
    },
    [client, patientId],
  );
}

/** What says whether a visit is signed. */
const SIGNING = new Set(PARTS.signed);

/** For a page that is not to be disturbed by other changes: only what says whether a visit is signed is fetched again (E5). */
export function useFollowSigning(patientId: string): (what: ReadonlySet<What> | null) => void {
  const client = useQueryClient();
  return useCallback(
    (what) => {
      if (what === null || what.has("signed")) void signingChanged(client, recordKey(patientId));
    },
    [client, patientId],
  );
}

/** The same for one record, or for all: where the server refuses a change because of it, what is shown is out of date. */
export const signingChanged = (client: QueryClient, key: readonly string[]): Promise<void> =>
  client.invalidateQueries({ queryKey: key, predicate: (query) => SIGNING.has(String(query.queryKey[2] ?? "")) });
