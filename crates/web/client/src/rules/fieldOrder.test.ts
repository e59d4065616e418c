import { describe, expect, it } from "vitest";
import type { CustomField } from "../api/types";
import { moved } from "./fieldOrder";

const field = (id: string, more: Partial<CustomField> = {}): CustomField => ({ id, label: id, kind: "text", choices: null, retired: false, ...more });

describe("P2: the order of forms", () => {
  const fields = [field("a"), field("x", { retired: true }), field("b"), field("c")];
  const ids = (step: -1 | 1, id: string) => moved(fields, id, step)?.fields.map((it) => it.id).join("");

  it("steps over what is retired, as the server counts places", () => {
    expect([moved(fields, "a", 1)?.position, ids(1, "a")]).toEqual([2, "xbac"]);
    expect([moved(fields, "b", -1)?.position, ids(-1, "b")]).toEqual([0, "baxc"]);
    expect([moved(fields, "c", -1)?.position, ids(-1, "c")]).toEqual([2, "axcb"]);
  });

  it("goes nowhere beyond the ends", () => {
    expect([moved(fields, "a", -1), moved(fields, "c", 1), moved(fields, "gone", 1), moved(fields, "x", 1)]).toEqual([null, null, null, null]);
  });
});
