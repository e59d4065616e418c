/** In the place of signature_pad, which wants a canvas that draws: it holds the points that the test gives it. */
interface Group {
  readonly points: readonly { readonly x: number; readonly y: number; readonly time: number }[];
}

export class FakePad {
  static latest: FakePad | null = null;
  private groups: readonly Group[] = [];
  private readonly listeners = new Set<() => void>();

  constructor() {
    FakePad.latest = this;
  }

  /** Draws a line of that length, in CSS pixels. */
  draw(length: number): void {
    this.groups = [...this.groups, { points: [{ x: 0, y: 10, time: 0 }, { x: length, y: 10, time: 400 }] }];
    for (const listener of this.listeners) listener();
  }

  toData = (): readonly Group[] => this.groups;
  fromData = (groups: readonly Group[]): void => {
    this.groups = groups;
  };
  clear = (): void => {
    this.groups = [];
  };
  addEventListener = (_event: string, listener: () => void): void => {
    this.listeners.add(listener);
  };
  removeEventListener = (_event: string, listener: () => void): void => {
    this.listeners.delete(listener);
  };
  off = (): void => undefined;
}
