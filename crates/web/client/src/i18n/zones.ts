/** Time zones as people call their places today. Ids never change once they are stored; what is shown does. */
import { t } from "./index";

/** Browsers name some zones by the id that the list of zones had first. */
const TODAY: Readonly<Record<string, string>> = {
  "Africa/Asmera": "Africa/Asmara",
  "America/Godthab": "America/Nuuk",
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Atlantic/Faeroe": "Atlantic/Faroe",
  "Europe/Kiev": "Europe/Kyiv",
  "Pacific/Enderbury": "Pacific/Kanton",
  "Pacific/Ponape": "Pacific/Pohnpei",
  "Pacific/Truk": "Pacific/Chuuk",
};
const FULL: Readonly<Record<string, string>> = { "Asia/Ho_Chi_Minh": "Asia/Ho Chi Minh City" };

/** "Asia/Kolkata" for "Asia/Calcutta" and for itself. */
export function zoneName(id: string): string {
  const today = TODAY[id] ?? id;
  return FULL[today] ?? today.replaceAll("_", " ");
}

/** The zones to choose from, each place once: under the id that is stored or, else, the browser's own. */
export function zoneOptions(current: string): { value: string; label: string }[] {
  const ids = new Map<string, string>();
  for (const id of [current, "UTC", ...Intl.supportedValuesOf("timeZone")]) {
    const name = zoneName(id);
    if (!ids.has(name)) ids.set(name, id);
  }
  const { compare } = new Intl.Collator(t.locale);
  return [...ids].map(([label, value]) => ({ value, label })).toSorted((one, other) => compare(one.label, other.label));
}

/** The device's own zone; UTC where the browser names none that there is, such as "Etc/Unknown". */
export function ownZone(own: string = Intl.DateTimeFormat().resolvedOptions().timeZone): string {
  return Intl.supportedValuesOf("timeZone").some((id) => zoneName(id) === zoneName(own)) ? own : "UTC";
}
