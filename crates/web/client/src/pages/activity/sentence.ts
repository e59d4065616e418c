/** From a recorded event to words for a person. Its code stands under the technical details. */
import type { ActivityEvent } from "../../api/types";
import { known, t } from "../../i18n";

const a = t.activity;

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

/** What the actor did, with the outcome in words unless the code itself says it. */
export function sentenceOf(event: ActivityEvent): string {
  const words = known(a.actions, event.action) ?? wordsOf(event.action);
  const saysSo = /failed|refused|throttled|denied/.test(event.action);
  if (event.outcome === "ok" || saysSo) return words;
  return event.outcome === "refused" ? a.tried(words) : a.failed(words);
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
