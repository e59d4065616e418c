import { screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import type { TagCatalogue } from "../api/types";
import { refusal, serve } from "../testing/server";
import { show } from "../testing/show";
import { TagPicker, type TagPickerProps } from "./TagPicker";

const LIST = "GET /api/v1/tags";
const CREATE = "POST /api/v1/tags";
const uses = { patients: 0, directPatients: 0, entries: 0, images: 0 };
const tag = (id: string, name: string, categoryId: string) => ({ id, name, categoryId, archived: false, uses });
const catalogue: TagCatalogue = {
  categories: [
    { id: "d", name: "Diagnosis", colour: "red", tags: [tag("acne", "Acne", "d"), tag("naevus", "Naevus", "d")] },
    { id: "s", name: "Status", colour: "grey", tags: [tag("new", "New", "s")] },
  ],
};

function Picker({ use }: { use: TagPickerProps["use"] }) {
  const [chosen, setChosen] = useState<string[]>([]);
  return (
    <>
      <TagPicker label="Add a tag" chosen={chosen} onChange={setChosen} use={use} without="new" />
      <output>{chosen.join(" ")}</output>
    </>
  );
}

async function open(routes: Parameters<typeof serve>[0] = {}, use: TagPickerProps["use"] = "give") {
  const server = serve({ [LIST]: { body: catalogue }, ...routes });
  const shown = show(<Picker use={use} />);
  const field = await screen.findByRole("combobox", { name: "Add a tag" });
  const options = () => screen.queryAllByRole("option").map((it) => it.textContent);
  return { server, field, options, ...shown };
}
const chosen = () => document.querySelector("output")?.textContent;

describe("T1: choosing tags by typing", () => {
  it("takes with the keyboard alone, and removes what was chosen last", async () => {
    const { user, field, options } = await open();
    await user.type(field, "na");
    expect(options()).toEqual(["NaevusDiagnosis", "Create “na”"]);
    await user.keyboard("{Enter}");
    expect([chosen(), document.activeElement === field, (field as HTMLInputElement).value]).toEqual(["naevus", true, ""]);
    await user.keyboard("{ArrowDown}{ArrowUp}{Enter}");
    expect(chosen()).toBe("naevus acne");
    await user.keyboard("{Backspace}");
    expect(chosen()).toBe("naevus");
    await user.click(within(screen.getByRole("list", { name: "Chosen tags" })).getByRole("button", { name: "Remove Naevus" }));
    expect(chosen()).toBe("");
  });

  it("creates where nothing has that name: one row, then the category, and chooses it", async () => {
    const { user, field, server, options } = await open({ [CREATE]: { status: 201, body: tag("mole", "Mole", "s") } });
    await user.type(field, " Mole ");
    expect(options()).toEqual(["Create “Mole”"]);
    await user.click(screen.getByRole("option", { name: "Create “Mole”" }));
    screen.getByText("“Mole” is new. Choose its category.");
    expect(options()).toEqual(["Diagnosis", "Status"]);
    expect([document.activeElement === field, server.to(CREATE).length]).toEqual([true, 0]);
    const [diagnosis, status] = catalogue.categories;
    if (!diagnosis || !status) throw new Error("the fixture has two categories");
    server.answer(LIST, { body: { categories: [diagnosis, { ...status, tags: [...status.tags, tag("mole", "Mole", "s")] }] } });
    await user.click(screen.getByRole("option", { name: "Status" }));
    await waitFor(() => expect(chosen()).toBe("mole"));
    expect(server.to(CREATE).map((it) => it.body)).toEqual([{ categoryId: "s", name: "Mole" }]);
    await screen.findByRole("button", { name: "Remove Mole" });
    expect(screen.queryByText(/is new/)).toBeNull();
  });

  it("creates with the keyboard alone, and Escape goes back step by step", async () => {
    const { user, field, server, options } = await open({ [CREATE]: { status: 201, body: tag("nail", "Nai", "s") } });
    const selected = () => screen.queryAllByRole("option", { selected: true }).map((it) => it.textContent);
    await user.type(field, "na");
    await user.keyboard("{ArrowDown}{Enter}");
    expect(selected()).toEqual(["Diagnosis"]);
    await user.keyboard("{Escape}");
    // The row that was left.
    expect([options().length, selected()]).toEqual([2, ["Create “na”"]]);
    await user.keyboard("{Enter}{ArrowDown}");
    expect(field.getAttribute("aria-activedescendant")).toBe(screen.getByRole("option", { name: "Status" }).id);
    expect(server.to(CREATE)).toEqual([]);
    // What is typed anew is asked about anew.
    await user.type(field, "i");
    expect(options()).toEqual(["Create “nai”"]);
    await user.keyboard("{Enter}{ArrowUp}{Enter}");
    await waitFor(() => expect(server.to(CREATE).map((it) => it.body)).toEqual([{ categoryId: "s", name: "nai" }]));
  });

  it("asks for no category where there is only one", async () => {
    const [only] = catalogue.categories;
    const { user, field, server } = await open({ [LIST]: { body: { categories: [only] } }, [CREATE]: { status: 201, body: tag("mole", "Mole", "d") } });
    await user.type(field, "Mole{Enter}");
    await waitFor(() => expect(server.to(CREATE).map((it) => it.body)).toEqual([{ categoryId: "d", name: "Mole" }]));
  });

  it("names one tag that there is: the list closes with the choice, Enter sends no form, and the next one replaces it", async () => {
    const { user, field, options } = await open({}, "one");
    expect(options()).toEqual([]);
    await user.click(field);
    expect(options()).toEqual(["AcneDiagnosis", "NaevusDiagnosis"]);
    await user.type(field, "acn{Enter}");
    expect([chosen(), options().length, field.getAttribute("aria-expanded")]).toEqual(["acne", 0, "false"]);
    await user.keyboard("{ArrowDown}");
    expect(options()).toEqual(["NaevusDiagnosis"]);
    await user.keyboard("{Enter}");
    expect(chosen()).toBe("naevus");
    // The button below stays under the pointer that presses it.
    await user.type(field, "acn");
    await user.tab();
    expect([document.activeElement === field, options().length]).toEqual([false, 1]);
  });

  it("says the server's no at the field and keeps what was typed", async () => {
    const { user, field } = await open({ [CREATE]: refusal(422, "invalid", { name: "Choose another name." }) });
    await user.type(field, "Mole{Enter}{Enter}");
    expect((await screen.findByRole("alert")).textContent).toBe("Choose another name.");
    expect((field as HTMLInputElement).value).toBe("Mole");
    expect(chosen()).toBe("");
  });

  it("offers nothing new for a name that is there whatever the case, nor where tags are only looked for", async () => {
    const { user, field, options } = await open();
    await user.type(field, "ACNE");
    expect(options()).toEqual(["AcneDiagnosis"]);
    await user.clear(field);
    await user.type(field, "\uff21\uff23\uff2e\uff25");
    expect(options()).toEqual(["AcneDiagnosis"]);
  });

  it("does not create in a filter", async () => {
    const { user, field, options } = await open({}, "find");
    await user.type(field, "zzz");
    expect(options()).toEqual([]);
    await screen.findByText("No tag with this name.");
    await user.clear(field);
    expect(options()).toHaveLength(2);
    // Escape closes the list, and the next one what is around; a press or an arrow opens it.
    const outside = vi.fn();
    document.addEventListener("keydown", outside);
    await user.keyboard("{Escape}");
    expect([options().length, outside.mock.calls.length]).toEqual([0, 0]);
    await user.keyboard("{Escape}");
    expect(outside.mock.calls.length).toBe(1);
    document.removeEventListener("keydown", outside);
    await user.keyboard("{ArrowDown}");
    expect(options()).toHaveLength(2);
    // Three of them stand in one sheet: only the one in use is long.
    await user.tab();
    expect(options()).toEqual([]);
  });

  it("says that the tags could not be loaded", async () => {
    const server = serve({ [LIST]: refusal(503, "busy") });
    const { user } = show(<Picker use="give" />);
    await screen.findByRole("heading", { name: "This could not be loaded" });
    server.answer(LIST, { body: catalogue });
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByRole("combobox");
  });

  it.each([["find", true], ["one", true], ["give", false]] as const)("what is chosen stands with its label, as in %s; what is added to, above the field", async (use, isBelow) => {
    const { user, field } = await open({}, use);
    await user.type(field, "na");
    await user.click(screen.getByRole("option", { name: /Naevus/ }));
    const label = screen.getByText("Add a tag", { selector: "label" });
    const order = label.compareDocumentPosition(screen.getByRole("list", { name: "Chosen tags" }));
    expect(order === Node.DOCUMENT_POSITION_FOLLOWING).toBe(isBelow);
  });
});
