import { expect, it } from "vitest";

const sheet = (files: Record<string, string>): string => Object.values(files)[0] ?? "";
const YEARS = sheet(import.meta.glob<string>("./Years.module.css", { query: "?raw", import: "default", eager: true }));
const POOL = sheet(import.meta.glob<string>("./Pool.module.css", { query: "?raw", import: "default", eager: true }));
const onPhone = (css: string): string => css.split("@media (width < 45rem) {").slice(1).join("");

it("the years begin where the photos do, also on a phone: never over the toolbar above them", () => {
  expect(YEARS).not.toContain("position: fixed");
  for (const css of [YEARS, POOL]) expect(onPhone(css)).toContain("grid-area: 1 / 1;");
});
