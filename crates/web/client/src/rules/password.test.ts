import { describe, expect, it } from "vitest";
import { type Names, passwordRules } from "./password";

const names: Names = { username: "amal.okafor", firstName: "Amal", lastName: "Okafor", email: "", practiceName: "Praxis Zoë" };
const verdicts = (password: string, policy: "complex" | "passphrase" = "complex", who: Names = names) =>
  Object.fromEntries(passwordRules(password, policy, who, null).map((rule) => [rule.code, rule.verdict]));

describe("A5: the rules while typing", () => {
  it("needs twelve characters of all four kinds", () => {
    expect(verdicts("Correct-Horse7")).toMatchObject({ length: "met", upper: "met", lower: "met", digit: "met", symbol: "met", names: "met" });
    expect(verdicts("Corr-Horse7")).toMatchObject({ length: "unmet" });
    expect(verdicts("correct-horse7")).toMatchObject({ upper: "unmet" });
    expect(verdicts("CORRECT-HORSE7")).toMatchObject({ lower: "unmet" });
    expect(verdicts("Correct-Horses")).toMatchObject({ digit: "unmet" });
    expect(verdicts("CorrectHorse77")).toMatchObject({ symbol: "unmet" });
  });

  it("counts characters as they are read, not code units", () => {
    expect(verdicts("Aa1!😀😀😀😀😀😀😀")).toMatchObject({ length: "unmet" });
    expect(verdicts("Aa1!😀😀😀😀😀😀😀😀")).toMatchObject({ length: "met" });
    // e and a combining accent are one character once normalised.
    expect(verdicts("Aa1!e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301")).toMatchObject({ length: "unmet" });
  });

  it("asks the passphrase policy for length and no composition", () => {
    const rules = verdicts("correct horse battery", "passphrase");
    expect(rules).toMatchObject({ length: "met", names: "met" });
    expect(Object.keys(rules)).toEqual(["length", "names", "common"]);
    expect(verdicts("correct horses", "passphrase")).toMatchObject({ length: "unmet" });
  });

  it("finds a name in any spelling", () => {
    expect(verdicts("My-OKAFOR-pass1")).toMatchObject({ names: "unmet" });
    expect(verdicts("some-zoe-Pass-12")).toMatchObject({ names: "unmet" });
    expect(verdicts("Al-is-too-short1", "complex", { ...names, firstName: "Al", username: "", lastName: "", practiceName: "" })).toMatchObject({ names: "met" });
  });

  it("never takes another value of the form for a name", () => {
    const form = { ...names, password: "Correct-Horse7battery", timeZone: "Europe/Correct", consentLevel: "required" };
    expect(verdicts("Correct-Horse7battery", "complex", form)).toMatchObject({ names: "met" });
  });

  it("can't know about common passwords until the server has spoken", () => {
    expect(verdicts("Correct-Horse7")).toMatchObject({ common: "unknown" });
    const report = { acceptable: false, rules: [{ code: "common" as const, label: "x", satisfied: false }] };
    expect(passwordRules("Password123!", "complex", names, report)).toEqual([{ code: "common", label: "x", verdict: "unmet" }]);
  });
});
