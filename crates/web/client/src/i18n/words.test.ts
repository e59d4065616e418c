import { expect, it } from "vitest";
import { whole } from "./en/whole";

/** Every English text with its key, as `common.retry`; functions are given an amount for each of their parameters. */
function texts(node: unknown, key = ""): [string, string][] {
  if (typeof node === "string") return [[key, node]];
  if (typeof node === "function") return [[key, String(node(2, 3))]];
  return Object.entries(node as object).flatMap(([name, value]) => texts(value, key ? `${key}.${name}` : name));
}
const all = texts(whole);
const at = (key: string): string => all.find(([name]) => name === key)?.[1] ?? `no text at ${key}`;

it("finds the texts at all", () => expect(all.length).toBeGreaterThan(400));

it("house 9: a photo is called a photo on every screen", () => {
  expect(all.filter(([, text]) => /photograph|picture|\bimage/i.test(text))).toEqual([]);
});

it("house 14: plain and conventional words", () => {
  const unusual = /\b(somebody|nobody|meanwhile|whatever|thereof|hence|nought|by itself|a line\b|looked at|goes on|go on|holds?|told|stands?)\b/i;
  expect(all.filter(([, text]) => unusual.test(text))).toEqual([]);
});

it("house 14: what is said at a field begins with what to do", () => {
  const messages = [
    ...["codeWrong", "codeIncomplete", "practiceNameNeeded", "firstNameNeeded", "lastNameNeeded", "usernameRule"].map((name) => `setup.${name}`),
    ...["padEmpty", "padShort", "externalNotesMissing", "signerMissing", "expiresPast", "purposeMissing", "revokeReasonMissing"].map((name) => `consents.${name}`),
    ...["labelNeeded", "labelTooLong", "labelTaken", "choicesFew", "choicesMany", "choiceTooLong", "choiceTwice"].map((name) => `customFields.${name}`),
    ...["birthDateFuture", "email", "countryRule", "tooLong", "guardianName"].map((name) => `record.help.${name}`),
    "patients.uniqueIdRule",
    "patients.uniqueIdTaken",
    "record.custom.numberRule",
    "visits.atWrong",
    "visits.addenda.needed",
    ...["missing", "unread", "refused", "halfMissing", "early", "days", "hourWhole", "hourHalved", "wrong.month", "wrong.day", "wrong.year", "wrong.minute"].map((name) => `common.date.${name}`),
    "account.passwordNotAcceptable",
    ...["purposeMissing", "passwordMissing", "passwordWrong"].map((name) => `download.${name}`),
    "settings.range",
    "settings.needed",
    "problem.fieldInvalid",
    "signIn.fillBoth",
  ];
  for (const key of messages) expect(at(key), key).toMatch(/^(Enter|Choose|Use|Sign|Draw) .*\.$/);
});
