/**
 * One file: in one piece while it is small and nothing has gone wrong, else in parts that go on where the last one ended (I4).
 * XMLHttpRequest, because fetch reports no upload progress.
 */
import { noteAnswer } from "../api/client";
import { sessionNumber } from "../api/contact";
import { missed, reached } from "../api/reach";
import { problemFrom } from "../api/problem";
import type { UploadReport } from "../api/types";
import { uploadUrl } from "../resources/images";
import type { Source } from "./kept";
import type { Answer, Item } from "./queue";

/** A file up to this size goes in one piece at its first try: one request instead of two, and nothing is written twice. */
export const SMALL = 8 << 20;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isReport(body: unknown): body is UploadReport {
  return typeof body === "object" && body !== null && "results" in body && Array.isArray(body.results);
}


/** Whether the answer counts files that were not looked at; ours is the only one. */
function wasPassedOver(body: unknown): boolean {
  return typeof body === "object" && body !== null && "notExamined" in body && Boolean(body.notExamined);
}

export interface Sending {
  readonly answer: Promise<Answer>;
  abort: () => void;
}

interface Asked {
  readonly method: "GET" | "POST" | "PUT" | "PATCH";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: XMLHttpRequestBodyInit;
  readonly onProgress?: (sent: number) => void;
}

/** Null when no answer came. */
export type Heard = { readonly status: number; readonly body: unknown } | null;

export class Line {
  private request: XMLHttpRequest | null = null;
  private isAborted = false;
  private readonly session = sessionNumber();

  abort(): void {
    this.isAborted = true;
    this.request?.abort();
  }

  ask({ method, url, headers, body, onProgress }: Asked): Promise<Heard> {
    if (this.isAborted) return Promise.resolve(null);
    const request = new XMLHttpRequest();
    this.request = request;
    return new Promise((resolve) => {
      request.open(method, url);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.setRequestHeader("Accept", "application/json, application/problem+json");
      if (onProgress) request.upload.addEventListener("progress", (event) => onProgress(event.loaded));
      request.addEventListener("load", () => {
        reached();
        const said = parsed(request.responseText);
        noteAnswer(request.status, request.status === 200 ? "" : problemFrom(request.status, said).code, this.session);
        resolve({ status: request.status, body: said });
      });
      for (const event of ["error", "timeout", "abort"]) {
        request.addEventListener(event, () => {
          if (event !== "abort") missed();
          resolve(null);
        });
      }
      request.send(body ?? null);
    });
  }
}

export const LOST: Answer = { kind: "lost" };

/** What an answer that is not ours to interpret means for the file. */
export function refusal({ status, body }: NonNullable<Heard>): Answer {
  // An upload that was ended tells what became of the files before its end (I2). Ours has one file.
  if (isReport(body) && body.results.length > 0) return { kind: "report", report: { results: body.results } };
  return { kind: "problem", problem: problemFrom(status, body), wasExamined: !wasPassedOver(body) };
}

async function whole(line: Line, item: Item, source: Source, onProgress: (sent: number) => void): Promise<Answer> {
  const form = new FormData();
  // Before the file that it is about.
  if (item.said) form.append("details", JSON.stringify(item.said));
  form.append("file", await source.slice(0, source.size), item.name);
  const heard = await line.ask({ method: "POST", url: uploadUrl(item.patientId), headers: { "Idempotency-Key": item.key }, body: form, onProgress });
  if (!heard) return LOST;
  return heard.status === 200 && isReport(heard.body) ? { kind: "report", report: heard.body } : refusal(heard);
}

export function send(item: Item, source: Source, onProgress: (sent: number) => void): Sending {
  const line = new Line();
  const work = async (): Promise<Answer> => {
    // A file that was moved or deleted meanwhile looks like a lost connection to the request that would send it.
    await (await source.slice(0, 1)).arrayBuffer();
    if (source.size <= SMALL && item.attempts === 0) return whole(line, item, source, onProgress);
    const later = await import("./parts").catch(() => null);
    return later ? later.inParts(line, item, source, onProgress) : LOST;
  };
  const answer = work().catch((): Answer => ({ kind: "unreadable" }));
  return { answer, abort: () => line.abort() };
}

/** Asks for a file whose bytes are not here any more: whether it arrived before its page was closed (I4). */
export function askFor(item: Item): Sending {
  const line = new Line();
  const work = async (): Promise<Answer> => {
    const later = await import("./parts").catch(() => null);
    return later ? later.arrived(line, item) : LOST;
  };
  return { answer: work(), abort: () => line.abort() };
}
