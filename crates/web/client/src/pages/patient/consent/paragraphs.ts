/**
 * How the text of a consent form is built (F2). Blocks are set apart by an empty line. A single short line followed by text is a
 * heading; one at the very end is what the purposes stand under, as "What I agree to".
 */
export interface Section {
  readonly heading: string | null;
  readonly paragraphs: readonly string[];
}

export interface ConsentDocument {
  readonly sections: readonly Section[];
  /** The heading of the purposes; null when the text has none. */
  readonly agreement: string | null;
}

/** A heading is short, and no sentence. */
const LONGEST_HEADING = 90;
const isHeading = (line: string): boolean => line.length <= LONGEST_HEADING && !/[.!?:;,\u3002]$/.test(line);

export function documentOf(text: string): ConsentDocument {
  const sections: { heading: string | null; paragraphs: string[] }[] = [];
  const lines = text.replaceAll("\r\n", "\n").split(/\n[ \t]*\n+/).flatMap((block) => {
    const [first = "", ...rest] = block.trim().split("\n");
    const body = rest.join("\n").trim();
    return isHeading(first) ? [first.trim(), body] : [block.trim()];
  });
  const words = lines.filter((line) => line !== "");
  const end = words.at(-1);
  const agreement = end !== undefined && isHeading(end) ? end : null;
  for (const line of agreement === null ? words : words.slice(0, -1)) {
    const last = sections.at(-1);
    if (isHeading(line)) sections.push({ heading: line, paragraphs: [] });
    else if (last) last.paragraphs.push(line);
    else sections.push({ heading: null, paragraphs: [line] });
  }
  return { sections, agreement };
}
