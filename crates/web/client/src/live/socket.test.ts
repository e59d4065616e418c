import { beforeEach, describe, expect, it } from "vitest";
import type { WireEvents } from "../api/live";
import { Clock } from "../testing/clock";
import { Socket } from "./socket";

interface Attempt {
  readonly events: WireEvents;
  readonly sent: Record<string, unknown>[];
  isClosed: boolean;
  readonly say: (message: unknown) => void;
}

let clock: Clock;
let attempts: Attempt[];
let random: number;
const told: unknown[] = [];
let socket: Socket;

const latest = (): Attempt => {
  const attempt = attempts.at(-1);
  if (!attempt) throw new Error("no attempt");
  return attempt;
};
const welcome = (): void => {
  latest().events.opened();
  latest().say({ kind: "welcome", version: 1, connection: "c", now: "", since: "m1" });
};
const kind = (): string => socket.status().kind;

beforeEach(() => {
  clock = new Clock();
  attempts = [];
  random = 0;
  told.length = 0;
  socket = new Socket(
    {
      now: clock.now,
      random: () => random,
      wait: clock.wait,
      connect: (events) => {
        const attempt: Attempt = { events, sent: [], isClosed: false, say: (message) => events.heard(typeof message === "string" ? message : JSON.stringify(message)) };
        attempts.push(attempt);
        return { send: (text) => attempt.sent.push(JSON.parse(text) as Record<string, unknown>) > 0, close: () => (attempt.isClosed = true) };
      },
    },
    {
      greeting: () => ({ client: "c1", since: "m0" }),
      welcomed: ({ since }) => void told.push(since),
      received: (message) => void told.push(message.kind),
      changed: () => undefined,
      ended: (why) => void told.push(why),
      suspect: () => void told.push("suspect"),
    },
  );
});

describe("a connection", () => {
  it("says hello with its id and its mark, and is open once it is welcomed", async () => {
    socket.start();
    expect(kind()).toBe("connecting");
    expect(socket.send({ kind: "unwatch", patient: "p" })).toBe(false);
    welcome();
    expect([kind(), told, latest().sent]).toEqual(["open", ["m1"], [{ kind: "hello", version: 1, client: "c1", since: "m0" }]]);
    socket.start();
    expect(attempts).toHaveLength(1);
  });

  it("case 1: asks after ten seconds of silence, and is lost after five more without an answer", async () => {
    socket.start();
    welcome();
    await clock.pass(9999);
    expect(latest().sent).toHaveLength(1);
    await clock.pass(1);
    expect(latest().sent.at(-1)).toEqual({ kind: "ping", n: 1 });
    await clock.pass(4999);
    latest().say({ kind: "pong", n: 1 });
    await clock.pass(9999);
    expect(kind()).toBe("open");
    await clock.pass(5001);
    expect([kind(), attempts[0]?.isClosed]).toEqual(["waiting", true]);
  });

  it("D16: that closed is away only after two seconds; one that did not answer, which took five, at once", async () => {
    const isBrief = (): unknown => {
      const status = socket.status();
      return status.kind === "waiting" ? status.isBrief : status.kind;
    };
    socket.start();
    welcome();
    latest().events.closed(1006);
    await clock.pass(1999);
    expect(isBrief()).toBe(true);
    // An attempt that fails meanwhile begins nothing anew.
    latest().events.closed(1006);
    await clock.pass(1);
    expect(isBrief()).toBe(false);
    await clock.pass(30_000);
    welcome();
    socket.wake();
    await clock.pass(5000);
    expect(isBrief()).toBe(false);
  });

  it("is asked at once when the page, the person or the network is back, and not again while the answer is awaited", async () => {
    socket.start();
    welcome();
    socket.wake();
    await clock.pass(3000);
    socket.wake();
    expect(latest().sent.filter((it) => it["kind"] === "ping")).toHaveLength(1);
    await clock.pass(2000);
    expect(kind()).toBe("waiting");
  });

  it("comes back after 0.5 s, then twice as long each time up to 30 s, each up to half shorter by chance", async () => {
    socket.start();
    const waits: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      latest().events.closed(1006);
      const before = attempts.length;
      const began = clock.now();
      // oxlint-disable-next-line no-await-in-loop -- until it tries again
      while (attempts.length === before) await clock.pass(100);
      waits.push(clock.now() - began);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    random = 1;
    latest().events.closed(1006);
    await clock.pass(15_000);
    expect(attempts).toHaveLength(11);
    expect(told.filter((it) => it === "suspect")).toHaveLength(3);
  });

  it("is made at once when something is back, but an attempt that is under way is left alone", async () => {
    socket.start();
    latest().events.closed(1006);
    socket.wake();
    expect(attempts).toHaveLength(2);
    socket.wake();
    expect(attempts).toHaveLength(2);
    await clock.pass(10_000);
    expect(attempts[1]?.isClosed).toBe(true);
  });

  it("starts over with short waits once it was welcomed", async () => {
    socket.start();
    for (let round = 0; round < 5; round += 1) {
      latest().events.closed(1006);
      // oxlint-disable-next-line no-await-in-loop
      await clock.pass(30_000);
    }
    welcome();
    const before = attempts.length;
    latest().events.closed(1001);
    await clock.pass(500);
    expect(attempts).toHaveLength(before + 1);
  });

  it.each([
    ["bye", "session_ended"],
    ["bye", "handed_over"],
    ["close", "session_ended"],
    ["close", "handed_over"],
  ] as const)("case 11: ended by %s for %s it stays closed, and no later frame is obeyed", async (how, why) => {
    socket.start();
    welcome();
    const old = latest();
    if (how === "bye") old.say({ kind: "bye", code: why, detail: "" });
    else old.events.closed(why === "session_ended" ? 4401 : 4403);
    old.say({ kind: "resync", since: "m" });
    socket.wake();
    await clock.pass(60_000);
    expect([kind(), told, attempts.length, old.isClosed]).toEqual(["off", ["m1", why], 1, true]);
    socket.start();
    expect(attempts).toHaveLength(2);
  });

  it("of another version stays closed and asks for the page to be loaded again", async () => {
    socket.start();
    latest().events.opened();
    latest().say({ kind: "bye", code: "version", detail: "" });
    await clock.pass(60_000);
    expect([kind(), attempts.length]).toEqual(["outdated", 1]);
  });

  it("that was told to be slower does not come back at once", async () => {
    socket.start();
    welcome();
    latest().say({ kind: "bye", code: "too_many", detail: "" });
    await clock.pass(9000);
    expect(attempts).toHaveLength(1);
    await clock.pass(1000);
    expect(attempts).toHaveLength(2);
  });

  it("does not stumble over what it cannot read", () => {
    socket.start();
    welcome();
    for (const odd of ["", "{", "null", "7", '{"no":"kind"}']) latest().say(odd);
    latest().say({ kind: "resync", since: "m" });
    expect(told).toEqual(["m1", "resync"]);
  });

  it("that could not even be tried is tried again", async () => {
    let isRefused = true;
    const odd = new Socket(
      {
        now: clock.now,
        random: () => 0,
        wait: clock.wait,
        connect: () => {
          if (isRefused) throw new Error("blocked by policy");
          return { send: () => true, close: () => undefined };
        },
      },
      { greeting: () => ({ client: "c", since: null }), welcomed: () => undefined, received: () => undefined, changed: () => undefined, ended: () => undefined, suspect: () => undefined },
    );
    odd.start();
    expect(odd.status().kind).toBe("waiting");
    isRefused = false;
    await clock.pass(600);
    expect(odd.status().kind).toBe("waiting");
  });
});
