// Photos to upload: the shared real ones, or, where they are missing, some that the test makes.
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const SHARED = fileURLToPath(new URL("../../../../../shared/photos", import.meta.url));
const PHOTO = /\.(jpe?g|png|webp|tiff?|gif|heic)$/i;

function below(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((it) => {
    const path = join(folder, it.name);
    // `field` holds files on the edge between whole and damaged; the browser's walk is about plain cases.
    if (it.isDirectory()) return it.name === "field" ? [] : below(path);
    return PHOTO.test(it.name) ? [path] : [];
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

/** Three good photos of two kinds, one cut off in the middle, one that is only called a photo. */
async function made(page) {
  const folder = mkdtempSync(join(tmpdir(), "cutis-photos-"));
  const draw = async (type, hue) => {
    const base64 = await page.evaluate(
      async ([kind, tone]) => {
        const canvas = document.createElement("canvas");
        canvas.width = 1800;
        canvas.height = 1200;
        const pen = canvas.getContext("2d");
        for (let x = 0; x < 60; x += 1) {
          pen.fillStyle = `hsl(${tone + x} 60% ${40 + (x % 20)}%)`;
          pen.fillRect(x * 30, 0, 30, 1200);
        }
        const blob = await new Promise((resolve) => canvas.toBlob(resolve, kind, 0.9));
        const bytes = new Uint8Array(await blob.arrayBuffer());
        let text = "";
        for (const byte of bytes) text += String.fromCharCode(byte);
        return btoa(text);
      },
      [type, hue],
    );
    return Buffer.from(base64, "base64");
  };
  const first = await draw("image/jpeg", 10);
  const files = {
    "one.jpg": first,
    "two.jpg": await draw("image/jpeg", 120),
    "three.png": await draw("image/png", 200),
    "corrupted.jpg": first.subarray(0, Math.floor(first.length / 3)),
    "corrupted-words.jpg": Buffer.from("this is not a photo"),
  };
  return Object.entries(files).map(([name, bytes]) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  });
}
