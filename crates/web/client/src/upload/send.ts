/** One file, one request. XMLHttpRequest, because fetch reports no upload progress. */
import { noteAnswer } from "../api/client";
import { sessionNumber } from "../api/contact";
import { missed, reached } from "../api/reach";
import { problemFrom } from "../api/problem";
import type { UploadReport } from "../api/types";
import { uploadUrl } from "../resources/images";
import type { Answer, Item } from "./queue";

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

export function send(item: Item, file: File, onProgress: (sent: number) => void): Sending {
  const session = sessionNumber();
  const request = new XMLHttpRequest();
  const answer = new Promise<Answer>((resolve) => {
    request.open("POST", uploadUrl(item.patientId));
    request.setRequestHeader("Idempotency-Key", item.key);
    request.setRequestHeader("Accept", "application/json, application/problem+json");
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded));
    request.addEventListener("load", () => {
      reached();
      const body = parsed(request.responseText);
      if (request.status === 200 && isReport(body)) {
        noteAnswer(request.status, "", session);
        resolve({ kind: "report", report: body });
        return;
      }
      const problem = problemFrom(request.status, body);
      noteAnswer(request.status, problem.code, session);
      // An upload that was ended tells what became of the files before its end (I2). Ours has one file.
      if (isReport(body) && body.results.length > 0) resolve({ kind: "report", report: { results: body.results } });
      else resolve({ kind: "problem", problem, wasExamined: !wasPassedOver(body) });
    });
    for (const event of ["error", "timeout", "abort"]) {
      request.addEventListener(event, () => {
        if (event !== "abort") missed();
        resolve({ kind: "lost" });
      });
    }
    const form = new FormData();
    form.append("file", file, item.name);
    request.send(form);
  });
  return { answer, abort: () => request.abort() };
}
