/** How notices to administrators are shown. */
import type { Notice } from "../api/types";

/** The content of the strip: the most important notice, and how many others there are. */
export interface Summary {
  readonly first: Notice;
  readonly others: number;
  readonly tone: "bad" | "warn";
}

export function summary(notices: readonly Notice[]): Summary | null {
  const first = notices.find((it) => it.severity === "critical") ?? notices[0];
  return first ? { first, others: notices.length - 1, tone: toneOf(first) } : null;
}

export const toneOf = (notice: Notice): "bad" | "warn" => (notice.severity === "critical" ? "bad" : "warn");
