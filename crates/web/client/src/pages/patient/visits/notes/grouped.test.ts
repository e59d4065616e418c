import { expect, it } from "vitest";
import { grouped } from "./grouped";

const revision = (version: number, minute: number, username = "ada", restored: number | null = null) => ({
  version,
  at: new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString(),
  by: { username, name: username },
  userAgent: null,
  bytes: 1,
  restored,
});

it("versions by one person within ten minutes are one step; another person, a pause and a restored version begin a new one", () => {
  const all = [revision(8, 50), revision(7, 45, "ada", 2), revision(6, 40), revision(5, 35), revision(4, 31), revision(3, 29), revision(2, 28, "ben"), revision(1, 27)];
  expect(grouped(all).map((group) => group.revisions.map((it) => it.version))).toEqual([[8], [7], [6, 5, 4], [3], [2], [1]]);
});
