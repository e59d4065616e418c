/** The hooks that pages use, over a server of live sync that the test brings. */
import { act, renderHook, screen } from "@testing-library/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { visitsQuery } from "../resources/visits";
import { serve } from "../testing/server";
import { show } from "../testing/show";
import { Clock } from "../testing/clock";
import { LiveServer } from "../testing/liveServer";
import type { SaveStatus } from "./status";

const outside = vi.hoisted(() => ({ live: null as unknown }));
vi.mock("./live", async (original) => ({ ...(await original<object>()), get live() { return outside.live; } }));

const { Live } = await vi.importActual<typeof import("./live")>("./live");
const { useKeptEdits, useLiveStatus, useVisitDraft, useWatch, useWorse } = await import(".");

let clock: Clock;
let server: LiveServer;
let live: InstanceType<typeof Live>;
const pass = (ms: number): Promise<void> => act(() => clock.pass(ms));

beforeEach(async () => {
  clock = new Clock();
  server = new LiveServer(clock);
  server.add("v1", "p1", "notes", "Title");
  live = new Live({
    now: clock.now,
    random: () => 0,
    wait: clock.wait,
    connect: server.connect,
    claim: () => Promise.resolve("c1"),
    take: () => Promise.resolve(null),
    shelf: () => Promise.resolve(null),
    suspect: () => undefined,
    ended: () => undefined,
  });
  outside.live = live;
  await live.follow({ kind: "in", session: { accountId: "a", queueKey: null } });
  return () => live.follow({ kind: "out", forGood: true });
});

function Visit() {
  const { state, title, notes, status, others } = useVisitDraft("p1", "v1");
  const { bind } = notes;
  return (
    <form>
      <output>{`${state} ${status.kind} ${useLiveStatus().kind} ${useKeptEdits()} ${others.length}`}</output>
      <input aria-label="Title" value={title.value} onChange={(event) => title.set(event.target.value)} />
      <textarea aria-label="Notes" ref={bind} />
    </form>
  );
}

describe("useVisitDraft", () => {
  it("shows the visit, takes what is typed, and says how it stands", async () => {
    const { unmount } = show(<Visit />);
    const said = (): string => screen.getByRole("status").textContent ?? "";
    expect(said()).toBe("loading saved connecting 0 0");
    await pass(100);
    expect(said()).toBe("ready saved open 0 0");
    const [title, notes] = [screen.getByLabelText("Title"), screen.getByLabelText("Notes")] as [HTMLInputElement, HTMLTextAreaElement];
    expect([title.value, notes.value]).toEqual(["Title", "notes"]);
    act(() => {
      notes.value = "notes typed";
      notes.dispatchEvent(new Event("input", { bubbles: true }));
    });
    expect(said()).toBe("ready saving open 1 0");
    await pass(3000);
    expect([said(), server.visits.get("v1")?.values.notes]).toEqual(["ready saved open 0 0", "notes typed"]);
    server.tellAll({ kind: "presence", entry: "v1", others: [{ connection: "c9", device: "iPad", field: "notes" }] });
    await pass(100);
    expect(said()).toBe("ready saved open 0 1");
    unmount();
    await pass(100);
    expect(server.heard.at(-1)).toEqual({ kind: "leave", entry: "v1" });
  });
});

describe("useWatch", () => {
  function Visits() {
    useWatch("p1");
    const { data } = useInfiniteQuery(visitsQuery("p1"));
    return <p>{`${data?.pages[0]?.entries.length ?? "…"} visits`}</p>;
  }

  it("fetches again what shows what was changed, and nothing else; after a gap everything", async () => {
    const { to } = serve({ "GET /api/v1/patients/p1/entries": () => ({ body: { entries: [], nextCursor: null } }) });
    show(<Visits />);
    await screen.findByText("0 visits");
    await pass(100);
    const times = (): number => to("GET /api/v1/patients/p1/entries").length;
    expect(times()).toBe(1);
    server.tellAll({ kind: "changed", patient: "p1", entry: null, what: "consents", since: "m" });
    await pass(1000);
    expect(times()).toBe(1);
    server.tellAll({ kind: "changed", patient: "p1", entry: "v1", what: "entry", since: "m" });
    await pass(1000);
    expect(times()).toBe(2);
    server.tellAll({ kind: "resync", since: "m" });
    await pass(1000);
    expect(times()).toBe(3);
  });
});

describe("useWorse", () => {
  it("tells of a change for the worse only", () => {
    const said: (string | null)[] = [];
    const { rerender } = renderHook(({ status }: { status: SaveStatus }) => said.push(useWorse(status)?.kind ?? null), { initialProps: { status: { kind: "saved", at: null } } });
    const all: SaveStatus[] = [{ kind: "saving" }, { kind: "offline", count: 1 }, { kind: "offline", count: 2 }, { kind: "choice" }, { kind: "saving" }, { kind: "saved", at: null }, { kind: "error", why: "" }];
    for (const status of all) rerender({ status });
    expect(said.filter((it, at) => it !== said[at - 1])).toEqual([null, "offline", "choice", null, "error"]);
  });
});
