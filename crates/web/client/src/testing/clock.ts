/** A clock that goes only when a test says so, for what is given its clock and its timers. */
interface Timer {
  readonly at: number;
  readonly order: number;
  readonly then: () => void;
}

/** Lets everything that was promised come about. */
export async function settled(): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop -- one promise leads to the next
  for (let turn = 0; turn < 40; turn += 1) await Promise.resolve();
}

export class Clock {
  private timers: readonly Timer[] = [];
  private time: number;
  private order = 0;

  constructor(start = 1_800_000_000_000) {
    this.time = start;
  }

  readonly now = (): number => this.time;

  readonly wait = (ms: number, then: () => void): (() => void) => {
    this.order += 1;
    const timer = { at: this.time + ms, order: this.order, then };
    this.timers = [...this.timers, timer];
    return () => {
      this.timers = this.timers.filter((it) => it !== timer);
    };
  };

  /** Lets time pass, and what happens in it. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    await settled();
    for (let next = this.next(end); next; next = this.next(end)) {
      this.time = Math.max(this.time, next.at);
      const due = next;
      this.timers = this.timers.filter((it) => it !== due);
      due.then();
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await settled();
    }
    this.time = end;
  }

  private next(end: number): Timer | undefined {
    return this.timers.filter((it) => it.at <= end).toSorted((one, other) => one.at - other.at || one.order - other.order)[0];
  }
}

/** Numbers from 0 to 1 by chance, the same each time (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
