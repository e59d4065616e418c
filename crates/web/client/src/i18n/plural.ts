const rules = new Intl.PluralRules("en");
const numbers = new Intl.NumberFormat("en");

/** "1 photo", "1,200 photos". */
export function count(amount: number, one: string, other: string): string {
  return `${numbers.format(amount)} ${rules.select(amount) === "one" ? one : other}`;
}
