/* oxlint-disable no-await-in-loop -- one after the other */
import { beforeEach, describe, expect, it } from "vitest";
import { Clock } from "../testing/clock";
import { openPage, type Page, SESSION, Shelf } from "../testing/livePage";
import { bodyOf, LiveServer } from "../testing/liveServer";
import { keptEdits } from "./bridge";

let clock: Clock;
let server: LiveServer;
let shelf: Shelf;

const page = (client = "c1", entry = "v1"): Promise<Page> => openPage(clock, server, shelf, client, entry);
const stored = (id = "v1"): string => server.visits.get(id)?.values.notes ?? "";
const edits = () => server.heard.filter((it) => it.kind === "edit");

beforeEach(() => {
  clock = new Clock();
  server = new LiveServer(clock);
  shelf = new Shelf();
  server.add("v1");
});

describe("E3: everything saves as it is typed", () => {
  it("the first words after 300 ms, then at most every two seconds, and nothing else", async () => {
    const one = await page();
    await clock.pass(100);
    expect([one.visit.snapshot().state, one.status()]).toEqual(["ready", "saved"]);
    one.type("N");
    expect(one.status()).toBe("saving");
    await clock.pass(299);
    expect(edits()).toHaveLength(0);
    await clock.pass(50);
    expect([stored(), one.status()]).toEqual(["N", "saved"]);
    for (const text of ["Na", "Nae", "Naev"]) {
      one.type(text);
      await clock.pass(200);
    }
    expect(stored()).toBe("N");
    await clock.pass(2000);
    expect([stored(), edits().length, server.stored]).toEqual(["Naev", 2, 2]);
    expect(shelf.records.size).toBe(0);
    expect(keptEdits()).toBe(0);
  });

  it("at once when the person asks, as on blur", async () => {
    const one = await page();
    await clock.pass(100);
    one.type("N");
    one.visit.flush();
    await clock.pass(25);
    expect([stored(), one.status()]).toEqual(["N", "saved"]);
  });

  it("title and appointment are set as a whole; an empty title is none; the same time in another form is no change", async () => {
    const one = await page();
    await clock.pass(100);
    one.visit.set("title", "Check-up ");
    one.visit.set("appointmentAt", "2027-01-15T09:00:00+01:00");
    await clock.pass(3000);
    expect(edits().map((it) => it.kind === "edit" && it.change)).toEqual([{ set: "Check-up" }]);
    expect([one.status(), one.visit.snapshot().values.title]).toEqual(["saved", "Check-up "]);
    one.visit.set("title", "  ");
    await clock.pass(3000);
    expect(edits().map((it) => it.kind === "edit" && it.change).at(-1)).toEqual({ set: null });
  });

  it("F3: where the browser has no network, that is told after two seconds, and not where the server answers all the same", async () => {
    const one = await page();
    await clock.pass(100);
    one.live.doubt();
    await clock.pass(1100);
    expect(one.status()).toBe("saved");
    server.isMute = true;
    one.live.doubt();
    await clock.pass(1900);
    expect(one.status()).toBe("saved");
    await clock.pass(200);
    expect(one.status()).toBe("offline");
  });

  it("a full server is told, and the same edit is sent again until it is stored", async () => {
    const one = await page();
    await clock.pass(100);
    server.refusal = "storage_full";
    one.type("abc");
    await clock.pass(1000);
    expect(one.visit.snapshot().status).toEqual({ kind: "error", why: "storage_full" });
    server.refusal = null;
    await clock.pass(6000);
    expect([one.status(), stored(), server.stored]).toEqual(["saved", "abc", 1]);
    expect(new Set(edits().map((it) => it.kind === "edit" && bodyOf(it))).size).toBe(1);
  });

  it("notes that are too long are not sent, and go on once they are shortened", async () => {
    const one = await page();
    await clock.pass(100);
    one.type("é".repeat(40_000));
    await clock.pass(3000);
    expect([one.status(), edits().length]).toEqual(["error", 0]);
    one.type("é");
    await clock.pass(3000);
    expect([one.status(), stored()]).toEqual(["saved", "é"]);
  });
});

describe("S1: nothing that was typed is lost or stored twice", () => {
  it("case 1: a dead connection that says it is open is noticed by an unanswered question; what was typed arrives as one revision", async () => {
    const one = await page();
    await clock.pass(100);
    server.isMute = true;
    one.type("typed while dead");
    await clock.pass(2000);
    expect(one.status()).toBe("saving");
    one.live.wake();
    await clock.pass(5000);
    expect(one.visit.snapshot().status).toEqual({ kind: "offline", count: 1 });
    one.type("typed while dead, and on");
    server.isMute = false;
    await clock.pass(12_000);
    expect([one.status(), stored(), server.stored]).toEqual(["saved", "typed while dead, and on", 2]);
    // What was typed after the loss is one revision, however long it took.
    expect(edits()).toHaveLength(2);
  });

  it("case 1: without being asked, a dead connection is noticed within fifteen seconds", async () => {
    const one = await page();
    await clock.pass(100);
    server.isMute = true;
    await clock.pass(14_000);
    expect(one.status()).toBe("saved");
    await clock.pass(1100);
    expect(one.status()).toBe("offline");
  });

  it("case 2: what is typed in the gap before a loss is noticed is stored once, and it never says Saved while anything waits", async () => {
    const one = await page();
    await clock.pass(100);
    const said: string[] = [];
    one.visit.subscribe(() => {
      const { status } = one.visit.snapshot();
      if (keptEdits() > 0 && status.kind === "saved") said.push("saved too early");
    });
    server.isMute = true;
    one.type("abc");
    await clock.pass(1000);
    server.cut();
    one.type("abcd");
    await clock.pass(500);
    expect(one.status()).toBe("saving");
    await clock.pass(1500);
    expect(one.status()).toBe("offline");
    server.isMute = false;
    await clock.pass(40_000);
    expect([stored(), one.status(), said]).toEqual(["abcd", "saved", []]);
  });

  it("D16: a connection that is back within two seconds was never away: Saving stays, and Saved where nothing waits", async () => {
    const one = await page();
    await clock.pass(100);
    const said: string[] = [];
    one.visit.subscribe(() => said.push(`${one.status()} ${keptEdits()}`));
    server.cut();
    await clock.pass(1000);
    expect([one.status(), new Set(said)]).toEqual(["saved", new Set(["saved 0"])]);
    said.length = 0;
    one.type("abc");
    await clock.pass(100);
    server.cut();
    await clock.pass(4000);
    expect([stored(), new Set(said)]).toEqual(["abc", new Set(["saving 1", "saved 0"])]);
  });

  it("D16: one that is away for longer is told after two seconds, with what waits, and only once", async () => {
    const one = await page();
    await clock.pass(100);
    server.isDown = true;
    one.type("abc");
    server.cut();
    await clock.pass(1999);
    expect(one.status()).toBe("saving");
    await clock.pass(1);
    expect(one.visit.snapshot().status).toEqual({ kind: "offline", count: 1 });
    const said: string[] = [];
    one.visit.subscribe(() => said.push(one.status()));
    await clock.pass(60_000);
    expect(new Set(said)).toEqual(new Set(said.length > 0 ? ["offline"] : []));
    server.isDown = false;
    await clock.pass(31_000);
    expect([one.status(), stored(), server.stored]).toEqual(["saved", "abc", 1]);
    // The next loss has two seconds of its own.
    server.cut();
    expect(one.status()).toBe("saved");
  });

  it("case 3: the server dies between receiving and storing: it says Saving until the same edit is stored, once", async () => {
    const one = await page();
    await clock.pass(100);
    server.trap = "dies before it is stored";
    one.type("abc");
    await clock.pass(330);
    expect([server.stored, one.status()]).toEqual([0, "saving"]);
    await clock.pass(3000);
    expect([stored(), server.stored, one.status()]).toEqual(["abc", 1, "saved"]);
    expect(new Set(edits().map((it) => it.kind === "edit" && bodyOf(it))).size).toBe(1);
  });

  it("case 4: the acknowledgement is lost: nothing is added, and what was typed since comes on top", async () => {
    const one = await page();
    await clock.pass(100);
    server.trap = "dies after it is stored";
    one.type("abc");
    await clock.pass(320);
    one.type("abcd");
    await clock.pass(4000);
    expect([stored(), server.stored, one.status(), one.notes()]).toEqual(["abcd", 2, "saved", "abcd"]);
    // The first is sent again, and answered as it was.
    expect(edits().map((it) => it.kind === "edit" && it.seq).filter((seq, at, all) => all.indexOf(seq) === at)).toHaveLength(2);
    expect(edits()).toHaveLength(3);
  });

  it("numbers go on after a reload, and also after the clock was set back", async () => {
    const one = await page();
    await clock.pass(100);
    one.type("abc");
    await clock.pass(3000);
    one.crash();
    const ledger = server.ledgers.get("c1 v1 notes");
    if (ledger) ledger.seq += 3 * 24 * 3_600_000;
    const again = await page();
    await clock.pass(100);
    again.type("abcd");
    await clock.pass(10_000);
    expect([stored(), again.status()]).toEqual(["abcd", "saved"]);
  });

  it.each(["dies before it is stored", "dies after it is stored"] as const)("cases 2 to 4, and the page crashes too: the server %s, and the reloaded page brings it once", async (trap) => {
    const one = await page();
    await clock.pass(100);
    server.trap = trap;
    one.type("abc");
    await clock.pass(330);
    one.type("abc\nand more");
    await clock.pass(260);
    one.crash();
    const again = await page();
    // The title is not known before the visit was opened.
    expect([again.notes(), again.visit.snapshot().state]).toEqual(["abc\nand more", "loading"]);
    await clock.pass(5000);
    expect([stored(), again.status(), server.stored, shelf.records.size]).toEqual(["abc\nand more", "saved", 2, 0]);
  });

  it("a page that is closed for good: another one sends what it left, under the old id, within ten seconds", async () => {
    const one = await page("c1");
    await clock.pass(100);
    server.trap = "dies after it is stored";
    one.type("abc");
    await clock.pass(330);
    one.type("abc\nand more");
    await clock.pass(260);
    const other = await page("c2");
    await clock.pass(5000);
    expect(server.ledgers.has("c2 v1 notes")).toBe(false);
    one.crash();
    const before = server.stored;
    await clock.pass(10_000);
    expect([stored(), server.stored - before, shelf.records.size]).toEqual(["abc\nand more", server.stored - before, 0]);
    expect([other.notes(), other.status(), server.ledgers.has("c1 v1 notes"), server.ledgers.has("c2 v1 notes")]).toEqual(["abc\nand more", "saved", true, false]);
    expect(shelf.alive.has("c1")).toBe(false);
  });

  it("what a closed page left and another one changed meanwhile is a choice in the page that is open", async () => {
    server.add("v1", "p1", "5 mg");
    const one = await page("c1");
    await clock.pass(100);
    server.isMute = true;
    one.type("10 mg");
    await clock.pass(600);
    one.crash();
    server.isMute = false;
    server.edit("v1", "notes", "20 mg");
    const other = await page("c2");
    await clock.pass(10_000);
    expect([other.status(), other.visit.snapshot().clash]).toEqual(["choice", expect.objectContaining({ field: "notes", mine: "10 mg", theirs: "20 mg" })]);
    expect(keptEdits()).toBe(1);
    other.visit.choose({ text: "10 mg, then 20 mg" });
    await clock.pass(3000);
    expect([stored(), other.notes(), other.status(), keptEdits(), shelf.records.size]).toEqual(["10 mg, then 20 mg", "10 mg, then 20 mg", "saved", 0, 0]);
  });

  it("a device that is full: what is typed is sent all the same", async () => {
    const one = await page();
    await clock.pass(100);
    shelf.isFull = true;
    one.type("abc");
    await clock.pass(1000);
    expect([stored(), one.status()]).toEqual(["abc", "saved"]);
  });

  it("case 6: two pages with ids of their own type into one visit: both stay", async () => {
    const [one, other] = [await page("c1"), await page("c2")];
    await clock.pass(100);
    one.type("from one");
    other.type("from the other");
    await clock.pass(5000);
    expect(stored().split("\n").toSorted()).toEqual(["from one", "from the other"]);
    expect([one.notes(), other.notes()]).toEqual([stored(), stored()]);
  });

  it("case 7: the answer to the first letter comes at the third: nothing typed is replaced, and saving the title leaves the notes alone", async () => {
    const one = await page();
    await clock.pass(100);
    server.latency = 1000;
    one.type("A");
    await clock.pass(310);
    one.type("AB\n");
    one.visit.set("title", "T");
    await clock.pass(2000);
    expect(one.notes()).toBe("AB\n");
    await clock.pass(10_000);
    expect([one.notes(), stored(), server.visits.get("v1")?.values.title, one.status()]).toEqual(["AB\n", "AB\n", "T", "saved"]);
  });

  it("what others write comes in while this person types, also before the own answer", async () => {
    server.add("v2", "p1", "first\nlast");
    const one = await page("c1", "v2");
    await clock.pass(100);
    server.latency = 500;
    one.type("first\nlast line");
    await clock.pass(310);
    server.edit("v2", "notes", "FIRST\nlast");
    one.type("first\nlast line.");
    await clock.pass(10_000);
    expect([one.notes(), stored("v2"), one.status()]).toEqual(["FIRST\nlast line.", "FIRST\nlast line.", "saved"]);
  });

  it("the same line changed differently is a choice: both are kept, over a reload too, until the person has chosen", async () => {
    server.add("v2", "p1", "5 mg\nrest");
    const one = await page("c1", "v2");
    await clock.pass(100);
    one.type("10 mg\nrest");
    server.edit("v2", "notes", "20 mg\nrest");
    await clock.pass(3000);
    const clash = { field: "notes", mine: "10 mg\nrest", theirs: "20 mg\nrest", base: "5 mg\nrest", by: { username: "amal.okafor", name: "Amal Okafor" }, at: expect.any(String) };
    expect([one.status(), one.visit.snapshot().clash]).toEqual(["choice", clash]);
    one.crash();
    const again = await page("c1", "v2");
    await clock.pass(3000);
    expect([again.status(), again.visit.snapshot().clash]).toEqual(["choice", clash]);
    again.visit.choose("mine");
    await clock.pass(3000);
    expect([stored("v2"), again.status(), again.notes(), again.visit.snapshot().clash]).toEqual(["10 mg\nrest", "saved", "10 mg\nrest", null]);
  });

  it("a title that somebody else changed is a choice, and theirs can be taken", async () => {
    const one = await page();
    await clock.pass(100);
    server.isMute = true;
    one.visit.set("title", "Mine");
    await clock.pass(1000);
    server.cut();
    server.isMute = false;
    server.edit("v1", "title", "Theirs");
    await clock.pass(5000);
    expect(one.visit.snapshot().clash).toMatchObject({ field: "title", mine: "Mine", theirs: "Theirs" });
    one.visit.choose("theirs");
    await clock.pass(3000);
    expect([one.visit.snapshot().values.title, one.status(), server.visits.get("v1")?.values.title]).toEqual(["Theirs", "saved", "Theirs"]);
  });

  it("case 10: the hash differs: nothing is saved on the wrong text, what was typed is kept, and the visit is opened again", async () => {
    const one = await page();
    await clock.pass(100);
    one.type("mine");
    // The server is restored from a backup, and nobody tells.
    const visit = server.visits.get("v1");
    if (visit) visit.values = { ...visit.values, notes: "of the backup" };
    await clock.pass(400);
    await clock.pass(10_000);
    expect(stored().split("\n").toSorted()).toEqual(["mine", "of the backup"]);
    expect([one.notes(), one.status()]).toEqual([stored(), "saved"]);
    expect(server.heard.filter((it) => it.kind === "open")).toHaveLength(2);
  });

  it("A7, C13: what a page opens or sends again by itself says so; what somebody does never", async () => {
    const one = await page();
    await clock.pass(100);
    const said = () => server.heard.splice(0).flatMap((it) => (it.kind === "open" || it.kind === "edit" ? [`${it.kind}${it.again ? " again" : ""}`] : []));
    expect(said()).toEqual(["open"]);
    one.type("typed");
    await clock.pass(3000);
    expect(said()).toEqual(["edit"]);
    // A connection that comes back, over and over.
    for (let time = 0; time < 3; time += 1) {
      server.cut();
      await clock.pass(40_000);
      expect(said()).toEqual(["open again"]);
    }
    // An edit whose answer is lost.
    server.trap = "dies after it is stored";
    one.type("typed on");
    await clock.pass(40_000);
    expect(said()).toEqual(["edit", "open again", "edit again"]);
    // A server that cannot store for a while.
    server.refusal = "unavailable";
    one.type("typed on and on");
    await clock.pass(3000);
    server.refusal = null;
    await clock.pass(6000);
    expect(said()).toEqual(["edit", "edit again"]);
    // A text that drifted.
    const visit = server.visits.get("v1");
    if (visit) visit.values = { ...visit.values, notes: "of the backup" };
    one.type("typed on and on, mine");
    await clock.pass(10_000);
    expect(said().slice(0, 2)).toEqual(["edit", "open again"]);
    // Somebody comes back to the visit.
    one.hide();
    await clock.pass(100);
    one.live.show(one.visit);
    await clock.pass(100);
    expect(said()).toEqual(["open"]);
  });

  it("case 10: a visit that never matches is not saved, and says so", async () => {
    const one = await page();
    await clock.pass(100);
    server.refusal = "hash_differs";
    one.type("mine");
    await clock.pass(60_000);
    expect([one.status(), one.notes(), shelf.records.size]).toEqual(["error", "mine", 1]);
    const sent = edits().length;
    await clock.pass(60_000);
    expect(edits()).toHaveLength(sent);
  });
});

describe("case 11: the session", () => {
  it("is over: the connection ends, no later frame is obeyed, what was typed stays and goes on after signing in again", async () => {
    const one = await page();
    await clock.pass(100);
    one.type("typed");
    server.bye("session_ended");
    await clock.pass(50);
    expect([one.ended, one.live.status().kind]).toEqual([["session_ended"], "off"]);
    await one.live.follow({ kind: "held" });
    server.edit("v1", "title", "nobody hears it");
    await clock.pass(5000);
    expect([one.notes(), one.visit.snapshot().values.title, stored()]).toEqual(["typed", "", ""]);
    await one.live.follow({ kind: "in", session: SESSION });
    await clock.pass(3000);
    expect([stored(), one.status(), one.visit.snapshot().values.title]).toEqual(["typed", "saved", "nobody hears it"]);
  });

  it("is over while the page is gone: the next page of the same person goes on; signed out for good, nothing does", async () => {
    const one = await page();
    await clock.pass(100);
    server.isMute = true;
    one.type("typed");
    await clock.pass(500);
    await one.live.follow({ kind: "held" });
    await one.live.follow({ kind: "out", forGood: false });
    expect([keptEdits(), shelf.records.size]).toEqual([0, 1]);
    server.isMute = false;
    await one.live.follow({ kind: "in", session: SESSION });
    await clock.pass(3000);
    expect(stored()).toBe("typed");

    const other = await page("c2");
    await clock.pass(100);
    server.isMute = true;
    other.type("never sent");
    await clock.pass(500);
    await other.live.follow({ kind: "out", forGood: true });
    // The device's own box is deleted by whoever signs out.
    shelf.records.clear();
    server.isMute = false;
    await other.live.follow({ kind: "in", session: { accountId: "a2", queueKey: "k2" } });
    await clock.pass(20_000);
    expect(stored()).toBe("typed");
  });

  it("signing out waits for what is on its way, but not for a server that is away", async () => {
    const one = await page();
    await clock.pass(100);
    one.type("last words");
    let isDone = false;
    void one.live.settle().then(() => (isDone = true));
    await clock.pass(30);
    expect([isDone, stored()]).toEqual([true, "last words"]);
    server.isMute = true;
    one.type("last words, and more");
    isDone = false;
    void one.live.settle().then(() => (isDone = true));
    await clock.pass(2900);
    expect(isDone).toBe(false);
    await clock.pass(200);
    expect([isDone, keptEdits()]).toEqual([true, 1]);
  });
});

describe("what others changed", () => {
  it("is told in crowds to whoever watches that patient, and after a gap everything is", async () => {
    const one = await page();
    const told: (string | null)[] = [];
    const unwatch = one.live.watch("p1", (what) => told.push(what && [...what].join(" ")));
    one.live.watch("p2", () => told.push("another patient"));
    await clock.pass(100);
    for (const what of ["images", "images", "tags"] as const) server.tellAll({ kind: "changed", patient: "p1", entry: null, what, since: "m" });
    await clock.pass(400);
    expect(told).toEqual(["images tags"]);
    server.tellAll({ kind: "changed", patient: "p1", entry: null, what: "images", since: "m" });
    server.tellAll({ kind: "resync", since: "m" });
    await clock.pass(400);
    expect(told).toEqual(["images tags", null, "another patient"]);
    unwatch();
    server.tellAll({ kind: "changed", patient: "p1", entry: null, what: "images", since: "m" });
    await clock.pass(400);
    expect(told).toHaveLength(3);
    // After a loss it says what it saw last.
    server.cut();
    await clock.pass(1000);
    expect(server.heard.filter((it) => it.kind === "hello").map((it) => it.kind === "hello" && it.since)).toEqual([null, "m"]);
    expect(server.heard.filter((it) => it.kind === "watch" && it.patient === "p2")).toHaveLength(2);
  });
});

describe("live connections that do not come through", () => {
  it("the server answers otherwise: the status says so, edits wait, and nothing is lost", async () => {
    const one = await page();
    await clock.pass(100);
    server.isDown = true;
    server.cut();
    one.type("abc");
    await clock.pass(4000);
    expect([one.status(), one.suspicions.length]).toEqual(["offline", 1]);
    one.suspicions[0]?.(true);
    expect(one.visit.snapshot().status).toMatchObject({ kind: "error", why: expect.stringContaining("live connections") });
    expect(shelf.records.size).toBe(1);
    server.isDown = false;
    await clock.pass(31_000);
    expect([one.status(), stored()]).toEqual(["saved", "abc"]);
  });

  it("another version: the page has to be loaded again, and what was typed is kept", async () => {
    const one = await page();
    await clock.pass(100);
    one.type("abc");
    server.bye("version");
    await clock.pass(60_000);
    expect([one.live.status().kind, one.status(), shelf.records.size, server.heard.filter((it) => it.kind === "hello").length]).toEqual(["outdated", "error", 1, 1]);
  });
});
