/** The notes' text area: what is typed there goes to the draft, and what others wrote comes in without moving the caret. */
import { moved, visible } from "./text";
import type { Splice } from "./wire";

/** After a word was replaced by the system (dictation, correction) more of the phrase may follow, in milliseconds. */
const PHRASE = 1000;
const REPLACING = new Set(["insertReplacementText", "insertDictationResult", "insertFromComposition"]);

export interface TypingHost {
  readonly value: () => string;
  readonly typed: (value: string) => void;
  /** Characters that nobody sees were left out. */
  readonly cleaned: () => void;
  /** While it lasts nothing is written into the field (case 8). */
  readonly hold: (isHeld: boolean) => void;
  readonly undo: (way: "undo" | "redo") => void;
  readonly focused: (isIn: boolean) => void;
  readonly wait: (ms: number, then: () => void) => () => void;
}

export class Typing {
  private isComposing = false;
  private cancelPhrase: (() => void) | null = null;
  private readonly listeners: readonly (readonly [string, (event: Event) => void])[];

  constructor(
    private readonly element: HTMLTextAreaElement,
    private readonly host: TypingHost,
  ) {
    this.listeners = [
      ["input", () => this.heard()],
      ["beforeinput", (event) => this.before(event as InputEvent)],
      ["keydown", (event) => this.pressed(event as KeyboardEvent)],
      ["compositionstart", () => this.compose(true)],
      ["compositionend", () => this.compose(false)],
      ["focus", () => host.focused(true)],
      ["blur", () => host.focused(false)],
    ];
    for (const [name, listener] of this.listeners) element.addEventListener(name, listener);
    if (element.value !== host.value()) element.value = host.value();
  }

  end(): void {
    for (const [name, listener] of this.listeners) this.element.removeEventListener(name, listener);
    this.cancelPhrase?.();
    if (this.isComposing || this.cancelPhrase) this.host.hold(false);
  }

  /** Shows what came from elsewhere, or from undoing. `lead`: the caret goes to where the text was changed. */
  write(next: string, splices: readonly Splice[], lead = false): void {
    const { element } = this;
    if (element.value === next) return;
    const { selectionStart, selectionEnd, selectionDirection, scrollTop } = element;
    element.value = next;
    element.scrollTop = scrollTop;
    const last = splices.at(-1);
    const [from, to] = lead && last ? [last.at + last.insert.length, last.at + last.insert.length] : [moved(selectionStart, splices), moved(selectionEnd, splices)];
    // In some browsers a selection takes the focus.
    if (element.ownerDocument.activeElement === element) element.setSelectionRange(from, to, selectionDirection);
  }

  private heard(): void {
    // While words are composed nothing is written into the field.
    if (!this.isComposing && !this.cancelPhrase) this.clean();
    this.host.typed(this.element.value);
  }

  /** Leaves out what came with a paste and nobody sees; the caret stays where it is in the text. */
  private clean(): void {
    const { element } = this;
    const { value, selectionStart } = element;
    const next = visible(value);
    if (next === value) return;
    element.value = next;
    const caret = visible(value.slice(0, selectionStart)).length;
    element.setSelectionRange(caret, caret);
    if (next.length < value.length) this.host.cleaned();
  }

  private compose(isComposing: boolean): void {
    this.isComposing = isComposing;
    if (isComposing) this.host.hold(true);
    // What was composed is in the field only after the event.
    else this.phrase(0);
  }

  private before(event: InputEvent): void {
    if (event.inputType === "historyUndo" || event.inputType === "historyRedo") {
      event.preventDefault();
      this.host.undo(event.inputType === "historyUndo" ? "undo" : "redo");
    } else if (REPLACING.has(event.inputType)) {
      this.host.hold(true);
      this.phrase(PHRASE);
    }
  }

  private phrase(ms: number): void {
    this.cancelPhrase?.();
    this.cancelPhrase = this.host.wait(ms, () => {
      this.cancelPhrase = null;
      if (this.isComposing) return;
      this.heard();
      this.host.hold(false);
    });
  }

  private pressed(event: KeyboardEvent): void {
    if (!(event.metaKey || event.ctrlKey) || event.altKey || this.isComposing) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && (key !== "y" || event.metaKey)) return;
    event.preventDefault();
    this.host.undo(key === "y" || event.shiftKey ? "redo" : "undo");
  }
}
