// Drawn photos of one piece of skin, seen from different places: where each mole lies in each photo is known exactly.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** On the skin, in its own units. */
export const MOLES = [[300, 260, 16], [930, 300, 12], [760, 720, 20], [340, 690, 9], [520, 180, 7], [1020, 560, 10]];

/** Where a place on the skin lies in a photo that was taken so: turned by degrees, scaled, and shifted. */
export function seen({ turn = 0, scale = 1, x = 0, y = 0 }, [left, top]) {
  const [cos, sin] = [Math.cos((turn * Math.PI) / 180) * scale, Math.sin((turn * Math.PI) / 180) * scale];
  return { x: cos * left - sin * top + x, y: sin * left + cos * top + y };
}

/**
 * Draws photos as JPEG files and gives their paths.
 * @param {{ name: string, width: number, height: number, turn?: number, scale?: number, x?: number, y?: number, lesion?: number, tone?: number, grain?: number }[]} takes
 */
export async function skin(page, takes) {
  const folder = mkdtempSync(join(tmpdir(), "cutis-skin-"));
  const paths = [];
  for (const take of takes) {
    const base64 = await page.evaluate(
      async ([moles, { width, height, turn = 0, scale = 1, x = 0, y = 0, lesion = 1, tone = 0, grain = 2500 }]) => {
        const canvas = document.createElement("canvas");
        canvas.width = width;
        canvas.height = height;
        const pen = canvas.getContext("2d");
        pen.fillStyle = `hsl(${22 + tone} 45% 70%)`;
        pen.fillRect(0, 0, width, height);
        const [cos, sin] = [Math.cos((turn * Math.PI) / 180) * scale, Math.sin((turn * Math.PI) / 180) * scale];
        pen.setTransform(cos, sin, -sin, cos, x, y);
        let seed = 7;
        const random = () => {
          seed = (seed * 16807) % 2147483647;
          return seed / 2147483647;
        };
        for (let at = 0; at < grain; at += 1) {
          pen.fillStyle = `hsl(${14 + random() * 16} 50% ${58 + random() * 18}% / 35%)`;
          pen.beginPath();
          pen.ellipse(random() * 2600 - 700, random() * 2600 - 900, 6 + random() * 26, 3 + random() * 10, random() * 6, 0, 7);
          pen.fill();
        }
        // The lesion that changes between the visits.
        pen.fillStyle = "hsl(8 60% 45% / 70%)";
        pen.beginPath();
        pen.ellipse(620, 450, 120 * lesion, 86 * lesion, 0.4, 0, 7);
        pen.fill();
        pen.fillStyle = "hsl(4 65% 34% / 80%)";
        pen.beginPath();
        pen.ellipse(640, 440, 64 * lesion, 40 * lesion, 0.9, 0, 7);
        pen.fill();
        for (const [left, top, radius] of moles) {
          pen.fillStyle = "hsl(20 55% 20%)";
          pen.beginPath();
          pen.arc(left, top, radius, 0, 7);
          pen.fill();
        }
        // A ruler of 50 mm along the lower edge: 8 units are a millimetre.
        pen.fillStyle = "#f7f5ef";
        pen.fillRect(400, 820, 440, 60);
        pen.fillStyle = "#222";
        for (let mark = 0; mark <= 50; mark += 1) pen.fillRect(420 + mark * 8 - 0.7, 820, 1.4, mark % 10 === 0 ? 34 : mark % 5 === 0 ? 24 : 14);
        const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
        const bytes = new Uint8Array(await blob.arrayBuffer());
        let text = "";
        for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
        return btoa(text);
      },
      [MOLES, take],
    );
    const path = join(folder, `${take.name}.jpg`);
    writeFileSync(path, Buffer.from(base64, "base64"));
    paths.push(path);
  }
  return paths;
}

/** Three visits: wide, high, and wide from further away. */
export const TAKES = [
  { name: "before", width: 1300, height: 975, lesion: 1 },
  { name: "between", width: 975, height: 1300, turn: 7, scale: 0.86, x: 60, y: 90, lesion: 0.8, tone: 3 },
  { name: "after", width: 1300, height: 975, turn: -5, scale: 0.93, x: 40, y: 70, lesion: 0.55, tone: -2 },
];
