import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { Timeline } from "../pages/patient/visits/Timeline";
import { PatientsPage } from "../pages/patients/PatientsPage";
import { listedVisit, PATIENT, patientPage, summaryOf, visitPage } from "../testing/fixtures";
import { refusal, serve } from "../testing/server";
import { focused, show } from "../testing/show";

const LIST = "POST /api/v1/patients/search";
const ENTRIES = "GET /api/v1/patients/p1/entries";
const ASSIGN = "POST /api/v1/tags/assignments";
const uses = { patients: 0, directPatients: 0, entries: 0, images: 0 };
const catalogue = { categories: [{ id: "d", name: "Diagnosis", colour: "red", tags: ["Acne", "Naevus"].map((name) => ({ id: name, name, categoryId: "d", archived: false, uses })) }] };
const TAGS = { "GET /api/v1/tags": { body: catalogue }, "POST /api/v1/tags/selection": { body: { tags: [] } } };
const nothing = { patients: [], entries: [], images: [] };
const boxes = () => screen.queryAllByRole<HTMLInputElement>("checkbox");
/** Of patients and of visits. */
const chosen = () => boxes().map((box) => (box.getAttribute("aria-checked") ?? String(box.checked)) === "true");
const bar = (of: string) => within(screen.getByRole("region", { name: `Selected ${of}` }));
const people = ["Lovelace", "Byron", "Clarke", "Deane"].map((name) => summaryOf(name.toLowerCase(), name));

async function patients(routes: Parameters<typeof serve>[0] = {}) {
  const server = serve({ [LIST]: { body: patientPage(people) }, ...TAGS, ...routes });
  const drawn = show(<PatientsPage />);
  await drawn.user.click(await screen.findByRole("button", { name: "Select" }));
  await screen.findByRole("region", { name: "Selected patients" });
  return { server, ...drawn };
}

describe("T1, P4: patients of the list are selected", () => {
  it("by a click on the row, by the space bar and Enter, and in between with Shift; nothing is opened meanwhile, and all is as before afterwards", async () => {
    const { user, place } = await patients();
    await user.click(screen.getByText("Ada Lovelace"));
    await user.keyboard("{Shift>}");
    await user.click(screen.getByText("Ada Clarke"));
    await user.keyboard("{/Shift}");
    expect(chosen()).toEqual([true, true, true, false]);
    screen.getByText("3 patients selected");
    boxes()[1]?.focus();
    await user.keyboard(" ");
    expect(chosen()).toEqual([true, false, true, false]);
    await user.keyboard("{Enter}");
    expect(chosen()).toEqual([true, true, true, false]);
    expect(place.history).toEqual(["/"]);
    await user.click(screen.getByRole("button", { name: "Done" }));
    expect(boxes()).toHaveLength(0);
    expect(focused()).toBe("Select");
    await user.click(screen.getByRole("link", { name: /Byron/ }));
    expect(place.history).toEqual(["/", "/patients/byron"]);
  });

  it("by arrows with Shift; Escape ends it and leaves the focus on the row", async () => {
    const { user } = await patients();
    boxes()[1]?.focus();
    await user.keyboard("{Shift>}{ArrowDown}{ArrowDown}{/Shift}");
    expect(chosen()).toEqual([false, true, true, true]);
    await user.keyboard("{ArrowUp}");
    expect(chosen()).toEqual([false, true, true, true]);
    await user.keyboard("{Escape}");
    expect(boxes()).toHaveLength(0);
    expect(focused()).toContain("Ada Clarke");
    await user.click(screen.getByRole("button", { name: "Select" }));
    expect(chosen()).toEqual([false, false, false, false]);
  });

  it("Escape in the search field clears that, and keeps what is selected; what the search does not show is said", async () => {
    const { user } = await patients({ [LIST]: ({ body }) => ({ body: patientPage((body as { query?: string }).query ? people.slice(0, 1) : people) }) });
    await user.click(screen.getByRole("button", { name: "Select all" }));
    screen.getByText("4 patients selected");
    await user.click(screen.getByRole("searchbox"));
    await user.paste("love");
    await screen.findByText("4 patients selected, 3 not shown");
    await user.click(screen.getByText("Ada Lovelace"));
    screen.getByText("3 patients selected, 3 not shown");
    await user.click(bar("patients").getByRole("button", { name: "Select all shown" }));
    screen.getByText("4 patients selected, 3 not shown");
    await user.click(screen.getByRole("searchbox"));
    await user.keyboard("{Escape}");
    await screen.findByText("4 patients selected");
    await user.click(bar("patients").getByRole("button", { name: "Select none" }));
    expect(chosen()).toEqual([false, false, false, false]);
    expect(bar("patients").getByRole<HTMLButtonElement>("button", { name: "Tag" }).disabled).toBe(true);
  });

  it("stay selected while more are loaded, and all of them are tagged in one request, which can be undone", async () => {
    const done = { added: [{ tagId: "Naevus", ...nothing, patients: ["lovelace", "deane"] }], removed: [] };
    const { user, server } = await patients({
      [LIST]: ({ body }) => ({ body: (body as { cursor?: string }).cursor ? patientPage(people.slice(2), 4) : patientPage(people.slice(0, 2), 4, "next") }),
      [ASSIGN]: { body: done },
    });
    await user.click(screen.getByText("Ada Lovelace"));
    await user.click(screen.getByRole("button", { name: "Show more" }));
    await user.click(await screen.findByText("Ada Clarke"));
    await user.keyboard("{Shift>}");
    await user.click(screen.getByText("Ada Deane"));
    await user.keyboard("{/Shift}");
    expect(chosen()).toEqual([true, false, true, true]);
    await user.click(bar("patients").getByRole("button", { name: "Tag" }));
    await screen.findByRole("dialog", { name: "Tag 3 patients" });
    await user.type(screen.getByRole("combobox", { name: "Add a tag" }), "naev{Enter}");
    const before = server.to(LIST).length;
    await user.click(screen.getByRole("button", { name: "Save" }));
    const message = await screen.findByText("Tag added to 2 patients; 1 patient had it already.");
    expect(message.closest("[aria-label='Selected patients']")).not.toBeNull();
    expect(server.to("POST /api/v1/tags/selection").at(-1)?.body).toEqual({ patients: ["lovelace", "clarke", "deane"] });
    expect(server.to(ASSIGN).map((it) => it.body)).toEqual([{ add: ["Naevus"], remove: [], patients: ["lovelace", "clarke", "deane"] }]);
    // The rows are asked for again: who was changed last may be another.
    await waitFor(() => expect(server.to(LIST).length).toBeGreaterThan(before));
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await screen.findByText("Undone: tags of 2 patients changed.");
    expect(server.to(ASSIGN).slice(1).map((it) => it.body)).toEqual([{ remove: ["Naevus"], ...nothing, patients: ["lovelace", "deane"] }]);
  });

  it("until the dialog is done: the server's no is said there, and Escape closes the dialog alone", async () => {
    const { user, server } = await patients({ [ASSIGN]: refusal(422, "invalid", { "patients[1]": "Remove tags first; this patient would have 51, and 50 is the most." }) });
    await user.click(screen.getByRole("button", { name: "Select all" }));
    await user.click(bar("patients").getByRole("button", { name: "Tag" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Tag 4 patients" }));
    await user.type(dialog.getByRole("combobox"), "naev{Enter}");
    await user.click(dialog.getByRole("button", { name: "Save" }));
    await dialog.findByText(/this patient would have 51/);
    await user.click(dialog.getByRole("button", { name: "Remove Naevus" }));
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(server.to(ASSIGN)).toHaveLength(1);
    screen.getByText("4 patients selected");
    expect(focused()).toBe("Tag");
  });
});

describe("T1: visits are selected", () => {
  const visit = (id: string, day: number) => listedVisit(id, `2026-02-0${day}T10:00:00Z`);

  it("by a click, by the space bar and with Shift, and get tags together, which can be undone", async () => {
    const done = { added: [{ tagId: "Acne", ...nothing, entries: ["c", "b", "a"] }], removed: [] };
    const server = serve({ [ENTRIES]: { body: visitPage([visit("c", 3), visit("b", 2), visit("a", 1)]) }, ...TAGS, [ASSIGN]: { body: done } });
    const { user } = show(<Timeline patient={PATIENT} />);
    await user.click(await screen.findByRole("button", { name: "Select" }));
    await screen.findByRole("region", { name: "Selected visits" });
    expect(screen.queryByRole("button", { name: /Add tags/ })).toBeNull();
    await user.click(screen.getByRole("checkbox", { name: /^c 3 Feb/ }));
    await user.keyboard("{Shift>}{ArrowDown}{/Shift}");
    expect(chosen()).toEqual([true, true, false]);
    await user.keyboard(" {ArrowDown}");
    await user.keyboard(" ");
    expect(chosen()).toEqual([true, false, true]);
    await user.click(bar("visits").getByRole("button", { name: "Select all" }));
    await user.click(bar("visits").getByRole("button", { name: "Tag" }));
    await screen.findByRole("dialog", { name: "Tag 3 visits" });
    await user.type(screen.getByRole("combobox", { name: "Add a tag" }), "acn{Enter}");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("Tag added to 3 visits.");
    expect(server.to(ASSIGN)[0]?.body).toEqual({ add: ["Acne"], remove: [], entries: ["c", "a", "b"] });
    await waitFor(() => expect(server.to(ENTRIES)).toHaveLength(2));
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await screen.findByText("Undone: tags of 3 visits changed.");
    expect(server.to(ASSIGN)[1]?.body).toEqual({ remove: ["Acne"], ...nothing, entries: ["c", "b", "a"] });
  });

  it("no longer after Escape, which gives the focus to the button that began it", async () => {
    serve({ [ENTRIES]: { body: visitPage([visit("b", 2), visit("a", 1)]) }, ...TAGS });
    const { user } = show(<Timeline patient={PATIENT} />);
    await user.click(await screen.findByRole("button", { name: "Select" }));
    await user.click(screen.getByRole("checkbox", { name: /^a/ }));
    await screen.findByText("1 visit selected");
    await user.keyboard("{Escape}");
    expect(boxes()).toHaveLength(0);
    expect(focused()).toBe("Select");
    expect(screen.getAllByRole("button", { name: /Add tags/ })).toHaveLength(2);
  });
});
