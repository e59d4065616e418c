/**
 * What a file is, by its content as the server tells it (crates/media/src/sniff.rs), so that a person hears at once of one that
 * can never be added, and not only when the patient's consent is there and it is sent. Only what the server always refuses is
 * refused here; the server decides about everything else. Loaded with the first files that are chosen.
 */
import { t } from "../i18n/kinds";
import type { Refusal } from "./queue";

/** What is no photo, or one that not every server reads. */
export type Kind = keyof typeof t.kinds;

/** As far as the server looks for what something is that is no photo. */
const HEAD = 1024;
/** As far as the brands of a film or a HEIC are looked for. */
const BRANDS = 256;

/** A TIFF may still be a camera's RAW file: that is for the server to say. */
const PHOTOS = ["\xff\xd8\xff", "\x89PNG\r\n\x1a\n", "GIF87a", "GIF89a", "II*\0", "MM\0*", "II+\0", "MM\0+"];
const RAW = ["FUJIFILMCCD-RAW", "IIRO", "IIRS", "MMOR", "IIU\0", "FOVb", "\0MRM"];
const ARCHIVES = ["PK\x03\x04", "PK\x05\x06", "PK\x07\x08", "Rar!", "7z\xbc\xaf", "\x1f\x8b", "\xfd7zXZ"];
const VIDEOS = ["\x1a\x45\xdf\xa3", "\0\0\x01\xba", "\0\0\x01\xb3"];

const HEIC = ["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"];

/** The kind that the beginning of a file tells; null for what may be a photo that every server reads. */
export function kindIn(bytes: Uint8Array): Kind | null {
  const head = String.fromCharCode(...bytes.subarray(0, HEAD));
  const begins = (magics: readonly string[]) => magics.some((magic) => head.startsWith(magic));
  const at = (place: number, ...magics: readonly string[]) => magics.some((magic) => head.startsWith(magic, place));
  if (begins(PHOTOS) || (begins(["RIFF"]) && at(8, "WEBP"))) return null;
  if (at(4, "ftyp")) return branded(bytes, head);
  if (at(128, "DICM")) return "dicom";
  if (begins(RAW)) return "raw";
  if (begins(ARCHIVES)) return "archive";
  if (begins(VIDEOS) || (begins(["RIFF"]) && at(8, "AVI ")) || at(4, "moov", "mdat", "wide", "free")) return "video";
  if (begins(["8BPS"])) return "photoshop";
  if (at(4, "JXL ", "jP  ") || begins(["\xff\x0a"])) return "modernjpeg";
  if (begins(["BM"]) && at(6, "\0\0\0\0")) return "bmp";
  return written(head);
}

/** The brands of an ISO base media file: the major one at 8, the others from 16 to the end of the box. */
function branded(bytes: Uint8Array, head: string): Kind {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const all = head.slice(8, Math.min(Math.max(length, 16), BRANDS));
  const brands = new Set(all.match(/[\s\S]{4}/g));
  if (brands.has("avif") || brands.has("avis")) return "avif";
  if (HEIC.some((brand) => brands.has(brand))) return "heic";
  return brands.has("crx ") ? "raw" : "video";
}

function written(head: string): Kind {
  const lower = head.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
  const has = (...words: readonly string[]) => words.some((word) => lower.includes(word));
  if (has("%pdf-")) return "pdf";
  if (!/^(?:\xef\xbb\xbf)?[ \t\n\f\r]*</.test(lower)) return "unknown";
  if (has("<html", "<!doctype html", "<script", "<body")) return "html";
  return has("<svg") ? "svg" : "unknown";
}

/**
 * Why a file can never be added here, by its first bytes and the formats that the server reads. Null for every other one, and for
 * what cannot be read on this device: sending it will tell.
 */
export async function whyNot(file: Blob, readable: readonly string[]): Promise<Refusal | null> {
  try {
    const kind = kindIn(new Uint8Array(await file.slice(0, HEAD).arrayBuffer()));
    return kind === null || readable.includes(kind) ? null : { code: "unsupported", ...t.kinds[kind] };
  } catch {
    return null;
  }
}
