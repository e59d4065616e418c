import type { Setting } from "../../api/types";
import { settings as s } from "../../i18n/settings";

/** What is wrong with a value, as far as this can be checked before asking the server; null when nothing is. */
export function checkSetting(setting: Setting, value: string): string | null {
  if (setting.kind === "integer") {
    const number = Number(value);
    const min = setting.min ?? Number.MIN_SAFE_INTEGER;
    const max = setting.max ?? Number.MAX_SAFE_INTEGER;
    if (!/^\d+$/.test(value.trim()) || number < min || number > max) return s.range(min, max);
    return null;
  }
  return value.trim() ? null : s.needed;
}

export type Group = keyof typeof s.groups;

export function groupOf(key: string): Group {
  const head = key.split(".")[0] ?? "";
  return head in s.groups ? (head as Group) : "other";
}

/** Only what differs is sent, so that the trail holds only real changes. */
export function changesOf(settings: readonly Setting[], typed: Readonly<Record<string, string>>): Record<string, string> {
  const changes: Record<string, string> = {};
  for (const { key, value } of settings) {
    const next = typed[key]?.trim();
    if (next !== undefined && next !== value) changes[key] = next;
  }
  return changes;
}
