import { useMutation, useQueryClient } from "@tanstack/react-query";
import { changePatientField } from "../../../api/endpoints";
import type { PatientField, PatientFieldList, PatientFieldPatch } from "../../../api/types";
import { keys } from "../../../app/queries";
import { moved } from "./fieldRules";

const MOVES = ["patient-fields", "move"] as const;

/** Puts a field as the server answered it into the list: in its place, or behind the others when it is new. */
export function usePutField(): (field: PatientField) => void {
  const client = useQueryClient();
  return (field) =>
    client.setQueryData<PatientFieldList>(keys.patientFields, (old) => {
      const fields = old?.fields ?? [];
      const isKnown = fields.some((it) => it.id === field.id);
      return { fields: isKnown ? fields.map((it) => (it.id === field.id ? field : it)) : [...fields, field] };
    });
}

/** Moves are seen at once and sent one after the other, so that quick presses add up. */
export function useMoveField() {
  const client = useQueryClient();
  const send = useMutation({
    mutationKey: MOVES,
    scope: { id: MOVES.join() },
    mutationFn: ({ id, position }: { id: string; position: number }) => changePatientField(id, { position }),
    onError: () => {
      // What is shown is right unless a move failed. An order that was asked for after each of them could arrive
      // behind a further press and undo it; so it is asked for only then, and after the last one.
      if (client.isMutating({ mutationKey: MOVES }) === 1) void client.invalidateQueries({ queryKey: keys.patientFields });
    },
  });
  /** Gives the place among the fields in use, the first being 1; null when it can't move there. */
  const move = (id: string, step: -1 | 1): number | null => {
    // From the cache and not from what was drawn last: presses can be quicker than that.
    const next = moved(client.getQueryData<PatientFieldList>(keys.patientFields)?.fields ?? [], id, step);
    if (!next) return null;
    client.setQueryData<PatientFieldList>(keys.patientFields, { fields: next.fields });
    send.mutate({ id, position: next.position });
    return next.fields.filter((field) => !field.retired).findIndex((field) => field.id === id) + 1;
  };
  return { move, error: send.error };
}

/** Changes a field by its own button. `done` is called only while what asked is still on the screen. */
export function useChangeField() {
  const put = usePutField();
  const change = useMutation({
    mutationFn: ({ field, patch }: { field: PatientField; patch: PatientFieldPatch }) => changePatientField(field.id, patch),
    onSuccess: put,
  });
  return {
    ...change,
    start: (field: PatientField, patch: PatientFieldPatch, done: () => void) => change.mutate({ field, patch }, { onSuccess: done }),
  };
}
