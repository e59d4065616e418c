import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Tag, TagCatalogue } from "../../api/types";
import { recall, remember } from "../../app/sealed";
import { refusal, serve } from "../../testing/server";
import { show } from "../../testing/show";
import { TagsPage } from "./TagsPage";

const LIST = "GET /api/v1/tags";
const tag = (id: string, categoryId: string, more: Partial<Tag> = {}): Tag => ({ id, name: id, categoryId, archived: false, uses: { patients: 0, directPatients: 0, entries: 0, images: 0 }, ...more });
const catalogue: TagCatalogue = {
  categories: [
    { id: "d", name: "Diagnosis", colour: "red", tags: [tag("Acne", "d", { uses: { patients: 2, directPatients: 1, entries: 1, images: 12 } }), tag("Old", "d", { archived: true })] },
    { id: "s", name: "Status", colour: "grey", tags: [] },
    { id: "v", name: "View", colour: "violet", tags: [tag("Close-up", "v")] },
  ],
};

async function open(routes: Parameters<typeof serve>[0] = {}) {
  const server = serve({ [LIST]: { body: catalogue }, ...routes });
  const drawn = show(<TagsPage />);
  await screen.findByRole("heading", { name: "Diagnosis" });
  return { server, ...drawn };
}
const headings = () => screen.getAllByRole("heading", { level: 2 }).map((it) => it.textContent);

describe("T3: the page of tags", () => {
  it("shows categories in their order with their tags and how often each is used", async () => {
    await open();
    expect(headings()).toEqual(["Diagnosis", "Status", "View"]);
    expect(within(screen.getByRole("list", { name: "Diagnosis" })).getAllByRole("listitem").map((it) => it.textContent)).toEqual(["Edit Acne1 patient, 1 visit, 12 photosShow patients", "Edit Oldarchived · not used"]);
    expect(screen.getByText("No tags yet")).toBeTruthy();
  });

  it("leads to the patients that have a tag; the address says nothing of it", async () => {
    const { user, place } = await open();
    remember("patients.search", "mueller");
    expect(screen.getAllByRole("link").map((it) => it.getAttribute("aria-label"))).toEqual(["Show patients: Acne"]);
    await user.click(screen.getByRole("link", { name: "Show patients: Acne" }));
    expect(place.history.at(-1)).toBe("/patients");
    expect([recall("patients.filter"), recall("patients.search")]).toEqual([{ tags: { allOf: ["Acne"] } }, ""]);
  });

  it("moves a category by its buttons, at once and announced, and puts it back when that fails", async () => {
    const { user, server } = await open({ "PATCH /api/v1/tag-categories/*": { body: { id: "d", name: "Diagnosis", colour: "red" } } });
    await user.click(screen.getByRole("button", { name: "Move Diagnosis down" }));
    expect(headings()).toEqual(["Status", "Diagnosis", "View"]);
    await screen.findByText("Diagnosis is now 2 of 3.");
    await user.click(screen.getByRole("button", { name: "Move Diagnosis down" }));
    await waitFor(() => expect(server.to("PATCH /api/v1/tag-categories/*").map((it) => it.body)).toEqual([{ position: 1 }, { position: 2 }]));
    expect((screen.getByRole("button", { name: "Move Diagnosis down" }) as HTMLButtonElement).disabled).toBe(true);
    server.answer("PATCH /api/v1/tag-categories/*", refusal(503, "busy"));
    await user.click(screen.getByRole("button", { name: "Move View up" }));
    await screen.findByText(/^The server is busy/);
    await waitFor(() => expect(headings()).toEqual(["Diagnosis", "Status", "View"]));
  });

  it("moves a category by dragging its handle", async () => {
    const { server } = await open({ "PATCH /api/v1/tag-categories/*": { body: { id: "d", name: "Diagnosis", colour: "red" } } });
    const rows = [...screen.getByRole("list", { name: "Tags" }).children] as HTMLElement[];
    for (const [at, row] of rows.entries()) row.getBoundingClientRect = () => ({ top: at * 100, height: 100 }) as DOMRect;
    const handle = screen.getByTitle("Drag to move Diagnosis");
    handle.setPointerCapture = () => undefined;
    fireEvent.pointerDown(handle, { button: 0, pointerId: 1, clientY: 50 });
    fireEvent.pointerMove(handle, { pointerId: 1, clientY: 240 });
    fireEvent.pointerUp(handle, { pointerId: 1, clientY: 240 });
    expect(headings()).toEqual(["Status", "View", "Diagnosis"]);
    await waitFor(() => expect(server.to("PATCH /api/v1/tag-categories/*").map((it) => it.body)).toEqual([{ position: 2 }]));
  });

  it("adds a category with a colour that has a name", async () => {
    const { user, server } = await open({ "POST /api/v1/tag-categories": { status: 201, body: { id: "n", name: "Study", colour: "lime" } } });
    await user.click(screen.getByRole("button", { name: "New category" }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("Enter a name.");
    await user.type(screen.getByLabelText(/^Name/), "Study");
    await user.click(screen.getByRole("radio", { name: "Lime" }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("The category “Study” was saved.");
    expect(server.to("POST /api/v1/tag-categories").map((it) => it.body)).toEqual([{ name: "Study", colour: "lime" }]);
  });

  it("deletes a category only while it is empty, and asks", async () => {
    const { user, server } = await open({ "DELETE /api/v1/tag-categories/*": { status: 204 } });
    await user.click(screen.getByRole("button", { name: "Edit category Diagnosis" }));
    expect(screen.queryByRole("button", { name: "Delete category" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    await user.click(screen.getByRole("button", { name: "Edit category Status" }));
    await user.click(screen.getByRole("button", { name: "Delete category" }));
    await user.click(within(screen.getByRole("alertdialog", { name: "Delete the category “Status”?" })).getByRole("button", { name: "Delete category" }));
    await screen.findByText("The category “Status” was deleted.");
    expect(server.to("DELETE /api/v1/tag-categories/*").map((it) => it.path)).toEqual(["/api/v1/tag-categories/s"]);
  });

  it("renames, archives, merges and deletes a tag; what cannot be undone says how often it is used", async () => {
    const { user, server } = await open({
      "PATCH /api/v1/tags/*": { body: tag("Acne", "d", { archived: true }) },
      "POST /api/v1/tags/*/merge": { body: tag("Close-up", "v") },
      "DELETE /api/v1/tags/*": { status: 204 },
    });
    const edit = async () => user.click(screen.getByRole("button", { name: /^Edit Acne/ }));
    await edit();
    await screen.findByText("Used on 1 patient, 1 visit and 12 photos: 2 patients in all.");
    await user.clear(screen.getByLabelText(/^Name/));
    await user.type(screen.getByLabelText(/^Name/), "Acne vulgaris");
    await user.selectOptions(screen.getByLabelText("Category"), "v");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(server.to("PATCH /api/v1/tags/*").map((it) => it.body)).toEqual([{ name: "Acne vulgaris", categoryId: "v" }]));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await edit();
    await user.click(screen.getByRole("button", { name: "Archive" }));
    await screen.findByText("The tag “Acne” was archived.");
    await edit();
    await user.click(screen.getByRole("button", { name: "Merge into another tag" }));
    await user.click(screen.getByRole("button", { name: "Merge" }));
    await screen.findByText("Choose the tag to merge into.");
    const into = screen.getByRole("combobox", { name: "Merge into" });
    await user.click(into);
    expect(screen.getAllByRole("option").map((it) => it.textContent)).toEqual(["Close-upView"]);
    await user.type(into, "clo{Enter}{Enter}");
    expect(server.to("POST /api/v1/tags/*/merge")).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Merge" }));
    await screen.findByText("“Acne” is now part of “Close-up”.");
    expect(server.to("POST /api/v1/tags/*/merge").map((it) => [it.path, it.body])).toEqual([["/api/v1/tags/Close-up/merge", { from: ["Acne"] }]]);
    await edit();
    await user.click(screen.getByRole("button", { name: "Delete tag" }));
    const question = within(screen.getByRole("alertdialog", { name: "Delete “Acne”?" }));
    question.getByText(/12 photos/);
    await user.keyboard("{Escape}");
    expect(server.to("DELETE /api/v1/tags/*")).toEqual([]);
    await edit();
    await user.click(screen.getByRole("button", { name: "Delete tag" }));
    await user.click(screen.getByRole("button", { name: "Delete tag" }));
    await screen.findByText("The tag “Acne” was deleted.");
  });

  it("R0: merges nothing while something else is typed than was chosen, and names what is chosen", async () => {
    const categories = [{ id: "d", name: "Diagnosis", colour: "red", tags: ["Acne", "Psoriasis", "Vitiligo"].map((name) => tag(name, "d")) }];
    const { user, server } = await open({ [LIST]: { body: { categories } }, "POST /api/v1/tags/*/merge": { body: tag("Vitiligo", "d") } });
    await user.click(screen.getByRole("button", { name: /^Edit Acne/ }));
    await user.click(screen.getByRole("button", { name: "Merge into another tag" }));
    const into = screen.getByRole("combobox", { name: "Merge into" });
    screen.getByText(/^Everything tagged “Acne” gets the other tag instead/);
    await user.click(screen.getByRole("button", { name: "Merge" }));
    await screen.findByText("Choose the tag to merge into.");
    expect(document.activeElement).toBe(into);
    await user.type(into, "pso{Enter}");
    screen.getByText(/^Everything tagged “Acne” gets “Psoriasis” instead, and “Acne” is deleted\./);
    await user.type(into, "Viti");
    await user.click(screen.getByRole("button", { name: "Merge" }));
    await screen.findByText("Choose “Viti” in the list, or clear the field.");
    expect(document.activeElement).toBe(into);
    expect(server.to("POST /api/v1/tags/*/merge")).toEqual([]);
    await user.keyboard("{Enter}");
    screen.getByText(/^Everything tagged “Acne” gets “Vitiligo” instead/);
    await user.click(screen.getByRole("button", { name: "Merge" }));
    await screen.findByText("“Acne” is now part of “Vitiligo”.");
    expect(server.to("POST /api/v1/tags/*/merge").map((it) => it.path)).toEqual(["/api/v1/tags/Vitiligo/merge"]);
  });

  it("T3: a name of another width is offered to be merged, too", async () => {
    const { user } = await open({ "PATCH /api/v1/tags/*": refusal(422, "invalid", { name: "Choose another name; this category has a tag with this one." }) });
    await user.click(screen.getByRole("button", { name: /^Edit Acne/ }));
    await user.clear(screen.getByLabelText(/^Name/));
    await user.type(screen.getByLabelText(/^Name/), "\uff2f\uff2c\uff24");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByRole("button", { name: "Merge into “Old”" });
  });

  it("offers to merge where another tag has the name, with both chosen", async () => {
    const { user, server } = await open({
      "PATCH /api/v1/tags/*": refusal(422, "invalid", { name: "Choose another name; this category has a tag with this one." }),
      "POST /api/v1/tags/*/merge": { body: tag("Old", "d") },
    });
    await user.click(screen.getByRole("button", { name: /^Edit Acne/ }));
    await user.clear(screen.getByLabelText(/^Name/));
    await user.type(screen.getByLabelText(/^Name/), " oLD ");
    expect(screen.queryByRole("button", { name: "Merge into “Old”" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("Choose another name; this category has a tag with this one.");
    await user.click(screen.getByRole("button", { name: "Merge into “Old”" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Merge “Acne” into another tag" }));
    dialog.getByRole("button", { name: "Remove Old" });
    // Nothing lies open that would move the button away from the finger.
    expect(dialog.queryAllByRole("option")).toEqual([]);
    dialog.getByText(/Used on 1 patient, 1 visit and 12 photos/);
    await user.click(dialog.getByRole("button", { name: "Merge" }));
    await screen.findByText("“Acne” is now part of “Old”.");
    expect(server.to("POST /api/v1/tags/*/merge").map((it) => [it.path, it.body])).toEqual([["/api/v1/tags/Old/merge", { from: ["Acne"] }]]);
  });

  it("says that nothing could be loaded, and what to do when there is nothing", async () => {
    const server = serve({ [LIST]: refusal(500, "internal") });
    const { user } = show(<TagsPage />);
    await screen.findByRole("heading", { name: "This could not be loaded" });
    server.answer(LIST, { body: { categories: [] } });
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByRole("heading", { name: "No categories yet" });
  });
});
