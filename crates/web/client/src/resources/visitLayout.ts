/** How a visit is laid out for an account (E2, E4), as the server names it. */
import type { EntryDetail } from "../api/types";

export const VISIT_SIZES = ["small", "medium", "large"] as const;
export type VisitSize = (typeof VISIT_SIZES)[number];
export type VisitOrder = "ascending" | "descending";
export type Sections = EntryDetail["sections"];

export interface Layout {
  readonly sections: Sections;
  readonly order: VisitOrder;
  readonly size: VisitSize;
}

/** A visit, whose layout is one that this client knows. */
export type Visit = Omit<EntryDetail, keyof Layout> & Layout;

export function visitFrom(detail: EntryDetail): Visit {
  const order: VisitOrder = detail.order === "ascending" ? "ascending" : "descending";
  return { ...detail, order, size: VISIT_SIZES.find((it) => it === detail.size) ?? "medium" };
}
