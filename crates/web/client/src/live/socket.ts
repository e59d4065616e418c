/** One live connection: it greets, notices when it is dead, and comes back by itself. What is said over it is for others. */
import type { Wire, WireEvents } from "../api/live";
import type { LiveStatus } from "./status";
import { type ByeCode, type ClientMessage, type ServerMessage, VERSION, type Welcome } from "./wire";

/** Nothing was heard for so long: the other side is asked, in milliseconds. */
const SILENCE = 10_000;
/** The longest that an answer to that takes. */
const ANSWER = 5000;
/** The same when the browser says that there is no network: it may be wrong, as with a server on this very device. */
const ANSWER_OFFLINE = 1000;
/** The longest that a connection takes to be made and welcomed. */
const CONNECTING = 10_000;
/** A connection that closed and is back by then was never away for a person, in milliseconds. */
const GRACE = 2000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
/** So many attempts in a row that never came to a welcome: it is looked whether the server can be reached at all. */
const SUSPICIOUS = 3;
/** After these the next attempt is not made sooner, in milliseconds: the server asked for fewer messages. */
const COOLING: Partial<Record<ByeCode, number>> = { too_many: 10_000, slow: 2000, too_large: 10_000 };

/** What a connection needs from outside; tests bring their own. */
export interface Surroundings {
  readonly now: () => number;
  readonly random: () => number;
  readonly wait: (ms: number, then: () => void) => () => void;
  readonly connect: (events: WireEvents) => Wire;
}

export interface SocketHost {
  /** Who says hello: the client's id, and the last mark that it saw. */
  readonly greeting: () => { readonly client: string; readonly since: string | null };
  readonly welcomed: (welcome: Welcome) => void;
  readonly received: (message: Exclude<ServerMessage, { readonly kind: "welcome" | "pong" | "bye" }>) => void;
  /** The status has changed. */
  readonly changed: () => void;
  /** The server will not have this connection any more. */
  readonly ended: (why: "session_ended" | "handed_over") => void;
  /** Attempts fail one after the other: `answer` is told whether the server can be reached in another way. */
  readonly suspect: (answer: (isReachable: boolean) => void) => void;
}

const BYE: Readonly<Record<number, ByeCode>> = { 4401: "session_ended", 4403: "handed_over", 4406: "version", 4429: "too_many", 1009: "too_large", 4413: "slow" };

function read(data: unknown): ServerMessage | null {
  try {
    const message: unknown = typeof data === "string" ? JSON.parse(data) : null;
    return typeof message === "object" && message !== null && "kind" in message ? (message as ServerMessage) : null;
  } catch {
    return null;
  }
}

export class Socket {
  private state: LiveStatus = { kind: "off" };
  private wire: Wire | null = null;
  private failures = 0;
  private pings = 0;
  /** The other side was asked whether it is there. */
  private isAsked = false;
  private attempt = 0;
  private cancel: (() => void) | null = null;
  private lostAt: number | null = null;
  private cancelGrace: (() => void) | null = null;

  constructor(
    private readonly outside: Surroundings,
    private readonly host: SocketHost,
  ) {}

  readonly status = (): LiveStatus => this.state;

  start(): void {
    if (this.state.kind === "off") this.connect();
  }

  /** Ends the connection and stays so. */
  stop(): void {
    this.drop();
    this.failures = 0;
    this.forgive();
    this.become({ kind: "off" });
  }

  /** False when there is no connection; then nothing was sent. */
  send(message: ClientMessage): boolean {
    return this.state.kind === "open" && this.wire !== null && this.wire.send(JSON.stringify(message));
  }

  /** The network, the page or the person is back: what is there is tested, what is lost is made again, both at once. */
  wake(): void {
    // An attempt that is under way, or a question that was asked, takes its time.
    if (this.state.kind === "waiting" && !this.wire) this.connect();
    else if (this.state.kind === "open" && !this.isAsked) this.ping();
  }

  /** The browser has no network: is anybody still there? */
  doubt(): void {
    if (this.state.kind === "open") this.ping(ANSWER_OFFLINE);
  }

  /** Something that is certain to be answered was not, for so many milliseconds: the connection counts as lost. */
  again(silent: number): void {
    if (this.state.kind === "open") this.lost(null, silent);
  }

  private connect(): void {
    this.drop();
    // Who waited for long goes on reading so, until there is a connection.
    if (this.state.kind !== "waiting") this.become({ kind: "connecting" });
    this.attempt += 1;
    const { attempt } = this;
    // A connection that was given up is not obeyed any more.
    const isThis = (): boolean => this.attempt === attempt;
    try {
      this.wire = this.outside.connect({
        opened: () => {
          if (isThis()) this.wire?.send(JSON.stringify({ kind: "hello", version: VERSION, ...this.host.greeting() } satisfies ClientMessage));
        },
        heard: (data) => {
          if (isThis()) this.hear(read(data));
        },
        closed: (code) => {
          if (isThis()) this.lost(BYE[code] ?? null);
        },
      });
    } catch {
      this.lost(null);
      return;
    }
    this.after(CONNECTING, () => this.lost(null, CONNECTING));
  }

  private hear(message: ServerMessage | null): void {
    if (!message) return;
    if (this.state.kind === "open") this.listen();
    if (message.kind === "bye") this.lost(message.code);
    else if (message.kind === "welcome") {
      this.failures = 0;
      this.forgive();
      this.listen();
      this.become({ kind: "open" });
      this.host.welcomed(message);
    } else if (message.kind !== "pong" && this.state.kind === "open") this.host.received(message);
  }

  private listen(): void {
    this.isAsked = false;
    this.after(SILENCE, () => this.ping());
  }

  private ping(patience = ANSWER): void {
    this.pings += 1;
    this.isAsked = true;
    this.send({ kind: "ping", n: this.pings });
    this.after(patience, () => this.lost(null, patience));
  }

  /** `silent`: so many milliseconds went by without an answer before it was given up; of a connection that closed, none. */
  private lost(why: ByeCode | null, silent = 0): void {
    this.drop();
    if (why === "session_ended" || why === "handed_over") {
      this.forgive();
      this.become({ kind: "off" });
      this.host.ended(why);
      return;
    }
    if (why === "version") {
      this.forgive();
      this.become({ kind: "outdated" });
      return;
    }
    this.failures += 1;
    const now = this.outside.now();
    this.lostAt ??= now - silent;
    const brief = this.lostAt + GRACE - now;
    if (brief > 0) {
      this.cancelGrace ??= this.outside.wait(brief, () => {
        if (this.state.kind === "waiting") this.become({ ...this.state, isBrief: false });
      });
    }
    const isBlocked = this.state.kind === "waiting" && this.state.isBlocked;
    const shortest = why ? (COOLING[why] ?? 0) : 0;
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(this.failures - 1, 10));
    // Up to half less, so that tablets don't come back all at once; never longer than the longest.
    this.after(Math.max(shortest, wait * (1 - this.outside.random() / 2)), () => this.connect());
    this.become({ kind: "waiting", since: this.lostAt, isBlocked, isBrief: brief > 0 });
    if (this.failures % SUSPICIOUS === 0) this.host.suspect((isReachable) => this.suspected(isReachable));
  }

  private suspected(isReachable: boolean): void {
    if (this.state.kind === "waiting" && this.state.isBlocked !== isReachable) this.become({ ...this.state, isBlocked: isReachable });
  }

  /** It is not lost any more, or for good. */
  private forgive(): void {
    this.lostAt = null;
    this.cancelGrace?.();
    this.cancelGrace = null;
  }

  /** One thing is waited for at a time. */
  private after(ms: number, then: () => void): void {
    this.cancel?.();
    this.cancel = this.outside.wait(ms, then);
  }

  private drop(): void {
    this.cancel?.();
    this.cancel = null;
    this.attempt += 1;
    this.isAsked = false;
    const { wire } = this;
    this.wire = null;
    wire?.close();
  }

  private become(next: LiveStatus): void {
    this.state = next;
    this.host.changed();
  }
}
