/** From a recorded event to words for a person. Its code stands under the technical details. */
import type { ActivityEvent } from "../../api/types";
import { known, named } from "../../i18n";
import { activity as a } from "../../i18n/activity";

/** "image.original_downloaded" → "image: original downloaded", for codes newer than this client. */
export function wordsOf(code: string): string {
  return code
    .split(".")
    .map((part) => part.replaceAll("_", " "))
    .join(": ");
}

export function actorOf(event: ActivityEvent): string {
  const { kind, name, fullName } = event.actor;
  if (kind === "account") return fullName ?? name;
  return known(a.actors, kind) ?? name;
}

/** Some actions are a refusal in themselves. */
const saysSo = (action: string): boolean => /failed|refused|throttled|denied/.test(action);

/** Why something was refused, where the sentence says it. */
export function reasonOf(event: ActivityEvent): string | undefined {
  if (event.outcome === "ok" || saysSo(event.action)) return undefined;
  const code = event.details.find(({ key }) => key === "reason")?.value;
  return code ? named(a.values.reason, code) : undefined;
}

/** The device of each session whose beginning is among the events. */
export type Devices = ReadonlyMap<string, string>;

export function devicesOf(events: readonly ActivityEvent[]): Devices {
  const begun = events.flatMap(({ action, outcome, target, userAgent }) => {
    const device = deviceOf(userAgent);
    return action === "session.started" && outcome === "ok" && target && device ? [[target.id, device] as const] : [];
  });
  return new Map(begun);
}

/** What the actor did. What was refused or failed is told as an attempt, unless the code itself says how it ended. */
export function sentenceOf(event: ActivityEvent, devices: Devices = new Map()): string {
  const { action, outcome } = event;
  const words = known(a.actions, action) ?? wordsOf(action);
  if (saysSo(action)) return words;
  if (outcome === "ok") return (action === "session.ended" && elsewhere(event, devices)) || words;
  const attempt = known(a.attempts, action);
  const isRefused = outcome === "refused";
  const sentence = attempt ? (isRefused ? a.refused : a.failed)(attempt) : (isRefused ? a.refusedOther : a.failedOther)(words);
  const reason = reasonOf(event);
  return reason ? a.because(sentence, reason) : sentence;
}

/** A session that was ended from another device; undefined for the person's own, and where it isn't known. */
function elsewhere({ target, userAgent, details }: ActivityEvent, devices: Devices): string | undefined {
  const device = target ? devices.get(target.id) : undefined;
  const isAnother = details.some(({ key, value }) => key === "reason" && value === "chosen_at_sign_in");
  if (device && (isAnother || device !== deviceOf(userAgent))) return a.endedOn(device);
  return isAnother ? a.endedAnother : undefined;
}

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/FxiOS|Firefox\//, "Firefox"],
  [/CriOS|Chrome\/|Chromium\//, "Chrome"],
  [/Safari\//, "Safari"],
  [/^curl\//, "curl"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPad/, "iPad"],
  [/iPhone/, "iPhone"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Macintosh|Mac OS X/, "Mac"],
  [/CrOS/, "Chromebook"],
  [/Linux/, "Linux"],
];

/** "Safari on iPad"; null when nothing is known. */
export function deviceOf(userAgent: string | null | undefined): string | null {
  if (!userAgent) return null;
  const browser = BROWSERS.find(([pattern]) => pattern.test(userAgent))?.[1];
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1];
  if (browser && system) return a.device(browser, system);
  return browser ?? system ?? null;
}
