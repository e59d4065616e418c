/** The practice's custom fields of patients (P2), in the order of forms, retired ones included. */
import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { http, take } from "../api/client";
import type { CustomField, CustomFieldInput, CustomFieldList, CustomFieldPatch } from "../api/types";
import { moved } from "../rules/fieldOrder";
import type { Done } from "./pages";

const MOVES = ["patient-fields", "move"] as const;
const NONE: readonly CustomField[] = [];

/** Asked for again wherever they are shown: an administrator may have changed them. */
const customFieldsQuery = () =>
  queryOptions({ queryKey: ["patient-fields"], queryFn: (): Promise<CustomFieldList> => take(http.GET("/api/v1/patient-fields")), staleTime: 0 });
const { queryKey } = customFieldsQuery();

export function useCustomFields(enabled = true) {
  const query = useQuery({ ...customFieldsQuery(), enabled });
  return { query, fields: query.data?.fields ?? NONE };
}

/** Called after a refusal: a field may have been defined or retired in the meantime. */
export function customFieldsChanged(client: QueryClient): void {
  void client.invalidateQueries({ queryKey });
}

const change = (id: string, body: CustomFieldPatch): Promise<CustomField> =>
  take(http.PATCH("/api/v1/patient-fields/{fieldId}", { params: { path: { fieldId: id } }, body }));

/** Puts a field as the server answered it into the list: in its place, or behind the others when it is new. */
function put(client: QueryClient, field: CustomField): void {
  client.setQueryData(queryKey, (old) => {
    const fields = old?.fields ?? [];
    const isKnown = fields.some((it) => it.id === field.id);
    return { fields: isKnown ? fields.map((it) => (it.id === field.id ? field : it)) : [...fields, field] };
  });
}

function useFieldMutation<T>(mutationFn: (asked: T) => Promise<CustomField>, done: Done<CustomField> = () => undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: (field) => {
      put(client, field);
      done(field);
    },
  });
}

export const useCreateField = (done: Done<CustomField>) =>
  useFieldMutation((body: CustomFieldInput): Promise<CustomField> => take(http.POST("/api/v1/patient-fields", { body })), done);

interface FieldChange {
  readonly id: string;
  readonly patch: CustomFieldPatch;
}

export const useChangeField = (done?: Done<CustomField>) => useFieldMutation(({ id, patch }: FieldChange) => change(id, patch), done);

/** Moves are seen at once and sent one after the other, so that quick presses add up. */
export function useMoveField() {
  const client = useQueryClient();
  const send = useMutation({
    mutationKey: MOVES,
    scope: { id: MOVES.join() },
    mutationFn: ({ id, position }: { id: string; position: number }) => change(id, { position }),
    onError: () => {
      // What is shown is right unless a move failed. An order that was asked for after each of them could arrive
      // behind a further press and undo it; so it is asked for only then, and after the last one.
      if (client.isMutating({ mutationKey: MOVES }) === 1) void client.invalidateQueries({ queryKey });
    },
  });
  /** Gives the place among the fields in use, the first being 1; null when it can't move there. */
  const move = (id: string, step: -1 | 1): number | null => {
    // From the cache and not from what was drawn last: presses can be quicker than that.
    const next = moved(client.getQueryData(queryKey)?.fields ?? [], id, step);
    if (!next) return null;
    client.setQueryData(queryKey, { fields: next.fields });
    send.mutate({ id, position: next.position });
    return next.fields.filter((field) => !field.retired).findIndex((field) => field.id === id) + 1;
  };
  return { move, error: send.error };
}
