import { screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, it } from "vitest";
import type { TagCatalogue } from "../api/types";
import { refusal, serve } from "../testing/server";
import { show } from "../testing/show";
import { TagPicker } from "./TagPicker";

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

function Picker({ canCreate = true }: { canCreate?: boolean }) {
  const [chosen, setChosen] = useState<string[]>([]);
  return (
    <>
      <TagPicker label="Add a tag" chosen={chosen} onChange={setChosen} canCreate={canCreate} />
      <output>{chosen.join(" ")}</output>
    </>
  );
}

async function open(routes: Parameters<typeof serve>[0] = {}, canCreate = true) {
  const server = serve({ [LIST]: { body: catalogue }, ...routes });
  const shown = show(<Picker canCreate={canCreate} />);
  const field = await screen.findByRole("combobox", { name: "Add a tag" });
  const options = () => screen.queryAllByRole("option").map((it) => it.textContent);
  return { server, field, options, ...shown };
}
const chosen = () => document.querySelector("output")?.textContent;

describe("T1: choosing tags by typing", () => {
  it("takes with the keyboard alone, and removes what was chosen last", async () => {
    const { user, field, options } = await open();
    await user.type(field, "na");
    expect(options()).toEqual(["NaevusDiagnosis", "Create “na” Diagnosis", "Create “na” Status"]);
    await user.keyboard("{Enter}");
    expect([chosen(), document.activeElement === field, (field as HTMLInputElement).value]).toEqual(["naevus", true, ""]);
    await user.keyboard("{ArrowDown}{Enter}");
    expect(chosen()).toBe("naevus new");
    await user.keyboard("{Backspace}");
    expect(chosen()).toBe("naevus");
    await user.click(within(screen.getByRole("list", { name: "Chosen tags" })).getByRole("button", { name: "Remove Naevus" }));
    expect(chosen()).toBe("");
  });

  it("creates where nothing has that name, in the category that is pressed, and chooses it", async () => {
    const { user, field, server, options } = await open({ [CREATE]: { status: 201, body: tag("mole", "Mole", "s") } });
    await user.type(field, " Mole ");
    expect(options().toSorted()).toEqual(["Create “Mole” Diagnosis", "Create “Mole” Status"]);
    const [diagnosis, status] = catalogue.categories;
    if (!diagnosis || !status) throw new Error("the fixture has two categories");
    server.answer(LIST, { body: { categories: [diagnosis, { ...status, tags: [...status.tags, tag("mole", "Mole", "s")] }] } });
    await user.click(screen.getByRole("option", { name: /Status/ }));
    await waitFor(() => expect(chosen()).toBe("mole"));
    expect(server.to(CREATE).map((it) => it.body)).toEqual([{ categoryId: "s", name: "Mole" }]);
    await screen.findByRole("button", { name: "Remove Mole" });
  });

  it("creates nothing in a category that was not chosen: Enter proposes one, an arrow key changes it", async () => {
    const { user, field, server } = await open({ [CREATE]: { status: 201, body: tag("mole", "Mole", "s") } });
    const selected = () => screen.queryAllByRole("option", { selected: true }).map((it) => it.textContent);
    await user.type(field, "Mole");
    expect(selected()).toEqual([]);
    expect(field.getAttribute("aria-activedescendant")).toBeNull();
    screen.getByText("“Mole” is new. Choose its category.");
    await user.keyboard("{Enter}");
    expect(server.to(CREATE)).toEqual([]);
    expect(selected()).toEqual(["Create “Mole” Diagnosis"]);
    screen.getByText("Press Enter to create it in Diagnosis. The arrow keys choose another category.");
    await user.keyboard("{ArrowDown}");
    screen.getByText("Press Enter to create it in Status. The arrow keys choose another category.");
    await user.keyboard("{Enter}");
    await waitFor(() => expect(server.to(CREATE).map((it) => it.body)).toEqual([{ categoryId: "s", name: "Mole" }]));

    // What is typed anew is asked about anew; the arrows begin at either end.
    await user.clear(field);
    await user.type(field, "Wart");
    expect(selected()).toEqual([]);
    await user.keyboard("{ArrowUp}");
    expect(selected()).toEqual(["Create “Wart” Status"]);
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
  });

  it("does not create in a filter", async () => {
    const { user, field, options } = await open({}, false);
    await user.type(field, "zzz");
    expect(options()).toEqual([]);
    await screen.findByText("No tag with this name.");
    await user.clear(field);
    expect(options()).toHaveLength(3);
    // Three of them stand in one sheet: only the one in use is long.
    await user.tab();
    expect(options()).toEqual([]);
  });

  it("says that the tags could not be loaded", async () => {
    const server = serve({ [LIST]: refusal(503, "busy") });
    const { user } = show(<Picker />);
    await screen.findByRole("heading", { name: "This could not be loaded" });
    server.answer(LIST, { body: catalogue });
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByRole("combobox");
  });
});
