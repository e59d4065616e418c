/** What is wrong with a typed date, in words. */
import { type Asked, daysIn, EARLIEST_YEAR, faultOf, partsOf } from "../rules/dateParts";
import { t } from "./index";

/** Undefined for a date, and for a field that was left empty. */
export function dateProblem(value: string, asked: Asked = {}): string | undefined {
  const fault = faultOf(value, asked);
  if (!fault) return undefined;
  const words = t.common.date;
  const { year, month } = partsOf(value);
  switch (fault.kind) {
    case "text":
      return words.unread(dateExample(asked));
    case "missing": {
      const names = fault.parts.flatMap((part) => (part === "half" ? [] : [words.missed[part]]));
      return names.length > 0 ? words.missing(new Intl.ListFormat(t.locale, { type: "conjunction" }).format(names)) : words.halfMissing;
    }
    case "early":
      return words.early(asked.earliest ?? EARLIEST_YEAR);
    case "days": {
      const name = new Intl.DateTimeFormat(t.locale, { month: "long", year: "numeric", timeZone: "UTC" }).format(Date.UTC(Number(year), Number(month) - 1, 1));
      return words.days(daysIn(Number(year), Number(month)), name);
    }
    case "hour":
      return asked.isHalved ? words.hourHalved : words.hourWhole;
    default:
      return words.wrong[fault.kind];
  }
}

/** A date as the language writes it, with a time where one is asked for. */
export function dateExample({ hasTime, isHalved }: Asked): string {
  const style: Intl.DateTimeFormatOptions = { dateStyle: "medium", timeZone: "UTC", ...(hasTime ? { timeStyle: "short" as const, hourCycle: isHalved ? "h12" : "h23" } : {}) };
  return new Intl.DateTimeFormat(t.locale, style).format(Date.UTC(1984, 10, 22, 14, 30));
}
