/** A5: what can be said about a password without the server, to answer each key at once. */
import type { PasswordReport } from "../api/types";

export type Policy = "complex" | "passphrase";
export type RuleCode = "length" | "upper" | "lower" | "digit" | "symbol" | "names" | "common";
export type Verdict = "met" | "unmet" | "unknown";

export interface Names {
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly practiceName: string;
}

export interface RuleState {
  /** A RuleCode, or one that is newer than this client. */
  readonly code: string;
  /** The server's words for it, when it spoke. */
  readonly label: string;
  readonly verdict: Verdict;
}

const MIN: Record<Policy, number> = { complex: 12, passphrase: 15 };
const CODES: Record<Policy, readonly RuleCode[]> = {
  complex: ["length", "upper", "lower", "digit", "symbol", "names", "common"],
  passphrase: ["length", "names", "common"],
};

const fold = (text: string): string => text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();

/** A name counts from three letters on: "Al" is in too many words. */
function holdsName(password: string, names: Names): boolean {
  // By name, not Object.values: the caller's object may hold more, the password itself included.
  const { username, firstName, lastName, email, practiceName } = names;
  const parts = [username, firstName, lastName, email, practiceName].flatMap((name) => fold(name).split(/[\s@._-]+/));
  const folded = fold(password);
  return parts.some((part) => part.length >= 3 && folded.includes(part));
}

const met = (yes: boolean): Verdict => (yes ? "met" : "unmet");

function local(code: RuleCode, password: string, policy: Policy, names: Names): Verdict {
  switch (code) {
    case "length":
      return met([...password.normalize("NFC")].length >= MIN[policy]);
    case "upper":
      return met(/\p{Lu}/u.test(password));
    case "lower":
      return met(/\p{Ll}/u.test(password));
    case "digit":
      return met(/\p{Nd}/u.test(password));
    case "symbol":
      return met(/[^\p{L}\p{Nd}\s]/u.test(password));
    case "names":
      return password === "" ? "unknown" : met(!holdsName(password, names));
    case "common":
      return "unknown";
  }
}

/** The rules as they stand: the server's word where it has spoken about this very password, else our own. */
export function passwordRules(password: string, policy: Policy, names: Names, report: PasswordReport | null): RuleState[] {
  if (report) return report.rules.map((rule) => ({ code: rule.code, label: rule.label, verdict: rule.satisfied ? "met" : "unmet" }));
  return CODES[policy].map((code) => ({ code, label: code, verdict: local(code, password, policy, names) }));
}
