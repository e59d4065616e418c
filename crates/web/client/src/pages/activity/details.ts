/** The particulars of an event, in words where this client has them. */
import type { ActivityEvent, CustomField } from "../../api/types";
import { known, named, t } from "../../i18n";
import { consents } from "../../i18n/consents";
import { settings } from "../../i18n/settings";
import { activity } from "../../i18n/activity";
import { zoneName } from "../../i18n/zones";

export interface Particular {
  readonly key: string;
  readonly label: string;
  readonly value: string;
}

/** Custom fields are recorded by their ids, so that the trail holds no words about a patient. */
export const CUSTOM_FIELDS = "practiceFields";

/** What only a technician reads: digests, ids, and counts of the trail's own housekeeping. */
const TECHNICAL: ReadonlySet<string> = new Set([
  "sha256", "text", "table", "row", "events", "root", "old_events", "old_root", "interim_events", "interim_root", "record",
  "account", "patients", "images", "entries", "consents", "sessions",
]);
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-/i;
/** The fields of a visit, of which the trail names the number of the version. */
const VERSIONED: ReadonlySet<string> = new Set(["notes", "title", "appointmentAt", "appointment_at"]);
/** Ids and numbers of versions say nothing to a person, whatever they are of. */
export const isTechnical = ({ key, value }: Pick<Particular, "key" | "value">): boolean => TECHNICAL.has(key) || VERSIONED.has(key) || ID.test(value);

export function particularsOf({ action, details: recorded, target }: ActivityEvent, fields: readonly CustomField[]): Particular[] {
  // Which setting was changed is what the event is about, not one of its details.
  const setting = target?.kind === "setting" ? target.id : undefined;
  const details = setting ? [{ key: "setting", value: setting }, ...recorded] : recorded;
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
    .map(({ key, value }) => ({ key, label: key === "rendition" && action === "image.original_downloaded" ? activity.downloaded : (known(settings.labels, key) ?? named(activity.details, key)), value: shown(key, value, fields, setting) }));
}

/** Known details first, the old value before the new one. */
function rank(key: string): number {
  const order = Object.keys(activity.details);
  return order.includes(key) ? order.indexOf(key) : order.length;
}

function shown(key: string, value: string, fields: readonly CustomField[], setting: string | undefined): string {
  const each = (name: (part: string) => string) => value.split(", ").map(name).join(", ");
  switch (key) {
    case "fields":
      return each((name) => known(activity.photoFields, name) ?? named(t.record.fields, name));
    case CUSTOM_FIELDS:
      return each((id) => fields.find((field) => field.id === id)?.label ?? t.record.custom.unknown);
    case "oldPosition":
    case "newPosition":
      return String(Number(value) + 1);
    case "setting":
      return named(settings.labels, value);
    case "old":
    case "new":
      return setting ? settingValue(setting, value) : value;
    default:
      return key in settings.labels ? settingValue(key, value) : named(codes()[key] ?? {}, value);
  }
}

/** Only these settings have codes as values; the others are texts and numbers of the practice. */
const CODED: ReadonlySet<string> = new Set(["consent.level", "audit.level", "password.policy"]);
const settingValue = (setting: string, value: string): string => (setting === "practice.time_zone" ? zoneName(value) : CODED.has(setting) ? named(settings.choices, value) : value);

/** The details with a closed set of codes. Asked for while rendering, as the language may change first. */
const codes = (): Readonly<Record<string, Readonly<Record<string, string>>>> => ({
  ...activity.values,
  method: consents.method,
  signer: consents.rolesShort,
});
