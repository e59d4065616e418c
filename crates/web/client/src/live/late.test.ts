/* oxlint-disable no-await-in-loop -- one after the other */
import { beforeEach, describe, expect, it } from "vitest";
import { Clock } from "../testing/clock";
import { openPage, type Page, Shelf } from "../testing/livePage";
import { LiveServer } from "../testing/liveServer";
import { keptEdits } from "./bridge";

let clock: Clock;
let server: LiveServer;
let shelf: Shelf;

const page = (client = "c1", entry = "v1"): Promise<Page> => openPage(clock, server, shelf, client, entry);
const stored = (id = "v1"): string => server.visits.get(id)?.values.notes ?? "";

beforeEach(() => {
  clock = new Clock();
  server = new LiveServer(clock);
  shelf = new Shelf();
  server.add("v1");
});

describe("E5: a visit that was signed, or is not there", () => {
  it("a visit that is not there is absent; one that is signed takes nothing, and what was typed stays", async () => {
    const none = await page("c2", "other");
    await clock.pass(100);
    expect([none.visit.snapshot().state, none.status()]).toEqual(["absent", "error"]);
    const one = await page();
    await clock.pass(100);
    const visit = server.visits.get("v1");
    if (visit) visit.signedAt = "2027-01-15T10:00:00Z";
    one.type("late");
    await clock.pass(3000);
    expect([one.status(), one.notes(), stored()]).toEqual(["error", "late", ""]);
    expect(shelf.records.size).toBe(1);
  });

  it("R0: a visit that was signed before the text of another page arrived: it is told and stays, also over a reload, until the person decides", async () => {
    server.add("v2", "p1", "before\nrest", "Title");
    const visit = server.visits.get("v2");
    const one = await page("c1", "v2");
    await clock.pass(100);
    server.isDown = true;
    server.cut();
    one.type("before\ntyped offline\nrest");
    one.visit.set("title", "Other title");
    await clock.pass(3000);
    expect(one.visit.snapshot().status).toEqual({ kind: "offline", count: 2 });
    expect(one.visit.snapshot().late).toEqual([]);
    server.edit("v2", "notes", "before, changed\nrest");
    if (visit) visit.signedAt = "2027-01-15T10:00:00Z";
    server.isDown = false;
    await clock.pass(40_000);
    const late = [
      { field: "title", text: "Other title", drop: expect.any(Function) },
      { field: "notes", text: "typed offline", drop: expect.any(Function) },
    ];
    const told = [{ kind: "error", why: "This visit was signed before your text arrived." }, late];
    expect([one.visit.snapshot().status, one.visit.snapshot().late]).toEqual(told);
    one.crash();
    const again = await page("c1", "v2");
    await clock.pass(5000);
    expect([again.visit.snapshot().status, again.visit.snapshot().late]).toEqual(told);
    again.visit.snapshot().late[1]?.drop();
    await clock.pass(1000);
    expect([again.status(), again.visit.snapshot().late, again.notes()]).toEqual(["error", [late[0]], "before, changed\nrest"]);
    again.visit.snapshot().late[0]?.drop();
    await clock.pass(1000);
    expect([again.status(), keptEdits(), shelf.records.size]).toEqual(["read_only", 0, 0]);
  });

  it("R0: what a closed page left unsent of a visit that is signed since is told in the page that is open", async () => {
    const one = await page("c1");
    await clock.pass(100);
    server.isDown = true;
    server.cut();
    one.type("left behind");
    await clock.pass(1000);
    one.crash();
    const visit = server.visits.get("v1");
    if (visit) visit.signedAt = "2027-01-15T10:00:00Z";
    server.isDown = false;
    const other = await page("c2");
    await clock.pass(15_000);
    expect([other.status(), other.visit.snapshot().late]).toEqual(["error", [expect.objectContaining({ field: "notes", text: "left behind" })]]);
    other.visit.snapshot().late[0]?.drop();
    await clock.pass(1000);
    expect([other.status(), shelf.records.size]).toEqual(["read_only", 0]);
  });

  it("R0: an edit of which the answer was lost, and that was stored before the visit was signed, is not late", async () => {
    const one = await page();
    await clock.pass(100);
    server.trap = "dies after it is stored";
    one.type("stored");
    await clock.pass(320);
    const visit = server.visits.get("v1");
    if (visit) visit.signedAt = "2027-01-15T10:00:00Z";
    await clock.pass(5000);
    expect([one.status(), one.visit.snapshot().late, stored()]).toEqual(["read_only", [], "stored"]);
  });
});
