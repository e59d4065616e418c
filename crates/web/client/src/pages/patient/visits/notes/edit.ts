import { itemOf } from "./lineMarks";

/** What the buttons above the notes do to the text: the part that is replaced, by what, and what is selected afterwards. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  readonly selectFrom: number;
  readonly selectTo: number;
}

export type Tool = "heading" | "bold" | "italic" | "list" | "numbered" | "link";

const WRAPS = { bold: "**", italic: "*" } as const;

export function editFor(tool: Tool, text: string, from: number, to: number): Edit {
  if (tool === "bold" || tool === "italic") return wrapped(WRAPS[tool], text, from, to);
  if (tool === "link") return link(text, from, to);
  return marked(tool, text, from, to);
}

/** Marks around the selection; pressed again, they go. */
function wrapped(mark: string, text: string, from: number, to: number): Edit {
  const chosen = text.slice(from, to);
  const around = text.slice(from - mark.length, from) === mark && text.slice(to, to + mark.length) === mark;
  // One star of two is no mark of its own.
  const isPart = mark === "*" && (text[from - 2] === "*" || text[to + 1] === "*");
  if (around && !isPart && from >= mark.length) {
    return { from: from - mark.length, to: to + mark.length, insert: chosen, selectFrom: from - mark.length, selectTo: to - mark.length };
  }
  return { from, to, insert: mark + chosen + mark, selectFrom: from + mark.length, selectTo: to + mark.length };
}

function link(text: string, from: number, to: number): Edit {
  const label = text.slice(from, to);
  const insert = `[${label}](https://)`;
  // The cursor stands where something is missing: the label, or the address.
  const at = label === "" ? from + 1 : from + insert.length - 1;
  return { from, to, insert, selectFrom: at, selectTo: at };
}

const BEFORE: Readonly<Record<"heading" | "list" | "numbered", RegExp>> = { heading: /^#{1,6}\s+/, list: /^\s*[-*+]\s+/, numbered: /^\s*\d{1,9}[.)]\s+/ };

const bare = (line: string): string => Object.values(BEFORE).reduce((rest, mark) => rest.replace(mark, ""), line);

/** A mark before each of the selected lines; where all have it already, it goes. */
function marked(tool: "heading" | "list" | "numbered", text: string, from: number, to: number): Edit {
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const after = text.indexOf("\n", to);
  const end = after < 0 ? text.length : after;
  const lines = text.slice(start, end).split("\n");
  const hasAll = lines.every((line) => BEFORE[tool].test(line) || (line.trim() === "" && lines.length > 1));
  let number = 0;
  const markOf = (): string => {
    number += 1;
    return tool === "heading" ? "## " : tool === "list" ? "- " : `${number}. `;
  };
  const insert = lines.map((line) => (line.trim() === "" && lines.length > 1 ? line : hasAll ? line.replace(BEFORE[tool], "") : markOf() + bare(line))).join("\n");
  const isOne = lines.length === 1;
  return { from: start, to: end, insert, selectFrom: isOne ? start + insert.length : start, selectTo: start + insert.length };
}

/** Enter in a list goes on with it; on an empty item it ends the list. Null where Enter is only a line. */
export function onEnter(text: string, at: number): Edit | null {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const found = itemOf(text.slice(start, at));
  if (!found) return null;
  const { indent, bullet, number, sign, space, rest } = found;
  if (rest.trim() === "") return { from: start, to: at, insert: "", selectFrom: start, selectTo: start };
  const insert = `\n${indent}${bullet ?? `${Number(number) + 1}${sign}`}${space}`;
  return { from: at, to: at, insert, selectFrom: at + insert.length, selectTo: at + insert.length };
}

/** Who types the mark of an item that Enter has written already means one: before the space that would follow, the second goes. */
export function onSpace(text: string, at: number): Edit | null {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const found = /^(\s*(?:([-*+])|\d{1,9}[.)])\s)([-*+]|\d{1,9}[.)])$/.exec(text.slice(start, at));
  if (!found) return null;
  const [, kept = "", bullet, again = ""] = found;
  if (bullet === undefined ? !/\d/.test(again) : again !== bullet) return null;
  const from = start + kept.length;
  return { from, to: at, insert: "", selectFrom: from, selectTo: from };
}

/** Applies it as typing does: the browser's own undo knows it, and whoever listens hears it. */
export function apply(area: HTMLTextAreaElement, { from, to, insert, selectFrom, selectTo }: Edit): void {
  area.focus();
  area.setSelectionRange(from, to);
  // Deprecated, and the only way by which a text area's own undo takes it back; where it is missing, the text is set.
  const isDone = typeof document.execCommand === "function" && document.execCommand(insert === "" ? "delete" : "insertText", false, insert);
  if (!isDone && (insert !== "" || from !== to)) {
    area.setRangeText(insert, from, to, "end");
    area.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
  }
  area.setSelectionRange(selectFrom, selectTo);
}
