import { describe, expect, it } from "vitest";
import type { Item, ItemState } from "../upload/queue";
import { isDiscardable, remembered, stripOf, type StripShot, type Taken } from "./useStrip";

const REMARKS = { isIncomplete: false, withoutVisit: null, pages: 1 };
const STORED: ItemState = { kind: "stored", imageId: "i", at: 0, remarks: REMARKS };
const item = (id: string, state: ItemState = { kind: "waiting" }, said: Item["said"] | null = { view: "anterior" }) => ({ id, state, ...(said ? { said } : {}) }) as Item;
const taken = (id: string | null): Taken => ({ key: `k-${id}`, id, file: new File([""], "a.jpg") });
const seen = (shots: readonly StripShot[]) => shots.map((it) => [it.number, it.item?.id ?? "being taken", it.item?.state.kind ?? null]);

describe("case 15: the strip of the camera", () => {
  it("has the newest first, one that is being taken too", () => {
    const known = remembered(new Map(), [item("a"), item("b")]);
    expect(seen(stripOf([taken("a"), taken("b"), taken(null)], known))).toEqual([
      [3, "being taken", null],
      [2, "b", "waiting"],
      [1, "a", "waiting"],
    ]);
  });

  it("keeps what is in when the list of uploads begins anew", () => {
    const before = remembered(remembered(new Map(), [item("a")]), [item("a", STORED)]);
    const known = remembered(before, [item("b")]);
    expect(seen(stripOf([taken("a"), taken("b")], known))).toEqual([
      [2, "b", "waiting"],
      [1, "a", "stored"],
    ]);
  });

  it("loses one that was discarded, and finds those of an earlier page", () => {
    const before = remembered(new Map(), [item("former"), item("a"), item("file", { kind: "waiting" }, null)]);
    expect(seen(stripOf([taken("a")], before))).toEqual([
      [2, "a", "waiting"],
      [1, "former", "waiting"],
    ]);
    expect(seen(stripOf([taken("a")], remembered(before, [item("former")])))).toEqual([[1, "former", "waiting"]]);
  });

  it("begins without what was in before it", () => {
    const first = remembered(new Map(), [item("before", STORED), item("left")]);
    expect(seen(stripOf([], first))).toEqual([[1, "left", "waiting"]]);
    expect(seen(stripOf([], remembered(first, [item("before", STORED), item("left", STORED)])))).toEqual([[1, "left", "stored"]]);
  });

  it("lets the photo itself go once the server has it", () => {
    expect(stripOf([taken("a")], new Map([["a", item("a")]]))[0]?.file).not.toBeNull();
    expect(stripOf([taken("a")], new Map([["a", item("a", STORED)]]))[0]?.file).toBeNull();
  });

  it("offers to discard what is not sent yet, and nothing else", () => {
    const can = (state: ItemState) => isDiscardable({ key: "k", number: 1, item: item("a", state), file: null });
    expect([can({ kind: "waiting" }), can({ kind: "backoff", until: 1 }), can({ kind: "held", cause: "consent" }), can({ kind: "failed", message: "" })]).toEqual([true, true, true, true]);
    expect([can({ kind: "sending", sent: 0 }), can(STORED)]).toEqual([false, false]);
    expect(isDiscardable({ key: "k", number: 1, item: null, file: null })).toBe(false);
  });
});
