/** A server for component tests: it answers what the test says, and remembers what it was asked. */
import { vi } from "vitest";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
}

type Handler = Answer | ((asked: Asked) => Answer | Promise<Answer>);

export interface Served {
  readonly asked: Asked[];
  /** What was asked of one route, named as in the routes. */
  to: (route: string) => Asked[];
  /** Changes one answer, from the next request on. */
  answer: (route: string, handler: Handler) => void;
}

/** Routes are named by method and path, `*` standing for one part: `GET /api/v1/patients/*`. The most exact one answers. */
export function serve(routes: Record<string, Handler>): Served {
  const all = new Map(Object.entries(routes));
  const asked: Asked[] = [];
  const fits = (route: string, { method, path }: Asked): boolean => {
    const [verb = "", pattern = ""] = route.split(" ");
    return verb === method && new RegExp(`^${pattern.replaceAll("*", "[^/]+")}$`).test(path);
  };
  vi.stubGlobal("fetch", async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const text = await request.text();
    const one: Asked = { method: request.method, path: url.pathname, query: url.searchParams, body: text ? JSON.parse(text) : null };
    asked.push(one);
    const route = [...all.keys()].filter((it) => fits(it, one)).toSorted((a, b) => a.split("*").length - b.split("*").length)[0];
    const handler = route === undefined ? undefined : all.get(route);
    if (!handler) throw new Error(`the test has no answer to ${one.method} ${one.path}`);
    const { status = 200, body = {} } = typeof handler === "function" ? await handler(one) : handler;
    const type = status < 400 ? "application/json" : "application/problem+json";
    return new Response(status === 204 ? null : JSON.stringify(body), { status, headers: { "content-type": type } });
  });
  return { asked, to: (route) => asked.filter((it) => fits(route, it)), answer: (route, handler) => all.set(route, handler) };
}

/** A refusal (RFC 9457), with the fields it is about. */
export const refusal = (status: number, code: string, fields: Record<string, string> = {}, more: object = {}): Answer => ({
  status,
  body: { code, detail: `Refused: ${code}.`, errors: Object.entries(fields).map(([field, message]) => ({ field, code: "x", message })), ...more },
});

/** An answer that is kept back until the test lets it go. */
export function later(answer: Answer): { handler: () => Promise<Answer>; release: () => void } {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {
    handler: async () => {
      await released;
      return answer;
    },
    release: () => release(),
  };
}
