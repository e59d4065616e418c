import { expect, it } from "vitest";
import type { TagCategoryWithTags } from "../api/types";
import { matching, sameName } from "./match";

const uses = { patients: 0, directPatients: 0, entries: 0, images: 0 };
const category = (id: string, name: string, tags: [string, boolean?][]): TagCategoryWithTags => ({
  id,
  name,
  colour: "teal",
  tags: tags.map(([tag, archived = false]) => ({ id: tag, name: tag, categoryId: id, archived, uses })),
});
const all = [category("d", "Diagnosis", [["Acne"], ["Basal cell carcinoma"], ["Nævus"], ["Ekzem, Hände"], ["Old", true]]), category("s", "Status", [["New"], ["Cleared"]])];
const found = (typed: string, recent: string[] = [], hasArchived = false) => matching(all, typed, recent, hasArchived).map(({ tag }) => tag.name);

it("T1: offers recent tags first, and archived ones only where tags are looked for", () => {
  expect(found("", ["Cleared", "New"])).toEqual(["Cleared", "New", "Acne", "Basal cell carcinoma", "Nævus", "Ekzem, Hände"]);
  expect(found("old")).toEqual([]);
  expect(found("old", [], true)).toEqual(["Old"]);
});

it("T1: finds by the beginning, then by a word, then inside, then with the category; case and accents do not matter", () => {
  expect(found("c")).toEqual(["Cleared", "Basal cell carcinoma", "Acne"]);
  expect(found("CELL")).toEqual(["Basal cell carcinoma"]);
  expect(found("hande")).toEqual(["Ekzem, Hände"]);
  expect(found("status n")).toEqual(["New"]);
  expect(found("melanoma")).toEqual([]);
});

it("T1: what cannot be created because its name is there is found", () => {
  const wide = [category("d", "Diagnosis", [["\uff23\uff21\uff34"], ["Straße"]])];
  expect(["Cat", "\uff43at", "STRASSE"].map((typed) => matching(wide, typed, []).map(({ tag }) => tag.name))).toEqual([["\uff23\uff21\uff34"], ["\uff23\uff21\uff34"], ["Straße"]]);
});

it("T1: one name is one whatever the case and width, as the server says", () => {
  expect([sameName("Psoriasis", "\uff30\uff33\uff2f\uff32\uff29\uff21\uff33\uff29\uff33"), sameName("Cat", "\uff23\uff21\uff34"), sameName("a\u3000b", "A B")]).toEqual([true, true, true]);
  expect([sameName(" Straße ", "STRASSE"), sameName("e\u0301", "\u00c9"), sameName("Muller", "Müller")]).toEqual([true, true, false]);
});
