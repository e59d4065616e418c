/** A text of several lines where there is room for running text only: two lists must not be read as one word. */
export const inOneLine = (text: string): string =>
  text
    .split(/[\r\n\u2028\u2029]+/)
    .map((line) => line.trim().replace(/[,;]+$/, ""))
    .filter((line) => line !== "")
    .join("; ");
