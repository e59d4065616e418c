/** The particulars of an event, in words where this client has them. */
import type { ActivityEvent, CustomField } from "../../api/types";
import { named, t } from "../../i18n";

export interface Particular {
  readonly label: string;
  readonly value: string;
}

/** Custom fields are recorded by their ids, so that the trail holds no words about a patient. */
export const CUSTOM_FIELDS = "practiceFields";

export function particularsOf({ details }: ActivityEvent, fields: readonly CustomField[]): Particular[] {
  const values = new Map(details.map(({ key, value }) => [key, value]));
  const isSame = (old: string, now: string) => values.get(old) === values.get(now);
  // A value that did not change is shown once, an unchanged position not at all.
  const silent = new Set([
    ...(isSame("old", "new") ? ["old"] : []),
    ...(isSame("oldPosition", "newPosition") ? ["oldPosition", "newPosition"] : []),
  ]);
  return details
    .filter(({ key, value }) => value && !silent.has(key))
    .toSorted((one, other) => rank(one.key) - rank(other.key))
    .map(({ key, value }) => ({ label: named(t.activity.details, key), value: shown(key, value, fields) }));
}

/** Known details first, the old value before the new one. */
function rank(key: string): number {
  const order = Object.keys(t.activity.details);
  return order.includes(key) ? order.indexOf(key) : order.length;
}

function shown(key: string, value: string, fields: readonly CustomField[]): string {
  const each = (name: (part: string) => string) => value.split(", ").map(name).join(", ");
  switch (key) {
    case "fields":
      return each((name) => named(t.record.fields, name));
    case CUSTOM_FIELDS:
      return each((id) => fields.find((field) => field.id === id)?.label ?? t.record.custom.unknown);
    case "oldPosition":
    case "newPosition":
      return String(Number(value) + 1);
    default:
      return value;
  }
}
