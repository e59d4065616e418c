// Photos to upload: the shared real ones, or, where they are missing, some that the test makes.
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const SHARED = fileURLToPath(new URL("../../../../../shared/photos", import.meta.url));
const LEFT_OUT = new Set(["corrupted.jpg", "bad_exif_00971.jpg"]);
const PHOTO = /\.(jpe?g|png|webp|tiff?|gif|heic)$/i;

function below(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((it) => {
    const path = join(folder, it.name);
    // `field` holds files on the edge between whole and damaged, and one called corrupted has a hole, so that it is added and
    // marked; the browser's walk is about plain cases. One is an advertisement, which has no place in the manual.
    if (it.isDirectory()) return it.name === "field" ? [] : below(path);
    return PHOTO.test(it.name) && !LEFT_OUT.has(it.name) ? [path] : [];
  });
}

export function describe(path) {
  const bytes = readFileSync(path);
  return {
    path,
    name: basename(path),
    size: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    isBad: /\.heic$/i.test(path) || /corrupted/.test(basename(path)),
  };
}

/** @returns {Promise<ReturnType<typeof describe>[]>} */
export async function photos(page) {
  const folder = process.env.CUTIS_PHOTOS ?? SHARED;
  if (existsSync(folder)) return below(folder).toSorted().map(describe);
  process.stdout.write(`# no photos in ${folder}: the test makes its own\n`);
  return (await made(page)).map(describe);
}

/** Enough good photos of both shapes for every test, one PNG, one cut off in the middle, one that is only called a photo. */
async function made(page) {
  const folder = mkdtempSync(join(tmpdir(), "cutis-photos-"));
  const draw = async (type, hue, size = [1800, 1200]) => {
    const base64 = await page.evaluate(
      async ([kind, tone, [width, height]]) => {
        const canvas = document.createElement("canvas");
        canvas.width = width;
        canvas.height = height;
        const pen = canvas.getContext("2d");
        for (let x = 0; x < width / 30; x += 1) {
          pen.fillStyle = `hsl(${tone + x} 60% ${40 + (x % 20)}%)`;
          pen.fillRect(x * 30, 0, 30, height);
        }
        const blob = await new Promise((resolve) => canvas.toBlob(resolve, kind, 0.9));
        const bytes = new Uint8Array(await blob.arrayBuffer());
        let text = "";
        for (const byte of bytes) text += String.fromCharCode(byte);
        return btoa(text);
      },
      [type, hue, size],
    );
    return Buffer.from(base64, "base64");
  };
  const files = {};
  for (let at = 1; at <= 8; at += 1) files[`Landscape_${at}.jpg`] = await draw("image/jpeg", at * 45);
  for (let at = 1; at <= 6; at += 1) files[`Portrait_${at}.jpg`] = await draw("image/jpeg", at * 45 + 20, [1200, 1800]);
  files["three.png"] = await draw("image/png", 200);
  files["corrupted.jpg"] = files["Landscape_1.jpg"].subarray(0, Math.floor(files["Landscape_1.jpg"].length / 3));
  files["corrupted-words.jpg"] = Buffer.from("this is not a photo");
  return Object.entries(files).map(([name, bytes]) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  });
}
