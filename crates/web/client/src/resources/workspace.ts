/** Which photos and comparisons a visit has. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { http, take } from "../api/client";
import type { Workspace, WorkspaceChangeDone } from "../api/types";
import { recordKey } from "./record";
import { visitChanged } from "./visits";

/** The server puts in and takes out so many photos at once. */
export const MOST_PUT = 200;

export const workspaceQuery = (patientId: string, entryId: string) =>
  queryOptions({
    queryKey: [...recordKey(patientId), "workspace", entryId],
    queryFn: (): Promise<Workspace> => take(http.GET("/api/v1/patients/{patientId}/entries/{entryId}/workspace", { params: { path: { patientId, entryId } } })),
  });

export interface WorkspaceMove {
  readonly entryId: string;
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

/** Puts photos into a visit and takes photos out; gives what really changed, from which it can be undone. */
export function useChangeWorkspace(patientId: string): (move: WorkspaceMove) => Promise<WorkspaceChangeDone> {
  const client = useQueryClient();
  return useCallback(
    async ({ entryId, add = [], remove = [] }) => {
      const body = { ...(add.length > 0 && { add: [...add] }), ...(remove.length > 0 && { remove: [...remove] }) };
      const done = await take(http.POST("/api/v1/patients/{patientId}/entries/{entryId}/workspace", { params: { path: { patientId, entryId } }, body }));
      await visitChanged(client, patientId);
      return done;
    },
    [client, patientId],
  );
}

export function useDeleteComparison(patientId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (comparisonId: string): Promise<undefined> => take(http.DELETE("/api/v1/patients/{patientId}/comparisons/{comparisonId}", { params: { path: { patientId, comparisonId } } })),
    onSuccess: () => visitChanged(client, patientId),
  });
}
