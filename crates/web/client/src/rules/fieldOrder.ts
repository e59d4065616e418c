/** Where one of the practice's custom fields goes when it is moved (P2). */
import type { CustomField } from "../api/types";

/** The fields after one in use has changed places with its neighbour in use, and its place among all; null at an end. */
export function moved(fields: readonly CustomField[], id: string, step: -1 | 1): { fields: CustomField[]; position: number } | null {
  const used = fields.filter((field) => !field.retired);
  const neighbour = used[used.findIndex((field) => field.id === id) + step];
  const field = used.find((it) => it.id === id);
  if (!neighbour || !field) return null;
  const position = fields.indexOf(neighbour);
  return { fields: fields.filter((it) => it !== field).toSpliced(position, 0, field), position };
}
