import refusals from "../../../../media/src/refusal.rs?raw";
import beginnings from "../../../../media/src/tests/beginnings.txt?raw";
import { describe, expect, it } from "vitest";
import { t } from "../i18n/kinds";
import { kindIn, whyNot } from "./kinds";

const bytesOf = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const { kinds } = t;
/** Beginnings of files and what the server says that they are, by which its own test goes too. */
const cases = beginnings
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.split(" ") as [kind: string, hex: string]);

describe("I1: what a file is, is told by its content as the server tells it", () => {
  it("has a case for every kind", () => expect(new Set(cases.map(([kind]) => kind))).toEqual(new Set(["photo", ...Object.keys(kinds)])));

  it.each(cases)("%s: %s", (kind, hex) => expect(kindIn(bytesOf(hex)) ?? "photo").toBe(kind));

  it("says what the server says", () => {
    const said = refusals.replaceAll(/\\\n\s*/g, "");
    for (const { message, advice } of Object.values(kinds)) for (const words of [message, advice]) expect(said).toContain(words);
  });

  it("refuses what the server does not read, whatever its name, and nothing else", async () => {
    const heic = bytesOf(cases.find(([kind]) => kind === "heic")?.[1] ?? "");
    const of = (content: BlobPart, name: string, readable = ["jpeg", "png"]) => whyNot(new File([content], name), readable);
    expect(await of("Dear colleague", "letter.jpg")).toEqual({ code: "unsupported", ...kinds.unknown });
    expect(await of("%PDF-1.7", "letter.txt")).toMatchObject(kinds.pdf);
    expect(await of(heic, "arm.jpg")).toMatchObject(kinds.heic);
    expect(await of(heic, "arm.heic", ["jpeg", "heic"])).toBeNull();
    expect(await of(new Uint8Array([255, 216, 255, 224]), "notes.txt")).toBeNull();
    const unreadable = { slice: () => ({ arrayBuffer: () => Promise.reject(new Error("moved")) }) } as unknown as Blob;
    expect(await whyNot(unreadable, ["jpeg"])).toBeNull();
  });
});
