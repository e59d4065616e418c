/** The keys of patient records. What belongs to a record is kept under a key that begins with the record's own. */
import type { QueryClient } from "@tanstack/react-query";

export const LISTS = ["patients"] as const;
export const RECORDS = ["patient"] as const;

export const recordKey = (patientId: string) => [...RECORDS, patientId] as const;

/** Something that belongs to a record was changed: fetches the record, all its parts but the named ones, and the lists again. */
export async function recordChanged(client: QueryClient, patientId: string, except: readonly string[] = []): Promise<void> {
  const key = recordKey(patientId);
  const record = client.invalidateQueries({ queryKey: key, predicate: (query) => !except.includes(String(query.queryKey[key.length])) });
  void client.invalidateQueries({ queryKey: LISTS });
  await record;
}

/** A setting that shows in every record was changed. */
export const allRecordsChanged = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: RECORDS });
