import { describe, expect, it } from "vitest";
import { fullName, initialsOf } from "./fullName";

describe("a person's full name", () => {
  it.each([
    ["Anna", "Weber", "Anna Weber", "AW"],
    ["小明", "王", "王小明", "王小"],
    ["민수", "김", "김민수", "김민"],
    ["太郎", "佐々木", "佐々木太郎", "佐太"],
    ["さくら", "佐藤", "佐藤 さくら", "佐さ"],
    ["タロウ", "ヤマダ", "ヤマダ タロウ", "ヤタ"],
    ["𠮷", "王", "王𠮷", "王𠮷"],
    // In two scripts, the order of the west.
    ["小明", "Wang", "小明 Wang", "小W"],
    ["David", "王", "David 王", "D王"],
    ["小明 David", "王", "小明 David 王", "小王"],
    [" Anna ", null, "Anna", "A"],
    [null, "王", "王", "王"],
    [undefined, "", "", ""],
  ])("%s, %s: %s", (given, family, shown, letters) => {
    expect(fullName(given, family)).toBe(shown);
    expect(initialsOf(given, family)).toBe(letters);
  });
});
