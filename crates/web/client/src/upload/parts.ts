/** A file in parts, each where the last one ended, whatever happened in between (I4). Loaded with the first one that needs it. */
import type { UploadState } from "../api/types";
import { partsUrl } from "../resources/images";
import type { Source } from "./kept";
import type { Answer, Item } from "./queue";
import { type Line, LOST, refusal } from "./send";
import { Sha256 } from "./sha256";

/** Bytes of a part. The server keeps what arrives of one that is cut off, so this is only how much is opened at a time. */
const PART = 8 << 20;
/** How often in one attempt the server may say that it goes on elsewhere. */
const MOST_TURNS = 5;

const isState = (body: unknown): body is UploadState => typeof body === "object" && body !== null && "offset" in body && "result" in body;

/** How much of a file is in memory while its digest is made. */
const PIECE = 1 << 20;

/** The digests of files that are being sent, so that another try does not read the whole file again. */
const digests = new WeakMap<Source, Promise<string>>();

async function readThrough(source: Source): Promise<string> {
  const sum = new Sha256();
  for (let from = 0; from < source.size; from += PIECE) {
    // oxlint-disable-next-line no-await-in-loop -- one piece in memory at a time
    const piece = await source.slice(from, Math.min(source.size, from + PIECE));
    // oxlint-disable-next-line no-await-in-loop
    sum.update(new Uint8Array(await piece.arrayBuffer()));
  }
  return sum.hex();
}

function digestOf(source: Source): Promise<string> {
  const known = digests.get(source);
  if (known) return known;
  const made = readThrough(source);
  digests.set(source, made);
  // A file that could not be read is read again with the next try.
  made.catch(() => digests.delete(source));
  return made;
}

const report = (state: UploadState): Answer | null => (state.result ? { kind: "report", report: { results: [state.result] } } : null);

export async function inParts(line: Line, item: Item, source: Source, onProgress: (sent: number) => void): Promise<Answer> {
  const url = partsUrl(item.patientId, item.key);
  const declaration = JSON.stringify({ name: item.name, bytes: source.size, sha256: await digestOf(source), ...(item.said ? { details: item.said } : {}) });
  const declare = () => line.ask({ method: "PUT", url, headers: { "Content-Type": "application/json" }, body: declaration });
  let heard = await declare();
  for (let turns = 0; turns < MOST_TURNS; ) {
    if (!heard) return LOST;
    if (heard.status === 200 && isState(heard.body)) {
      const result = report(heard.body);
      if (result) return result;
      const { offset } = heard.body;
      onProgress(offset);
      // oxlint-disable-next-line no-await-in-loop -- one part after the other
      const body = await source.slice(offset, Math.min(source.size, offset + PART));
      const headers = { "Content-Type": "application/octet-stream", "Upload-Offset": String(offset) };
      // oxlint-disable-next-line no-await-in-loop
      heard = await line.ask({ method: "PATCH", url: `${url}/content`, headers, body, onProgress: (sent) => onProgress(offset + sent) });
    } else if (heard.status === 409 || heard.status === 404) {
      // More had arrived than was known, or it is in by now, or was discarded: ask how it stands.
      turns += 1;
      // oxlint-disable-next-line no-await-in-loop
      const again = await declare();
      // The patient is not there: the same answer to the question itself.
      if (again && again.status === heard.status) return refusal(again);
      heard = again;
    } else return refusal(heard);
  }
  return LOST;
}

/** How a file stands that is known by its key alone. Of one that came in part nothing can be sent from here. */
export async function arrived(line: Line, item: Item): Promise<Answer> {
  const heard = await line.ask({ method: "GET", url: partsUrl(item.patientId, item.key), headers: {} });
  if (!heard) return LOST;
  if (heard.status === 200 && isState(heard.body)) return report(heard.body) ?? { kind: "absent" };
  return heard.status === 404 ? { kind: "absent" } : refusal(heard);
}
