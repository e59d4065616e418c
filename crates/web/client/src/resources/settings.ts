/** The practice's settings. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { http, take } from "../api/client";
import type { SettingList } from "../api/types";
import { allRecordsChanged } from "./record";
import { usePresenceCache } from "./session";

export const settingsQuery = () =>
  queryOptions({ queryKey: ["settings"], queryFn: (): Promise<SettingList> => take(http.GET("/api/v1/settings")) });

export function useChangeSettings(done: () => void) {
  const client = useQueryClient();
  const presence = usePresenceCache();
  return useMutation({
    mutationFn: (values: Record<string, string>): Promise<SettingList> => take(http.PATCH("/api/v1/settings", { body: { values } })),
    onSuccess: (next) => {
      client.setQueryData(settingsQuery().queryKey, next);
      // The practice's name, zone, level and limit are part of who is signed in; if this request fails, they come with the next answer.
      presence.renew().catch(() => undefined);
      void allRecordsChanged(client);
      done();
    },
  });
}
