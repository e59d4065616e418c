/**
 * Which files are HEIC or AVIF, by their content as the server tells it, so that a person hears at once of a photo that
 * this server cannot read, and not only when the patient's consent is there and it is sent.
 */

export type Kind = "heic" | "avif";

/** Only such names and types are looked into; whatever else they hide, the server says. */
const NAMED = /\.(hei[cf]|hif|avif)$/i;
const TYPED = /^image\/(hei[cf]|avif)/i;
/** As far as the brands of a file are looked for. */
const HEAD = 256;

const HEIC = new Set(["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"]);
const AVIF = new Set(["avif", "avis"]);

export const mayBe = (file: File): boolean => NAMED.test(file.name) || TYPED.test(file.type);

/** The kind that the beginning of a file tells. The brands of an ISO base media file: the major one at 8, then the others. */
export function kindIn(head: Uint8Array): Kind | null {
  const text = String.fromCharCode(...head.subarray(0, HEAD));
  if (text.slice(4, 8) !== "ftyp") return null;
  const length = new DataView(head.buffer, head.byteOffset).getUint32(0);
  const all = text.slice(8, Math.min(Math.max(length, 16), HEAD));
  const brands = all.match(/[\s\S]{4}/g) ?? [];
  if (brands.some((brand) => AVIF.has(brand))) return "avif";
  return brands.some((brand) => HEIC.has(brand)) ? "heic" : null;
}

/** Null for everything else, and for what cannot be read here: sending it will tell. */
export async function kindOf(file: File): Promise<Kind | null> {
  if (!mayBe(file)) return null;
  try {
    return kindIn(new Uint8Array(await file.slice(0, HEAD).arrayBuffer()));
  } catch {
    return null;
  }
}
