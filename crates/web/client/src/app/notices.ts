/** What the installation has to tell its administrators. */
import { useQuery } from "@tanstack/react-query";
import { getNotices } from "../api/endpoints";
import type { Notice } from "../api/types";
import { keys } from "./queries";

const EVERY_MS = 60_000;

/** Asks once a minute while the page is looked at. Only for administrators: others are refused, on the record (G7). */
export const useNotices = () =>
  useQuery({ queryKey: keys.notices, queryFn: getNotices, refetchInterval: EVERY_MS, select: (list) => list.notices });

/** What the strip says: the notice that matters most, and how many others there are. */
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
