import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { hideFirstDay, showFirstDay } from "../../app/firstDay";
import { remember } from "../../app/sealed";
import { patientPage, summaryOf } from "../../testing/fixtures";
import { later, refusal, serve } from "../../testing/server";
import { show } from "../../testing/show";
import { DiscardQuestion } from "../../ui/DiscardQuestion";
import { PatientsPage } from "./PatientsPage";

const LIST = "POST /api/v1/patients/search";
const COUNT = "POST /api/v1/patients/count";
const names = () =>
  screen
    .getAllByRole("list", { name: /^Patients/ })
    .flatMap((list) => within(list).getAllByRole("listitem"))
    .map((row) => /Ada [A-Z][a-z]+/.exec(row.textContent ?? "")?.[0]);
const asked = (body: unknown): Record<string, unknown> => body as Record<string, unknown>;

describe("the list of patients", () => {
  it("says that it loads, and then how many there are", async () => {
    const answer = later({ body: patientPage([summaryOf("l1", "Lovelace")]) });
    serve({ [LIST]: answer.handler });
    show(<PatientsPage />);
    expect(screen.getByText("Loading…")).toBeDefined();
    expect(screen.queryByText(/No patients/)).toBeNull();
    answer.release();
    await screen.findByText("1 patient");
    expect(names()).toEqual(["Ada Lovelace"]);
    expect(screen.getByRole("link", { name: /Ada Lovelace/ }).getAttribute("href")).toBe("/patients/l1");
  });

  it("F13: puts the first steps away while somebody searches, so that what is found is in sight", async () => {
    showFirstDay();
    serve({ [LIST]: { body: patientPage([summaryOf("l1", "Lovelace")]) } });
    const { user } = show(<PatientsPage />);
    await screen.findByRole("region", { name: "First steps" });
    expect((await screen.findByRole("button", { name: "Show the steps" })).getAttribute("aria-expanded")).toBe("false");
    await user.type(screen.getByRole("searchbox"), "Ada");
    expect(screen.queryByRole("region", { name: "First steps" })).toBeNull();
    await user.clear(screen.getByRole("searchbox"));
    await screen.findByRole("region", { name: "First steps" });
    hideFirstDay();
  });

  it("offers the first patient when there is none", async () => {
    serve({ [LIST]: { body: patientPage([]) }, "GET /api/v1/patient-fields": { body: { fields: [] } } });
    const { user } = show(<PatientsPage />);
    const heading = await screen.findByRole("heading", { name: "No patients yet" });
    const [, button] = screen.getAllByRole("button", { name: "New patient" });
    expect(heading.parentElement?.contains(button ?? null)).toBe(true);
    if (button) await user.click(button);
    expect(screen.getByRole("dialog", { name: "New patient" })).toBeDefined();
  });

  it("says why it could not be loaded, and loads on request", async () => {
    const server = serve({ [LIST]: refusal(500, "internal", {}, { requestId: "r-77" }) });
    const { user } = show(<PatientsPage />);
    expect((await screen.findByRole("alert")).textContent).toContain("r-77");
    server.answer(LIST, { body: patientPage([summaryOf("l1", "Lovelace")]) });
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByText("1 patient");
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("goes on where the first page ended, and keeps it when the next one fails", async () => {
    const server = serve({ [LIST]: ({ body }) => (asked(body).cursor === "next" ? refusal(429, "throttled") : { body: patientPage([summaryOf("l1", "Lovelace")], 2, "next") }) });
    const { user } = show(<PatientsPage />);
    await screen.findByText("1 of 2 patients shown");
    await user.click(screen.getByRole("button", { name: "Show more" }));
    await screen.findByText(/Too many attempts/);
    expect(names()).toEqual(["Ada Lovelace"]);
    server.answer(LIST, { body: patientPage([summaryOf("b2", "Byron")], 2) });
    await user.click(screen.getByRole("button", { name: "Show more" }));
    await waitFor(() => expect(names()).toEqual(["Ada Lovelace", "Ada Byron"]));
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  });

  it("C41: searches in a body, once for what was typed, and keeps the list until the answer", async () => {
    const answer = later({ body: patientPage([]) });
    const server = serve({ [LIST]: (request) => (asked(request.body).query ? answer.handler() : { body: patientPage([summaryOf("l1", "Lovelace")]) }) });
    const { user } = show(<PatientsPage />);
    await screen.findByText("1 patient");
    await user.click(screen.getByRole("searchbox"));
    await user.paste(" Nobody ");
    await screen.findByText("Searching…");
    expect(names()).toEqual(["Ada Lovelace"]);
    answer.release();
    await screen.findByRole("heading", { name: "No matching patients" });
    expect(server.to(LIST).map((it) => it.body).filter((body) => asked(body).query)).toEqual([{ query: "Nobody", limit: 50 }]);
    await user.click(screen.getByRole("button", { name: "Clear search" }));
    await screen.findByText("1 patient");
  });

  it("P4: sorts by what is chosen, from either end, and keeps that", async () => {
    const server = serve({ [LIST]: { body: patientPage([summaryOf("l1", "Lovelace")]) } });
    const { user } = show(<PatientsPage />);
    await screen.findByText("1 patient");
    await user.selectOptions(screen.getByRole("combobox", { name: "Sort by" }), "Name");
    await user.click(await screen.findByRole("button", { name: "A to Z" }));
    await screen.findByRole("button", { name: "Z to A" });
    await waitFor(() => expect(server.to(LIST).at(-1)?.body).toEqual({ sort: "name", order: "descending", limit: 50 }));
    await user.selectOptions(screen.getByRole("combobox", { name: "Sort by" }), "Last changed");
    await user.click(await screen.findByRole("button", { name: "Newest first" }));
    await user.click(await screen.findByRole("button", { name: "Oldest first" }));
  });

  it("P4: filters in a sheet, a chip for each that takes it away again", async () => {
    const server = serve({ [LIST]: ({ body }) => ({ body: patientPage(asked(body).filter ? [] : [summaryOf("l1", "Lovelace")]) }) });
    const { user } = show(<PatientsPage />);
    await screen.findByText("1 patient");
    await user.click(screen.getByRole("button", { name: "Filters" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Filters" }));
    const age = within(sheet.getByRole("group", { name: "Age in years" }));
    await user.type(age.getByRole("textbox", { name: "At least" }), "40");
    await user.type(age.getByRole("textbox", { name: "At most" }), "30");
    await user.click(sheet.getByRole("checkbox", { name: "Female" }));
    await user.click(sheet.getByRole("button", { name: "Show patients" }));
    await sheet.findByText("The lower number must not be higher than the upper one.");
    await user.clear(age.getByRole("textbox", { name: "At most" }));
    await user.click(sheet.getByRole("button", { name: "Show patients" }));
    await screen.findByRole("heading", { name: "No patients with these filters" });
    expect(server.to(LIST).at(-1)?.body).toMatchObject({ filter: { age: { min: 40 }, sex: ["female"] } });
    await user.click(screen.getByRole("button", { name: "Remove filter: Age in years: at least 40" }));
    await waitFor(() => expect(server.to(LIST).at(-1)?.body).toMatchObject({ filter: { sex: ["female"] } }));
    await user.click(screen.getByRole("button", { name: "Clear all filters" }));
    await screen.findByText("1 patient");
  });

  it("P4: the days that are often asked for are one choice each, said in the chip and found again", async () => {
    const server = serve({ [LIST]: { body: patientPage([summaryOf("l1", "Lovelace")]) }, "GET /api/v1/tags": { body: { categories: [] } } });
    const { user } = show(<PatientsPage />);
    await screen.findByText("1 patient");
    const open = async () => {
      await user.click(await screen.findByRole("button", { name: /^Filters/ }));
      return within(await screen.findByRole("dialog", { name: "Filters" }));
    };
    const apply = (sheet: Awaited<ReturnType<typeof open>>) => user.click(sheet.getByRole("button", { name: "Show patients" }));
    const sheet = await open();
    await sheet.findByRole("combobox", { name: "None of these tags" });
    expect(sheet.getAllByRole("combobox").map((it) => (it as HTMLInputElement).labels?.[0]?.textContent)).toEqual(
      ["All of these tags", "Any of these tags", "None of these tags", "Last visit", "Last changed", "Added", "Photo taken"],
    );
    await user.selectOptions(sheet.getByRole("combobox", { name: "Last visit" }), "Last 30 days");
    await apply(sheet);
    await screen.findByRole("button", { name: "Remove filter: Last visit: last 30 days" });
    const sent = asked(asked(server.to(LIST).at(-1)?.body).filter);
    expect(sent).toEqual({ lastAppointment: { from: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) as string } });
    const again = await open();
    expect(again.getByRole<HTMLSelectElement>("combobox", { name: "Last visit" }).selectedOptions[0]?.text).toBe("Last 30 days");
    await user.selectOptions(again.getByRole("combobox", { name: "Last visit" }), "Any time");
    await apply(again);
    await screen.findByText("1 patient");
  });

  it("R0: Escape does not throw away what was chosen in the sheet; the list of tags is closed first", async () => {
    const uses = { patients: 1, directPatients: 1, entries: 0, images: 0 };
    const categories = [{ id: "d", name: "Diagnosis", colour: "red", tags: ["Acne", "Naevus"].map((name) => ({ id: name, name, categoryId: "d", archived: false, uses })) }];
    const server = serve({ [LIST]: { body: patientPage([summaryOf("l1", "Lovelace")]) }, "GET /api/v1/tags": { body: { categories } } });
    const { user } = show(
      <>
        <PatientsPage />
        <DiscardQuestion />
      </>,
    );
    await screen.findByText("1 patient");
    await user.click(screen.getByRole("button", { name: "Filters" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Filters" }));
    await user.click(await sheet.findByRole("combobox", { name: "All of these tags" }));
    await user.keyboard("acn{Enter}");
    await user.click(sheet.getByRole("combobox", { name: "All of these tags" }));
    sheet.getByRole("option", { name: /Naevus/ });
    await user.keyboard("{Escape}");
    expect(sheet.queryByRole("option", { name: /Naevus/ })).toBeNull();
    sheet.getByRole("button", { name: "Remove Acne" });
    await user.keyboard("{Escape}");
    await screen.findByRole("alertdialog", { name: "Apply these filters?" });
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    sheet.getByRole("button", { name: "Remove Acne" });
    // Nothing is chosen any more: nothing to ask.
    await user.click(sheet.getByRole("checkbox", { name: "Female" }));
    await user.click(sheet.getByRole("button", { name: "Clear all" }));
    expect([sheet.queryByRole("button", { name: "Remove Acne" }), sheet.getByRole<HTMLInputElement>("checkbox", { name: "Female" }).checked]).toEqual([null, false]);
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(server.to(LIST).every((it) => asked(it.body).filter === undefined)).toBe(true);
    const leave = async (answer: string) => {
      await user.click(screen.getByRole("button", { name: "Filters" }));
      await user.click(within(await screen.findByRole("dialog", { name: "Filters" })).getByRole("checkbox", { name: "Female" }));
      await user.keyboard("{Escape}");
      await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: answer }));
      await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    };
    await leave("Don't apply");
    expect(asked(server.to(LIST).at(-1)?.body).filter).toBeUndefined();
    await leave("Apply");
    await waitFor(() => expect(asked(server.to(LIST).at(-1)?.body).filter).toEqual({ sex: ["female"] }));
    await user.click(screen.getByRole("button", { name: /^Remove filter: Sex/ }));
  });

  it("R0: a tag that was typed and not chosen is not left out without a word", async () => {
    const uses = { patients: 1, directPatients: 1, entries: 0, images: 0 };
    const categories = [{ id: "d", name: "Diagnosis", colour: "red", tags: ["Acne", "Vitiligo"].map((name) => ({ id: name, name, categoryId: "d", archived: false, uses })) }];
    const server = serve({ [LIST]: { body: patientPage([summaryOf("l1", "Lovelace")]) }, "GET /api/v1/tags": { body: { categories } } });
    const { user } = show(<PatientsPage />);
    await screen.findByText("1 patient");
    await user.click(screen.getByRole("button", { name: "Filters" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Filters" }));
    const field = (name: string) => sheet.getByRole<HTMLInputElement>("combobox", { name });
    await user.type(await sheet.findByRole("combobox", { name: "All of these tags" }), "viti");
    await user.type(field("None of these tags"), "acn");
    await user.click(sheet.getByRole("button", { name: "Show patients" }));
    await sheet.findByText("Choose “viti” in the list, or clear the field.");
    sheet.getByText("Choose “acn” in the list, or clear the field.");
    expect(document.activeElement).toBe(field("All of these tags"));
    await user.click(sheet.getByRole("button", { name: "Clear all" }));
    expect([field("All of these tags").value, field("None of these tags").value]).toEqual(["", ""]);
    await user.type(field("All of these tags"), "viti");
    await user.click(sheet.getByRole("button", { name: "Show patients" }));
    await user.click(field("All of these tags"));
    await user.keyboard("{Enter}");
    await user.click(sheet.getByRole("button", { name: "Show patients" }));
    await screen.findByText("All of these tags: Vitiligo");
    const filters = server.to(LIST).map((it) => asked(it.body).filter).filter(Boolean);
    expect(filters).toEqual([{ tags: { allOf: ["Vitiligo"] } }]);
  });

  it("P4: the chip of a consent says it once, and that of tags names them, also to a screen reader", async () => {
    const uses = { patients: 1, directPatients: 1, entries: 0, images: 0 };
    const categories = [{ id: "d", name: "Diagnosis", colour: "red", tags: ["Acne", "Naevus"].map((name) => ({ id: name, name, categoryId: "d", archived: false, uses })) }];
    serve({ [LIST]: { body: patientPage([summaryOf("l1", "Lovelace")]) }, "GET /api/v1/tags": { body: { categories } } });
    remember("patients.filter", { consent: ["revoked"], tags: { allOf: ["Acne", "Naevus"] } });
    const { user } = show(<PatientsPage />);
    await screen.findByText("Consent: revoked");
    await screen.findByText("All of these tags: Acne, Naevus");
    screen.getByRole("button", { name: "Remove filter: All of these tags: Acne, Naevus" });
    await user.click(screen.getByRole("button", { name: "Clear all filters" }));
    await screen.findByText("1 patient");
  });

  it("P4: a card says what its date is, and how many visits there are", async () => {
    const ahead = { ...summaryOf("b2", "Byron"), lastAppointment: null, nextAppointment: "2031-05-04T10:00:00Z" };
    const past = { ...summaryOf("l1", "Lovelace"), lastAppointment: "2026-01-05T10:00:00Z", entryCount: 7 };
    serve({ [LIST]: { body: patientPage([past, ahead], 2) } });
    remember("patients.cards", true);
    show(<PatientsPage />);
    const cards = await screen.findAllByRole("link", { name: /Ada/ });
    const named = (card: HTMLElement | undefined) => [...(card?.querySelectorAll("[data-kind=last] > span") ?? [])].map((it) => [it.textContent, it.getAttribute("data-named")]);
    expect(cards.map(named)).toEqual([[["Last visit: ", "always"]], [["Next visit: ", "always"]]]);
    expect(cards[0]?.querySelector("[data-kind=visits]")?.textContent).toBe("Visits: 7");
    remember("patients.cards", false);
    await waitFor(() => expect(named(screen.getAllByRole("link", { name: /Lovelace/ })[0])).toEqual([["Last visit: ", "narrow"]]));
  });

  it("F9: wrong filters lead to the first field in error", async () => {
    serve({ [LIST]: { body: patientPage([summaryOf("l1", "Lovelace")]) } });
    const { user } = show(<PatientsPage />);
    await screen.findByText("1 patient");
    await user.click(screen.getByRole("button", { name: "Filters" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Filters" }));
    const age = within(sheet.getByRole("group", { name: "Age in years" }));
    await user.type(age.getByRole("textbox", { name: "At least" }), "old");
    await user.click(sheet.getByRole("button", { name: "Show patients" }));
    await waitFor(() => expect(age.getByRole("textbox", { name: "At least" })).toBe(document.activeElement));
    expect(sheet.queryByRole("textbox", { name: "Year" })).toBeNull();
    await user.selectOptions(sheet.getByRole("combobox", { name: "Last visit" }), "Choose the days");
    const year = sheet.getAllByRole("textbox", { name: "Year" })[1] as HTMLElement;
    await user.type(sheet.getAllByRole("textbox", { name: "Day" })[1] as HTMLElement, "31");
    await user.type(sheet.getAllByRole("textbox", { name: "Month" })[1] as HTMLElement, "02");
    await user.type(year, "2024");
    await user.click(sheet.getByRole("button", { name: "Show patients" }));
    await waitFor(() => expect(document.activeElement?.getAttribute("aria-invalid")).toBe("true"));
    expect(document.activeElement).not.toBe(age.getByRole("textbox", { name: "At least" }));
    expect(document.activeElement?.closest("[role=group]")?.contains(year)).toBe(true);
  });

  it("F11: the focus selects what is searched for, so that typing replaces it", async () => {
    serve({ [LIST]: { body: patientPage([summaryOf("l1", "Lovelace")]) } });
    const { user } = show(<PatientsPage />);
    await screen.findByText("1 patient");
    const search = screen.getByRole<HTMLInputElement>("searchbox");
    await user.type(search, "love");
    search.blur();
    search.focus();
    expect([search.selectionStart, search.selectionEnd]).toEqual([0, 4]);
    await user.keyboard("by");
    expect(search.value).toBe("by");
    await user.click(screen.getByRole("button", { name: "Clear search" }));
  });

  it("P4: says that there are more than two hundred, and counts where a page did not wait", async () => {
    const more = { ...patientPage([summaryOf("l1", "Lovelace")], 200), totalIsExact: false };
    serve({
      [LIST]: ({ body }) => ({ body: asked(body).query ? more : patientPage([summaryOf("l1", "Lovelace")], null) }),
      [COUNT]: { body: { total: 70_000 } },
    });
    const { user } = show(<PatientsPage />);
    await screen.findByText("70,000 patients");
    await user.click(screen.getByRole("searchbox"));
    await user.paste("a");
    await screen.findByText("More than 200 patients found");
    await user.click(screen.getByRole("button", { name: "Clear search" }));
    await screen.findByText("70,000 patients");
  });

  it("goes from the search to the patients and back by arrows", async () => {
    serve({ [LIST]: { body: patientPage([summaryOf("l1", "Lovelace"), summaryOf("b2", "Byron")]) } });
    const { user } = show(<PatientsPage />);
    await screen.findByText("2 patients");
    await user.click(screen.getByRole("searchbox"));
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowDown}");
    expect(document.activeElement).toBe(screen.getByRole("link", { name: /Ada Byron/ }));
    await user.keyboard("{ArrowUp}{ArrowUp}");
    expect(document.activeElement).toBe(screen.getByRole("searchbox"));
  });

  it("P3: a patient whose only visit is still to come says when, and not that there was none", async () => {
    const ahead = { ...summaryOf("l1", "Lovelace"), entryCount: 1, lastAppointment: null, nextAppointment: "2027-03-02T09:00:00Z" };
    serve({ [LIST]: { body: patientPage([ahead, summaryOf("b2", "Byron")]) } });
    show(<PatientsPage />);
    await screen.findByText("2 patients");
    const [first, second] = screen.getAllByRole("listitem").map((row) => row.textContent);
    expect(first).toContain("Next: 2 Mar 2027");
    expect(second).not.toContain("Next:");
  });

  it("shows cards instead of a list", async () => {
    serve({ [LIST]: { body: patientPage([summaryOf("l1", "Lovelace")]) } });
    const { user } = show(<PatientsPage />);
    await screen.findByText("1 patient");
    await user.click(screen.getByRole("button", { name: "Show as cards" }));
    await user.click(screen.getByRole("button", { name: "Show as list" }));
    expect(names()).toEqual(["Ada Lovelace"]);
  });
});
