import { count } from "./count";

export const notices = {
  title: "Notices",
  lead: "Problems that Cutis found with its own installation. A notice disappears once its cause is resolved.",
  empty: "No notices: disk, keys, photos and records are in order.",
  severity: { critical: "Act now", warning: "Act soon" },
  since: (when: string) => `Since ${when}`,
  show: "Show",
  more: (amount: number) => `${count(amount, { one: "more notice", other: "more notices" })}.`,
} as const;
