/** A person's names as one, as the server makes them (`full_name`). */

/** Chinese characters and the sign that repeats one, kana, Hangul. */
const EAST_ASIAN = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u30fb\u30fc\uff70]+$/u;
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** Whether the family name comes first: where both names are written in Chinese, Japanese or Korean script, and nothing else. */
export const isFamilyFirst = (given: string, family: string): boolean => EAST_ASIAN.test(given + family) && given !== "" && family !== "";

/** 王小明, 佐藤 さくら, Anna Weber. A name in two scripts keeps the given name first. */
export function fullName(given: string | null | undefined, family: string | null | undefined): string {
  const [first, last] = [given?.trim() ?? "", family?.trim() ?? ""];
  if (isFamilyFirst(first, last)) return [last, first].join(KANA.test(first + last) ? " " : "");
  return [first, last].filter(Boolean).join(" ");
}

/** The first letters of both names, in the order in which they are shown. */
export function initialsOf(given: string | null | undefined, family: string | null | undefined): string {
  const [first, last] = [given?.trim() ?? "", family?.trim() ?? ""];
  const ordered = isFamilyFirst(first, last) ? [last, first] : [first, last];
  return ordered.map((name) => [...name][0] ?? "").join("").toUpperCase();
}
