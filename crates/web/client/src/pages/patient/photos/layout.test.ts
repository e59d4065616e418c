import { describe, expect, it } from "vitest";
import type { Image } from "../../../api/types";
import { byDay, earlier } from "./group";
import { blocksIn, type Layout, layOut, type Metrics } from "./layout";

const METRICS: Metrics = { width: 1000, row: 200, gap: 6, dayGap: 24, heading: 44, caption: 52, narrowest: 136 };
/** So many photos of a day, newest day first; every third one is upright. */
function pool(...amounts: number[]): readonly Image[] {
  let id = 0;
  return amounts.flatMap((amount, day) =>
    Array.from({ length: amount }, () => {
      id += 1;
      const at = new Date(Date.UTC(2026, 10, 25, 12) - day * 7 * 86_400_000).toISOString();
      const [width, height] = id % 3 === 0 ? [600, 800] : [800, 600];
      return { id: `i${id}`, width, height, capturedAt: at, uploadedAt: at } as Image;
    }),
  );
}
const lay = (images: readonly Image[], metrics: Partial<Metrics> = {}) => layOut(byDay(images, "UTC"), { ...METRICS, ...metrics });
const tops = (layout: Layout) => layout.blocks.map((block) => Math.round(block.top));
/** Where the photos of each row end. */
const ends = ({ cells }: Layout) => {
  const rows = new Map<number, number>();
  for (const { top, left, width } of cells) rows.set(Math.round(top), Math.max(rows.get(Math.round(top)) ?? 0, left + width));
  return [...rows.values()].map(Math.round);
};

describe("F5: how a pool is laid out", () => {
  it("fills the width with the rows of a day with many photos, all of a row equally high", () => {
    const layout = lay(pool(40));
    const all = ends(layout);
    expect(all.slice(0, -1).every((end) => Math.abs(end - METRICS.width) <= 1)).toBe(true);
    const heights = new Map<number, Set<number>>();
    for (const { top, height } of layout.cells) heights.set(top, (heights.get(top) ?? new Set()).add(height));
    expect([...heights.values()].every((it) => it.size === 1)).toBe(true);
    for (const [height] of heights.values()) expect(height).toBeGreaterThan(200 * 0.7);
  });

  it("puts days with few photos side by side, each below its own heading, and fills the width with them", () => {
    const layout = lay(pool(1, 2, 1, 1, 1, 1, 2));
    expect(new Set(tops(layout)).size).toBeLessThan(4);
    expect(layout.blocks.filter((block) => block.isShared).length).toBeGreaterThan(5);
    const first = layout.blocks.filter((block) => block.top === 0);
    const last = first.at(-1);
    expect(Math.round((last?.left ?? 0) + (last?.width ?? 0))).toBe(METRICS.width);
    // No two lie over each other.
    first.forEach((block, at) => expect(block.left).toBeGreaterThanOrEqual(at === 0 ? 0 : (first[at - 1]?.left ?? 0) + (first[at - 1]?.width ?? 0)));
  });

  it("takes up under a third of the height that a band for each day would", () => {
    const days = Array.from({ length: 12 }, () => 1);
    expect(lay(pool(...days)).height).toBeLessThan((12 * (METRICS.row + METRICS.heading + METRICS.dayGap)) / 3);
  });

  it("keeps the order: days newest first, photos as the server gave them", () => {
    const images = pool(3, 30, 1, 2, 12, 1);
    const layout = lay(images);
    expect(layout.cells.map((cell) => cell.image.id)).toEqual(images.map((it) => it.id));
    expect(layout.cells.map((cell) => cell.index)).toEqual(images.map((_, index) => index));
    expect(layout.blocks.map((block) => block.day.key)).toEqual(byDay(images, "UTC").map((day) => day.key));
  });

  it("stays within the width on a phone, with large text, and for a panorama or a slip of paper", () => {
    const odd = pool(2, 1, 7, 1, 1).map((image, at) => (at === 1 ? { ...image, width: 9000, height: 500 } : at === 2 ? { ...image, width: 100, height: 4000 } : image));
    for (const width of [288, 358, 720, 2400]) {
      for (const narrowest of [136, Math.min(width, 272)]) {
        const { blocks, cells } = lay(odd, { width, narrowest, row: width < 560 ? 132 : 190 });
        for (const box of [...blocks, ...cells]) expect(box.left + box.width, `${width}`).toBeLessThanOrEqual(width + 1);
        for (const cell of cells) expect(cell.width).toBeGreaterThan(40);
      }
    }
  });

  it("leaves a day to the next line rather than let it stand out, at every width and size of text", () => {
    for (let width = 240; width <= 1500; width += 19) {
      for (const narrowest of [136, 170, 272]) {
        for (const row of [84, 132, 190]) {
          const { blocks } = lay(pool(1, 1, 1, 2, 1, 1, 3, 1), { width, row, narrowest: Math.min(width, narrowest), dayGap: width < 560 ? 16 : 24 });
          const end = Math.max(...blocks.map((block) => block.left + block.width));
          expect(end, `${width} px, days of ${narrowest}, rows of ${row}`).toBeLessThanOrEqual(width + 0.5);
        }
      }
    }
  });

  it("F10: gives a small day that is left over the width and the height that its heading needs", () => {
    const { blocks } = lay(pool(1, 1, 30, 1), { width: 756, heading: 88, caption: 104, narrowest: 272 });
    expect(blocks.map((it) => it.isShared)).toEqual([true, true, false, false]);
    const last = blocks.at(-1);
    expect([last?.width, last?.heading]).toEqual([756, 88]);
    for (const block of blocks) for (const cell of block.cells) expect(cell.top).toBeGreaterThanOrEqual(block.top + block.heading);
  });

  it("finds what is in sight among thousands", () => {
    const layout = lay(pool(...Array.from({ length: 900 }, (_, at) => (at % 5 === 0 ? 14 : 3))));
    expect(layout.cells.length).toBe(900 / 5 * 14 + 720 * 3);
    for (const from of [0, 12_000, layout.height - 500]) {
      const { first, end } = blocksIn(layout, from, from + 900);
      const seen = layout.blocks.map((block, at) => ({ block, at })).filter(({ block }) => block.top + block.height >= from && block.top <= from + 900);
      expect([first, end]).toEqual([seen[0]?.at, (seen.at(-1)?.at ?? 0) + 1]);
    }
  });
});

it.each([
  ["2026-11-25", "2026-11-24", "1 day earlier"],
  ["2026-11-25", "2026-11-06", "19 days earlier"],
  ["2026-03-31", "2026-03-28", "3 days earlier"],
  ["2026-11-25", "2026-06-25", "5 months earlier"],
  ["2026-11-25", "2020-11-20", "6 years earlier"],
])("F5: from %s back to %s are %s", (later, day, words) => expect(earlier(later, day)).toBe(words));
