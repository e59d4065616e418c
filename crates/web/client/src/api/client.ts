/** The typed client: openapi-fetch over the browser's fetch, problems thrown, contact noted. */
import createClient from "openapi-fetch";
import { isAttended } from "./attended";
import { ended, heard, refusedAsSigned, refusedForHandOver, refusedForRoom, sessionNumber } from "./contact";
import { missed, reached } from "./reach";
import { noteServerTime } from "./serverClock";
import { ApiProblem, HANDED_OVER, offlineProblem, problemFrom, VISIT_SIGNED } from "./problem";
import type { paths } from "./types";

export const http = createClient<paths>({
  baseUrl: "",
  credentials: "same-origin",
  cache: "no-store",
  // Looked up at each call, so that a test can answer in the server's place.
  fetch: (request) => fetch(request),
});

http.use({
  onRequest: ({ request }) => {
    if (!isAttended()) request.headers.set("X-Cutis-Background", "1");
    return request;
  },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Called for every answer, by whichever way it came; `session` is the one in which it was asked for. */
export function noteAnswer(status: number, code: string, session: number): void {
  if (status === 401 && code !== "sign_in_failed") {
    if (session === sessionNumber()) ended(false);
  }
  else if (status !== 401 && status < 500 && code !== HANDED_OVER) heard(Date.now());
  if (status === 507) refusedForRoom();
  if (code === HANDED_OVER && session === sessionNumber()) refusedForHandOver();
}

/** Gives the body of a good answer and throws an ApiProblem for every other outcome. */
export async function take<T>(call: Promise<Answer<T>>, by: "person" | "background" = "person"): Promise<T> {
  const session = sessionNumber();
  const sent = Date.now();
  const isUse = by === "person" && isAttended();
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    missed();
    throw offlineProblem();
  }
  const { response } = answer;
  reached();
  noteServerTime(response, sent);
  const problem = response.ok ? null : problemFrom(response.status, answer.error);
  // A background request does not prolong the session; only what ends or suspends it matters.
  if (isUse || response.status === 401 || problem?.code === HANDED_OVER) noteAnswer(response.status, problem?.code ?? "", session);
  if (problem?.code === VISIT_SIGNED) refusedAsSigned();
  if (problem) throw problem;
  return answer.data as T;
}

/** How far the server's clock is from this device's, from the `Date` header (one second exact). */
export function serverTime(response: Response): number {
  const date = Date.parse(response.headers.get("date") ?? "");
  return Number.isNaN(date) ? Date.now() : date;
}

export { ApiProblem };
