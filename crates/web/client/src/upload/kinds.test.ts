import { describe, expect, it } from "vitest";
import { kindIn, kindOf } from "./kinds";

/** An ISO base media file with these brands, the major one first. */
export const media = (...brands: string[]): Uint8Array<ArrayBuffer> => {
  const [major = "", ...others] = brands;
  const box = `ftyp${major}\0\0\0\0${others.join("")}`;
  return new Uint8Array([0, 0, 0, box.length + 4, ...[...box].map((letter) => letter.charCodeAt(0)), ...Array<number>(64).fill(0)]);
};

describe("I1: HEIC and AVIF are told by content", () => {
  it.each([
    [["heic", "mif1", "heic"], "heic"],
    [["mif1", "heic"], "heic"],
    [["avif", "mif1"], "avif"],
    [["mif1", "avif"], "avif"],
    [["isom", "mp42"], null],
  ] as const)("%s", (brands, kind) => expect(kindIn(media(...brands))).toBe(kind));

  it("takes brands from the first box only, and nothing from what is too short", () => {
    const film = media("isom");
    film.set([...film.slice(4, 8), ...media("heic").slice(8, 12)], 40);
    expect(kindIn(film)).toBeNull();
    for (const bytes of [new Uint8Array(), new Uint8Array([0, 0, 0, 24, 102]), new Uint8Array([255, 216, 255, 224])]) expect(kindIn(bytes)).toBeNull();
  });

  it("is not misled by a name", async () => {
    expect(await kindOf(new File([media("heic")], "IMG_1.HEIC"))).toBe("heic");
    expect(await kindOf(new File([media("heic")], "image", { type: "image/heic" }))).toBe("heic");
    expect(await kindOf(new File([new Uint8Array([255, 216, 255, 224])], "IMG_2.heic"))).toBeNull();
    expect(await kindOf(new File([media("heic")], "arm.jpg"))).toBeNull();
  });
});
