import { expect, it } from "vitest";

const sheet = (files: Record<string, string>): string => Object.values(files)[0] ?? "";
const TOKENS = sheet(import.meta.glob<string>("../styles/tokens.css", { query: "?raw", import: "default", eager: true }));
const MAP = sheet(import.meta.glob<string>("./BodyMap.module.css", { query: "?raw", import: "default", eager: true }));

type Triple = readonly [number, number, number];
const linear = (hex: string): Triple => {
  const part = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
};
const times = (matrix: readonly Triple[], [a, b, c]: Triple): Triple => matrix.map(([x, y, z]) => x * a + y * b + z * c) as unknown as Triple;
/** Björn Ottosson's Oklab, as CSS Color 4 has it. */
const oklab = (rgb: Triple): Triple =>
  times(
    [[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]],
    times([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]], rgb).map(Math.cbrt) as unknown as Triple,
  );
const fromOklab = (lab: Triple): Triple =>
  times(
    [[4.0767416621, -3.3077115913, 0.2309699292], [-1.2684380046, 2.6097574011, -0.3413193965], [-0.0041960863, -0.7034186147, 1.707614701]],
    times([[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728], [1, -0.0894841775, -1.291485548]], lab).map((it) => it ** 3) as unknown as Triple,
  );
const mixed = (one: Triple, share: number, other: Triple): Triple => {
  const [a, b] = [oklab(one), oklab(other)];
  return fromOklab(a.map((it, at) => it * share + (b[at] ?? 0) * (1 - share)) as unknown as Triple);
};
const light = ([r, g, b]: Triple): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
const contrast = (one: Triple, other: Triple): number => {
  const [low = 0, high = 0] = [light(one), light(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};

const token = (name: string, isDark: boolean): Triple => {
  const [, day = "", night = ""] = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(TOKENS) ?? [];
  return linear(isDark ? night : day);
};
const rule = (selector: string, property: string): string => {
  const block = MAP.split(`\n  ${selector} {`)[1]?.split("}")[0] ?? "";
  return new RegExp(`\\b${property}: ([^;]+);`).exec(block)?.[1] ?? "";
};
const colour = (text: string, isDark: boolean): Triple => {
  const [, one, share, other] = /^color-mix\(in oklab, var\(--([\w-]+)\) (\d+)%, var\(--([\w-]+)\)\)$/.exec(text) ?? [];
  if (one && other) return mixed(token(one, isDark), Number(share) / 100, token(other, isDark));
  const [, name = ""] = /^var\(--([\w-]+)\)$/.exec(text) ?? [];
  return token(name, isDark);
};

it.each([["light", false], ["dark", true]] as const)("U1: the borders of regions are seen, %s: at least 3 to 1", (_, isDark) => {
  const border = colour(rule(".area", "stroke"), isDark);
  const fills = [rule(".area", "fill"), rule('.region[data-near="part"] .area', "fill")];
  for (const fill of fills) expect(contrast(border, colour(fill, isDark)), fill).toBeGreaterThanOrEqual(3);
  const skin = colour(fills[0] ?? "", isDark);
  for (const chosen of [rule('.region[data-near="chosen"] .area', "fill"), rule('.region[data-near="around"] .area', "stroke")]) expect(contrast(colour(chosen, isDark), skin), chosen).toBeGreaterThanOrEqual(3);
});
