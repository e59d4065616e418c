/** How the text of a consent form is built: paragraphs, set apart by an empty line; the first line of several is a heading. */
export interface Paragraph {
  readonly heading: string | null;
  readonly words: string;
}

export function paragraphsOf(text: string): Paragraph[] {
  return text.split(/\n{2,}/).map((paragraph) => {
    const end = paragraph.indexOf("\n");
    if (end < 0) return { heading: null, words: paragraph };
    return { heading: paragraph.slice(0, end), words: paragraph.slice(end + 1) };
  });
}
