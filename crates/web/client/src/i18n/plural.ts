/** The forms of a word by CLDR's plural categories; every language has `other`. */
export type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

/** Makes the function with which a catalogue writes an amount and the word for it, as its language does. */
export function counter(locale: string): (amount: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  return (amount, forms) => `${numbers.format(amount)} ${forms[rules.select(amount)] ?? forms.other}`;
}
