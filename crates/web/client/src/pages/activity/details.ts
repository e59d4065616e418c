/** The particulars of an event, in words where this client has them. */
import type { ActivityEvent, PatientField } from "../../api/types";
import { named, t } from "../../i18n";

export interface Particular {
  readonly label: string;
  readonly value: string;
}

/** Practice fields are recorded by their ids, so that the trail holds no words about a patient. */
export const PRACTICE_FIELDS = "practiceFields";

export function particularsOf({ details }: ActivityEvent, fields: readonly PatientField[]): Particular[] {
  const values = new Map(details.map(({ key, value }) => [key, value]));
  // A field that stayed where it was has no places worth telling.
  const stayed = values.get("oldPosition") === values.get("newPosition");
  return details.flatMap(({ key, value }) => {
    if (!value || (stayed && /^(old|new)Position$/.test(key))) return [];
    return [{ label: named(t.activity.details, key), value: shown(key, value, fields) }];
  });
}

function shown(key: string, value: string, fields: readonly PatientField[]): string {
  const each = (name: (part: string) => string) => value.split(", ").map(name).join(", ");
  switch (key) {
    case "fields":
      return each((name) => named(t.record.fields, name));
    case PRACTICE_FIELDS:
      return each((id) => fields.find((field) => field.id === id)?.label ?? t.record.own.unknown);
    case "oldPosition":
    case "newPosition":
      return String(Number(value) + 1);
    default:
      return value;
  }
}
