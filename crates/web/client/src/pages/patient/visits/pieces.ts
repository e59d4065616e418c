/** A text beside others: the lines that differ, and one of them on each side for orientation. */
import { hunks, linesOf } from "../../../live/lines";

export interface Piece {
  readonly text: string;
  readonly isDiffering: boolean;
}

const GAP: Piece = { text: "…", isDiffering: false };

export function piecesOf(text: string, others: readonly string[]): readonly Piece[] {
  const lines = linesOf(text);
  const differing = new Set<number>();
  const near = new Set<number>();
  for (const other of others) {
    let shift = 0;
    for (const hunk of hunks(linesOf(other), lines)) {
      const start = hunk.from + shift;
      hunk.lines.forEach((_, index) => differing.add(start + index));
      for (let at = start - 1; at <= start + hunk.lines.length; at += 1) near.add(at);
      shift += hunk.lines.length - (hunk.to - hunk.from);
    }
  }
  const pieces: Piece[] = [];
  lines.forEach((line, at) => {
    if (near.has(at)) pieces.push({ text: line, isDiffering: differing.has(at) });
    else if (pieces.at(-1) !== GAP) pieces.push(GAP);
  });
  return pieces;
}
