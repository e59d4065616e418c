import { useQuery } from "@tanstack/react-query";
import { getPatientFields } from "../../api/endpoints";
import type { PatientField } from "../../api/types";
import { keys } from "../../app/queries";

const NONE: readonly PatientField[] = [];

/** The practice's own fields (P2). Asked for again wherever they are shown: an administrator may have changed them. */
export function usePatientFields(enabled = true) {
  const query = useQuery({ queryKey: keys.patientFields, queryFn: getPatientFields, staleTime: 0, enabled });
  return { query, fields: query.data?.fields ?? NONE };
}
