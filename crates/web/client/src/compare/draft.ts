/** What is being drawn: only what shows it is rendered while the pointer moves. */
import type { Drawn } from "./group";

export class Draft {
  private drawn: Drawn | null = null;
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly read = (): Drawn | null => this.drawn;

  show(drawn: Drawn | null): void {
    this.drawn = drawn;
    for (const listener of this.listeners) listener();
  }
}
