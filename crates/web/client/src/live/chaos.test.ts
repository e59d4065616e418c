/* oxlint-disable no-await-in-loop -- one after the other */
/**
 * Two people type into one visit while the network loses, doubles and cuts, the server dies before and after it stores, and pages
 * crash. In the end all have the same, every line that was typed is there once, and what is not was named in a choice.
 */
import { expect, it } from "vitest";
import { chance, Clock } from "../testing/clock";
import { openPage, type Page, Shelf } from "../testing/livePage";
import { LiveServer } from "../testing/liveServer";

const STEPS = 50;
const tokensIn = (text: string): readonly string[] => text.match(/t\d+/g) ?? [];

class Chaos {
  readonly clock = new Clock();
  readonly server = new LiveServer(this.clock);
  readonly shelf = new Shelf();
  readonly random: () => number;
  pages: Page[] = [];
  readonly clients = ["c1", "c2"];
  private tokens = 0;
  private closed = 0;
  readonly typed = new Set<string>();
  /** Removed by a person, or not taken in a choice. */
  readonly given = new Set<string>();

  /** Brought back by a choice of the whole text; two people may each bring it back. */
  readonly revived = new Set<string>();

  constructor(seed: number) {
    this.random = chance(seed);
    this.server.add("v1", "p1", "t0 first\n\nlast");
  }

  pick(most: number): number {
    return Math.floor(this.random() * most);
  }

  async start(): Promise<void> {
    for (const client of this.clients) this.pages.push(await openPage(this.clock, this.server, this.shelf, client));
    await this.clock.pass(100);
  }

  write(page: Page): void {
    if (page.visit.snapshot().state !== "ready") return;
    const lines = page.notes().split("\n");
    const at = this.pick(lines.length);
    this.tokens += 1;
    const token = `t${this.tokens}`;
    const how = this.pick(5);
    if (how === 0) {
      for (const gone of tokensIn(lines[at] ?? "")) this.given.add(gone);
      lines.splice(at, 1);
    } else {
      this.typed.add(token);
      if (how === 1) lines[at] = `${lines[at] ?? ""} ${token}`;
      else if (how === 2) lines.push(token);
      else lines.splice(at, 0, token);
    }
    page.type(lines.join("\n"));
  }

  choose(page: Page): void {
    const { clash } = page.visit.snapshot();
    if (!clash) return;
    const isMine = this.random() < 0.5;
    const [taken, left] = isMine ? [clash.mine, clash.theirs] : [clash.theirs, clash.mine];
    const stays = new Set(tokensIn(taken));
    const others = new Set(tokensIn(left));
    for (const token of stays) if (!others.has(token)) this.revived.add(token);
    for (const token of tokensIn(left)) if (!stays.has(token)) this.given.add(token);
    page.visit.choose(isMine ? "mine" : "theirs");
  }

  async crash(which: number): Promise<void> {
    // What was typed in the last quarter of a second is not on the device yet.
    await this.clock.pass(260);
    this.pages[which]?.crash();
    if (this.random() < 0.5) await this.clock.pass(this.pick(9000));
    // Closed for good while another page is open; or loaded again, so late perhaps that another page is at work with its id.
    if (this.random() < 0.5 || this.shelf.alive.has(this.clients[which] ?? "")) {
      this.closed += 1;
      this.clients[which] = `d${this.closed}`;
    }
    this.pages[which] = await openPage(this.clock, this.server, this.shelf, this.clients[which] ?? "");
    await this.clock.pass(this.pick(100));
  }

  async step(): Promise<void> {
    const which = this.pick(this.pages.length);
    const page = this.pages[which];
    const what = this.pick(20);
    if (!page) return;
    if (what < 10) this.write(page);
    else if (what < 12) this.choose(page);
    else if (what === 12) this.server.cut();
    else if (what === 13) this.server.isMute = !this.server.isMute;
    else if (what === 14) this.server.trap = this.random() < 0.5 ? "dies before it is stored" : "dies after it is stored";
    else if (what === 15) this.server.isDoubling = !this.server.isDoubling;
    else if (what === 16) this.server.latency = this.pick(1500);
    else if (what === 17) page.live.wake();
    else if (what === 18) page.visit.flush();
    else await this.crash(which);
    await this.clock.pass(this.pick(2) * this.pick(1500));
  }

  async calm(): Promise<void> {
    Object.assign(this.server, { isMute: false, isDoubling: false, trap: null, latency: 10 });
    for (let round = 0; round < 20; round += 1) {
      await this.clock.pass(20_000);
      for (const page of this.pages) this.choose(page);
    }
  }
}

const ROUNDS = Number(import.meta.env.VITE_CHAOS ?? 150);

it(`S1: converges, loses nothing and doubles nothing, in ${ROUNDS} chaotic hours`, { timeout: 3_600_000 }, async () => {
  for (let seed = 1; seed <= ROUNDS; seed += 1) {
    const chaos = new Chaos(seed);
    await chaos.start();
    for (let step = 0; step < STEPS; step += 1) await chaos.step();
    await chaos.calm();
    const stored = chaos.server.visits.get("v1")?.values.notes ?? "";
    const seen = { seed, notes: chaos.pages.map((page) => page.notes()), status: chaos.pages.map((page) => page.status()), kept: chaos.shelf.records.size };
    expect(seen).toEqual({ seed, notes: [stored, stored], status: ["saved", "saved"], kept: 0 });
    const found = tokensIn(stored);
    expect({ seed, doubled: found.filter((token, at) => found.indexOf(token) !== at && !chaos.revived.has(token)) }).toEqual({ seed, doubled: [] });
    expect({ seed, lost: [...chaos.typed].filter((token) => !found.includes(token) && !chaos.given.has(token)) }).toEqual({ seed, lost: [] });
    for (const page of chaos.pages) page.crash();
  }
});
