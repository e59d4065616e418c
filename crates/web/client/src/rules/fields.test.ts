import { describe, expect, it } from "vitest";
import { bareCode, dashedCode, isCountry, isSetupCode, isUniqueId, isUsername, looksLikeEmail, normalUniqueId } from "./fields";

describe("P1: the unique ID", () => {
  it.each(["ab", "a_b-9", "x".repeat(32), "  AB-12  ", "PATIENT_7"])("takes %j after trimming and lower-casing", (typed) => {
    expect(isUniqueId(typed)).toBe(true);
  });

  it.each(["", "a", "x".repeat(33), "a b", "a.b", "ä1", "a/b", "K\u212A", "a\u00a0b", "ａｂ"])("refuses %j", (typed) => {
    expect(isUniqueId(typed)).toBe(false);
  });

  it("lower-cases ASCII only, so that no foreign letter turns into an allowed one", () => {
    expect(normalUniqueId(" LP-Ä ")).toBe("lp-Ä");
    expect(normalUniqueId("\u212Aa")).toBe("\u212Aa");
  });
});

describe("A1: the username", () => {
  it.each(["abc", "amal.okafor", "A_B-9", "x".repeat(32)])("takes %j", (typed) => expect(isUsername(typed)).toBe(true));
  it.each(["ab", "a b c", "amal@x", "x".repeat(33), "änne"])("refuses %j", (typed) => expect(isUsername(typed)).toBe(false));
});

describe("A2: the set-up code", () => {
  it("doesn't mind dashes, spaces and case", () => {
    expect(isSetupCode("abcd-efgh-jklm")).toBe(true);
    expect(isSetupCode(" ABCD EFGH JKLM ")).toBe(true);
    expect(bareCode("abcd-efgh-jklm")).toBe("ABCDEFGHJKLM");
  });

  it("has twelve places", () => {
    expect(isSetupCode("ABCD-EFGH-JKL")).toBe(false);
    expect(isSetupCode("ABCD-EFGH-JKL!")).toBe(false);
  });

  it("is shown in fours while it is typed, and lets the last dash be deleted", () => {
    expect(dashedCode("abcde")).toBe("ABCD-E");
    expect(dashedCode("ABCD-")).toBe("ABCD");
    expect(dashedCode("abcdefghjklmxyz")).toBe("ABCD-EFGH-JKLM");
  });
});

it("P2: e-mail and country are only refused when they can't be right", () => {
  expect(looksLikeEmail("a@b")).toBe(true);
  expect(looksLikeEmail("a b@c")).toBe(false);
  expect(looksLikeEmail("nobody")).toBe(false);
  expect(isCountry("de")).toBe(true);
  expect(isCountry("DEU")).toBe(false);
});
