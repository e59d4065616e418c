/**
 * The person's own steps in the notes. Undoing one takes it back on the newest text and leaves alone what others wrote since (case 9);
 * where they changed the same lines, the person is asked. The browser's own undo knows nothing of what came from elsewhere.
 */
import { merge } from "./merge";

const MOST_STEPS = 200;
/** Typing with shorter pauses is one step, in milliseconds. */
const PAUSE = 1000;
/** A longer step is not lengthened any more, in UTF-16 code units. */
const LONGEST = 40;

interface Step {
  readonly before: string;
  readonly after: string;
  readonly at: number;
}

/** `ask`: it cannot be done without replacing what somebody else wrote; `mine` would be the text, and `base` is what it and the newest text were made of. */
export type Undone = { readonly kind: "text"; readonly text: string } | { readonly kind: "ask"; readonly mine: string; readonly base: string };

export class Undo {
  private done: readonly Step[] = [];
  private undone: readonly Step[] = [];

  record(before: string, after: string, now: number): void {
    if (before === after) return;
    this.undone = [];
    const last = this.done.at(-1);
    const joins = last?.after === before && now - last.at < PAUSE && Math.abs(after.length - before.length) === 1 && Math.abs(before.length - last.before.length) < LONGEST;
    const step = { before: joins ? last.before : before, after, at: now };
    this.done = [...(joins ? this.done.slice(0, -1) : this.done), step].slice(-MOST_STEPS);
  }

  undo(current: string): Undone | null {
    const step = this.done.at(-1);
    if (!step) return null;
    this.done = this.done.slice(0, -1);
    this.undone = [...this.undone, step];
    return change(step.after, step.before, current);
  }

  redo(current: string): Undone | null {
    const step = this.undone.at(-1);
    if (!step) return null;
    this.undone = this.undone.slice(0, -1);
    this.done = [...this.done, { ...step, at: 0 }];
    return change(step.before, step.after, current);
  }
}

function change(from: string, to: string, current: string): Undone {
  const text = merge(from, current, to);
  return text === null ? { kind: "ask", mine: to, base: from } : { kind: "text", text };
}
