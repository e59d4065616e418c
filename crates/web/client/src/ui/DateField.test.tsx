import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import { useState } from "react";
import { afterEach, describe, expect, it } from "vitest";
import { install } from "../i18n";
import { en } from "../i18n/en";
import { focused, show } from "../testing/show";
import { DateField, DateTimeField } from "./DateField";

afterEach(() => {
  cleanup();
  install(en);
});

let held = "";
function Held({ start = "", Field = DateField, error, check }: { start?: string; Field?: typeof DateField; error?: string; check?: (value: string) => string | undefined }) {
  const [value, setValue] = useState(start);
  const change = (next: string) => {
    held = next;
    setValue(next);
  };
  return (
    <>
      <Field label="Seen on" value={value} onChange={change} error={error} help="As on the letter." zone="Europe/Berlin" {...(check ? { check } : {})} />
      <button type="button">Next field</button>
      <button type="button" onClick={() => setValue("1999-12-31")}>
        Take theirs
      </button>
    </>
  );
}

const group = () => screen.getByRole("group", { name: "Seen on" });
const part = (name: string) => within(group()).getByLabelText<HTMLInputElement>(name);
const names = () => within(group()).getAllByRole("textbox").map((it) => (it as HTMLInputElement).labels?.[0]?.textContent);
const note = () => document.getElementById(group().getAttribute("aria-describedby") ?? "")?.textContent;
const inLocale = (locale: string) => install({ ...en, locale });

describe("F13: a date", () => {
  it.each([
    ["en-GB", "Day Month Year"],
    ["de", "Day Month Year"],
    ["en-US", "Month Day Year"],
    ["sv", "Year Month Day"],
  ])("is asked for in the order of %s: %s", (locale, order) => {
    inLocale(locale);
    show(<Held />);
    expect(names().join(" ")).toBe(order);
    for (const name of ["Day", "Month", "Year"]) expect([part(name).inputMode, part(name).autocomplete, part(name).type]).toEqual(["numeric", "off", "text"]);
  });

  it("typing moves on after a full part, and a Tab or a point that was meant for that step is no further one", async () => {
    const { user } = show(<Held />);
    await user.click(part("Day"));
    await user.keyboard("22");
    expect(focused()).toBe("Month");
    await user.keyboard("{Tab}");
    expect(focused()).toBe("Month");
    await user.keyboard("11");
    expect(focused()).toBe("Year");
    await user.keyboard(".2026");
    expect(held).toBe("2026-11-22");
    await user.keyboard("{Tab}");
    expect(focused()).toBe("Next field");
  });

  it("a single digit moves on when no other can follow, else with a separator", async () => {
    const { user } = show(<Held />);
    await user.click(part("Day"));
    await user.keyboard("5");
    expect(focused()).toBe("Month");
    await user.keyboard("1");
    expect(focused()).toBe("Month");
    await user.keyboard("/1984");
    expect(held).toBe("1984-01-05");
  });

  it("Backspace in an empty part moves back, and so do the arrows at its ends", async () => {
    const { user } = show(<Held start="1984-05-03" />);
    await user.click(part("Year"));
    await user.clear(part("Year"));
    await user.keyboard("{Backspace}");
    expect(focused()).toBe("Month");
    expect(part("Month").value).toBe("05");
    await user.keyboard("{Backspace}{Backspace}{Backspace}");
    expect(focused()).toBe("Day");
    expect(part("Day").value).toBe("03");
    await user.keyboard("{ArrowRight}");
    expect(focused()).toBe("Month");
    await user.keyboard("{ArrowLeft}");
    expect(focused()).toBe("Day");
  });

  it.each([
    ["Day", "2026-11-22"],
    ["Month", "22/11/2026"],
    ["Year", "22 November 2026"],
  ])("a whole date can be pasted into the %s: %s", async (name, text) => {
    const { user } = show(<Held start="1984-05-03" />);
    await user.click(part(name));
    await user.paste(text);
    expect([held, part("Day").value, part("Month").value, part("Year").value]).toEqual(["2026-11-22", "22", "11", "2026"]);
    expect(focused()).toBe("Year");
  });

  it("a program may fill a whole date into one part; what is no number is left out", async () => {
    const { user } = show(<Held />);
    fireEvent.change(part("Day"), { target: { value: "2027-03-01" } });
    expect(held).toBe("2027-03-01");
    await user.clear(part("Day"));
    await user.paste("soon");
    expect(part("Day").value).toBe("");
  });

  it("says in words what is no date, when the field is left, and until it is right", async () => {
    const { user } = show(<Held />);
    expect(note()).toBe("As on the letter.");
    await user.click(part("Day"));
    await user.keyboard("31042026");
    expect(note()).toBe("As on the letter.");
    await user.tab();
    expect(note()).toBe("Enter a day from 1 to 30 for April 2026.");
    const invalid = () => ["Day", "Month", "Year"].filter((name) => part(name).getAttribute("aria-invalid") === "true");
    expect(invalid()).toEqual(["Day"]);
    await user.click(part("Month"));
    expect(note()).toBe("Enter a day from 1 to 30 for April 2026.");
    await user.keyboard("{Control>}a{/Control}{Backspace}");
    expect(note()).toBe("Enter the month too.");
    await user.keyboard("5");
    expect([held, note(), invalid().join()]).toEqual(["2026-05-31", "As on the letter.", ""]);
  });

  it.each([
    ["3.5.84", "Enter the year with all four digits."],
    ["3.5.1748", "Enter 1850 or a later year."],
    ["3.13.1984", "Enter a month from 1 to 12."],
    ["32.5.1984", "Enter a day from 1 to 31."],
    ["3", "Enter the month and year too."],
  ])("%s: %s", async (typed, words) => {
    const { user } = show(<Held />);
    await user.type(part("Day"), typed);
    await user.click(screen.getByText("Next field"));
    expect(note()).toBe(words);
    expect(held).toMatch(/^\?/);
  });

  it("shows what the form says about a date that is one, and what replaces it from outside", async () => {
    const { user } = show(<Held start="2026-11-22" error="Choose a day after today." />);
    expect(note()).toBe("Choose a day after today.");
    expect(part("Day").getAttribute("aria-invalid")).toBe("true");
    await user.click(screen.getByText("Take theirs"));
    expect([part("Day").value, part("Month").value, part("Year").value]).toEqual(["31", "12", "1999"]);
  });
});

describe("F13: a date with a time", () => {
  it("is asked for in the language's clock", async () => {
    const { user } = show(<Held Field={DateTimeField} start="2026-11-22T14:05" />);
    expect(names().join(" ")).toBe("Day Month Year Hour Minute");
    expect([part("Hour").value, part("Minute").value]).toEqual(["14", "05"]);
    await user.click(part("Hour"));
    await user.keyboard("{Control>}a{/Control}9");
    expect(focused()).toBe("Minute");
    await user.keyboard("30");
    expect(held).toBe("2026-11-22T09:30");
    await user.click(part("Day"));
    await user.paste("23.11.2026");
    expect(held).toBe("2026-11-23T09:30");
    await user.paste("24/11/2026, 16:45");
    expect(held).toBe("2026-11-24T16:45");
  });

  it("has twelve hours and two halves of a day where the language has", async () => {
    inLocale("en-US");
    const { user } = show(<Held Field={DateTimeField} start="2026-11-22T14:05" />);
    const half = within(group()).getByLabelText<HTMLSelectElement>("AM or PM");
    expect([names().join(" "), part("Hour").value, half.value]).toEqual(["Month Day Year Hour Minute", "2", "pm"]);
    await user.selectOptions(half, "AM");
    expect(held).toBe("2026-11-22T02:05");
    await user.selectOptions(half, "–");
    await user.click(screen.getByText("Next field"));
    expect(note()).toBe("Choose AM or PM.");
  });
});

describe("F13: a date that is typed in another order than that of the parts", () => {
  const values = () => within(group()).getAllByRole("textbox").map((it) => (it as HTMLInputElement).value).join(" ");

  it.each([
    ["1984-11-22", "22 11 1984"],
    ["1911-11-22", "22 11 1911"],
    ["2003-03-04", "04 03 2003"],
    ["1984/1/2", "02 01 1984"],
    ["19841122", "22 11 1984"],
    ["22111984", "22 11 1984"],
    ["5 march 1984", "05 03 1984"],
    ["5 March 1984", "05 03 1984"],
    ["Nov 22, 1984", "22 11 1984"],
    ["Geb. 22.11.1984", "22 11 1984"],
  ])("%s is %s", async (typed, expected) => {
    const { user } = show(<Held />);
    await user.click(part("Day"));
    await user.keyboard(typed);
    const [day, month, year] = expected.split(" ");
    expect(held).toBe(`${year}-${month}-${day}`);
    await user.click(screen.getByText("Next field"));
    expect([values(), note()]).toEqual([expected, "As on the letter."]);
  });

  it.each(["Day", "Month", "Year"])("an ISO date is understood from the %s on, also over another date", async (name) => {
    const { user } = show(<Held start="1999-12-31" />);
    await user.click(part(name));
    await user.keyboard("1984-11-22{Tab}");
    expect([held, part("Day").value, part("Month").value, part("Year").value]).toEqual(["1984-11-22", "22", "11", "1984"]);
  });

  it.each([
    ["11221984", "Enter a month from 1 to 12."],
    ["5 mach 1984", "Enter a date such as 22 Nov 1984."],
    ["abc", "Enter a date such as 22 Nov 1984."],
    ["3.5.19845", "Enter the year with all four digits."],
    ["1984-13-22", "Enter a month from 1 to 12."],
  ])("%s is reported: %s", async (typed, words) => {
    const { user } = show(<Held start="1999-12-31" />);
    await user.click(part("Day"));
    await user.keyboard(typed);
    expect(held).toMatch(/^\?/);
    await user.click(screen.getByText("Next field"));
    expect(note()).toBe(words);
  });

  it("letters stay where they were typed, and can be removed", async () => {
    const { user } = show(<Held start="1999-12-31" />);
    await user.click(part("Month"));
    await user.keyboard("abc");
    expect([values(), held]).toEqual(["31 abc 1999", "?1999|abc|31|||"]);
    await user.keyboard("{Backspace}{Backspace}{Backspace}11");
    expect(held).toBe("?1999|11|31|||");
    await user.click(part("Day"));
    await user.keyboard("30");
    expect(held).toBe("1999-11-30");
  });

  it("what a form does not take is said when the field is left", async () => {
    const { user } = show(<Held check={(value) => (value > "2026" ? "Enter a date of birth that is not in the future." : undefined)} />);
    await user.click(part("Day"));
    await user.keyboard("19.8.4112");
    expect(note()).toBe("As on the letter.");
    await user.tab();
    expect([note(), held]).toEqual(["Enter a date of birth that is not in the future.", "4112-08-19"]);
    await user.click(part("Year"));
    await user.keyboard("1984");
    expect(note()).toBe("As on the letter.");
  });

  it.each(["abc", "2.3.", "1984-11-22T00:00:00Z"])("%s is not pasted: it is reported at once and nothing is changed", async (text) => {
    const { user } = show(<Held start="1999-12-31" />);
    await user.click(part("Day"));
    await user.paste(text);
    expect([values(), note()]).toEqual(["31 12 1999", `Enter a date such as 22 Nov 1984. “${text}” could not be read, so nothing was changed.`]);
    await user.paste("Geb. 22.11.1984");
    expect([held, note()]).toEqual(["1984-11-22", "As on the letter."]);
  });
});

describe("F13: a time that is typed or pasted as a whole", () => {
  it.each([
    ["Day", "27.11.2026 2:30 pm", "2026-11-27T14:30"],
    ["Day", "27.11.2026 2:30 PM", "2026-11-27T14:30"],
    ["Day", "27112026 1430", "2026-11-27T14:30"],
    ["Day", "2026-11-27T14:30", "2026-11-27T14:30"],
    ["Day", "202611271430", "2026-11-27T14:30"],
    ["Day", "2026-11-27T14:30:00Z", "2026-11-27T15:30"],
    ["Day", "5121984905", "1984-12-05T09:05"],
    ["Hour", "2:30 pm", "2000-12-31T14:30"],
    ["Hour", "230pm", "2000-12-31T14:30"],
  ])("from the %s on, %s is %s", async (name, typed, expected) => {
    const { user } = show(<Held Field={DateTimeField} start="2000-12-31T08:00" />);
    await user.click(part(name));
    await user.keyboard(typed);
    expect(held).toBe(expected);
    await user.click(screen.getByText("Next field"));
    expect([held, part("Hour").value]).toEqual([expected, expected.slice(11, 13).replace(/^0(?=9)/, "")]);
  });

  it.each(["27.11.2026 2:30 xm", "27.11.2026 14:30 am"])("%s is refused", async (typed) => {
    const { user } = show(<Held Field={DateTimeField} start="2000-12-31T08:00" />);
    await user.click(part("Day"));
    await user.keyboard(typed);
    expect(held).toMatch(/^\?/);
    await user.click(screen.getByText("Next field"));
    expect(note()).toBe("Enter a date such as 22 Nov 1984, 14:30.");
  });

  it.each([
    ["Day", "2026-11-27T14:30:00Z", "2026-11-27T15:30"],
    ["Hour", "14:30", "2000-12-31T14:30"],
    ["Hour", "2.30 pm", "2000-12-31T14:30"],
    ["Day", "27.11.2026 2:30 pm", "2026-11-27T14:30"],
  ])("into the %s, %s is pasted as %s", async (name, text, expected) => {
    const { user } = show(<Held Field={DateTimeField} start="2000-12-31T08:00" />);
    await user.click(part(name));
    await user.paste(text);
    expect(held).toBe(expected);
  });

  it("takes the half of the day typed on, where the language has two", async () => {
    inLocale("en-US");
    const { user } = show(<Held Field={DateTimeField} />);
    await user.click(part("Month"));
    await user.keyboard("11/27/2026 2:30 pm");
    expect(held).toBe("2026-11-27T14:30");
  });
});
