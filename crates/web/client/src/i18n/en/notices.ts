import { count } from "../plural";

export const notices = {
  title: "Notices",
  lead: "What the program found about its own installation. A notice goes away by itself once its cause is gone.",
  empty: "No notices: disk, keys, photographs and records were found in order.",
  severity: { critical: "Act now", warning: "Look soon" },
  since: (when: string) => `Since ${when}`,
  show: "Show",
  more: (amount: number) => `${count(amount, "more notice", "more notices")}.`,
} as const;
