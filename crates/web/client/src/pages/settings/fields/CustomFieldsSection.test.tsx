import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { CustomField } from "../../../api/types";
import { later, refusal, serve } from "../../../testing/server";
import { focused, noteOf, show } from "../../../testing/show";
import { CustomFieldsSection } from "./CustomFieldsSection";

const LIST = "GET /api/v1/patient-fields";
const CREATE = "POST /api/v1/patient-fields";
const CHANGE = "PATCH /api/v1/patient-fields/*";
const field = (id: string, more: Partial<CustomField> = {}): CustomField => ({ id, label: id, kind: "text", choices: null, retired: false, ...more });
const labels = () => within(screen.getByRole("list", { name: "Patient fields" })).queryAllByRole("listitem").map((row) => row.querySelector("p")?.textContent);
const dialog = () => within(screen.getByRole("dialog"));

async function open(fields: CustomField[], routes: Parameters<typeof serve>[0] = {}) {
  const server = serve({ [LIST]: { body: { fields } }, ...routes });
  const shown = show(<CustomFieldsSection />);
  await waitFor(() => expect(screen.queryByText("Loading…")).toBeNull());
  return { server, ...shown };
}

describe("the list of the practice's custom fields", () => {
  it("says that there is none, that it could not be loaded, and that it is full", async () => {
    const server = serve({ [LIST]: refusal(500, "internal") });
    const { user } = show(<CustomFieldsSection />);
    await screen.findByRole("heading", { name: "This could not be loaded" });
    server.answer(LIST, { body: { fields: [] } });
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByRole("heading", { name: "No fields of your own yet" });
  });

  it("takes no more than twenty in use; retired ones do not count", async () => {
    const many = Array.from({ length: 20 }, (_, at) => field(`f${at}`));
    await open([...many, field("old", { retired: true })]);
    expect(screen.getByText("All 20 are in use. Retire one to add another.")).toBeDefined();
    for (const name of ["Add field", "Restore old"]) {
      expect((screen.getByRole("button", { name, hidden: true }) as HTMLButtonElement).disabled, name).toBe(true);
    }
  });

  it("moves a field at once, says where it is, and keeps the focus on a button that can be pressed", async () => {
    const answer = later({ body: field("b") });
    const { user, server } = await open([field("a"), field("b")], { [CHANGE]: answer.handler });
    await user.click(screen.getByRole("button", { name: "Move b up" }));
    expect(labels()).toEqual(["b", "a"]);
    expect(screen.getByText("b is now 1 of 2.").getAttribute("role")).toBe("status");
    expect(focused()).toBe("Move b down");
    await waitFor(() => expect(server.to(CHANGE).map((it) => it.body)).toEqual([{ position: 0 }]));
    answer.release();
  });

  it("takes a move back that the server refused, and says so", async () => {
    const { user } = await open([field("a"), field("b")], { [CHANGE]: refusal(503, "busy") });
    await user.click(screen.getByRole("button", { name: "Move b up" }));
    await screen.findByText(/^The server is busy/);
    await waitFor(() => expect(labels()).toEqual(["a", "b"]));
  });

  it("restores a retired field; says it when another has its name by now", async () => {
    const old = field("old", { retired: true });
    const { user, server } = await open([field("a"), old], { [CHANGE]: refusal(409, "conflict", { label: "Enter a different name; another field in use has this one." }) });
    await user.click(screen.getByText("1 field no longer in use"));
    await user.click(screen.getByRole("button", { name: "Restore old" }));
    await screen.findByText("Enter a different name; another field in use has this one.");
    server.answer(CHANGE, { body: { ...old, retired: false } });
    await user.click(screen.getByRole("button", { name: "Restore old" }));
    await waitFor(() => expect(labels()).toEqual(["a", "old"]));
    expect(focused()).toBe("Edit old");
  });
});

describe("the dialog that defines a field", () => {
  const add = () => dialog().getByRole("button", { name: /^(Add field|Saving)/ });

  it("starts in the name; Escape closes it and gives the focus back", async () => {
    const { user } = await open([field("a")]);
    await user.click(screen.getByRole("button", { name: "Add field" }));
    expect(focused()).toContain("Name of the field");
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    await waitFor(() => expect(focused()).toBe("Add field"));
  });

  it("says at each field what is wrong before it asks the server", async () => {
    const { user, server } = await open([field("a")]);
    await user.click(screen.getByRole("button", { name: "Add field" }));
    await user.click(dialog().getByRole("radio", { name: /^Choice/ }));
    await user.type(dialog().getByLabelText(/^Name of the field/), "A");
    await user.click(add());
    expect(noteOf(/^Name of the field/)).toMatch(/^Enter a different name/);
    expect(noteOf(/^Choices/)).toMatch(/^Enter at least two choices/);
    expect(server.to(CREATE)).toEqual([]);
  });

  it("asks once and puts the new field at the end", async () => {
    const answer = later({ status: 201, body: field("Side") });
    const { user, server } = await open([field("a")], { [CREATE]: answer.handler });
    await user.click(screen.getByRole("button", { name: "Add field" }));
    await user.type(dialog().getByLabelText(/^Name of the field/), " Side ");
    await user.click(add());
    expect(add().textContent).toBe("Saving…");
    await user.click(add());
    answer.release();
    await waitFor(() => expect(labels()).toEqual(["a", "Side"]));
    expect(server.to(CREATE).map((it) => it.body)).toEqual([{ label: "Side", kind: "text" }]);
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("edits only what differs, and shows a refusal at its field", async () => {
    const side = field("Side", { kind: "choice", choices: ["Left", "Right"] });
    const { user, server } = await open([side], { [CHANGE]: refusal(409, "conflict", { label: "Enter a different name; another field in use has this one." }) });
    await user.click(screen.getByRole("button", { name: "Edit Side" }));
    expect(dialog().queryByRole("radio")).toBeNull();
    await user.type(dialog().getByLabelText(/^Name of the field/), "s");
    await user.click(dialog().getByRole("button", { name: "Save" }));
    await dialog().findByText("Enter a different name; another field in use has this one.");
    expect(server.to(CHANGE).map((it) => it.body)).toEqual([{ label: "Sides" }]);
    expect(noteOf(/^Name of the field/)).toBe("Enter a different name; another field in use has this one.");
  });
});

describe("the dialog that retires a field", () => {
  it("is a question that Enter does not answer with yes; Escape leaves the field in use", async () => {
    const { user, server } = await open([field("a")]);
    await user.click(screen.getByRole("button", { name: "Retire a" }));
    expect(screen.getByRole("alertdialog", { name: "Retire “a”?" })).toBeDefined();
    expect(screen.getByRole("alertdialog").contains(document.activeElement)).toBe(true);
    await user.keyboard("{Enter}{Escape}");
    expect(screen.queryByRole("alertdialog")).toBeNull();
    expect(labels()).toEqual(["a"]);
    expect(server.to(CHANGE)).toEqual([]);
  });

  it("says the server's no and stays; after the yes the field is among the retired ones", async () => {
    const { user, server } = await open([field("a")], { [CHANGE]: refusal(503, "busy") });
    await user.click(screen.getByRole("button", { name: "Retire a" }));
    const question = within(screen.getByRole("alertdialog"));
    await user.click(question.getByRole("button", { name: "Retire" }));
    await question.findByText(/^The server is busy/);
    server.answer(CHANGE, { body: field("a", { retired: true }) });
    await user.click(question.getByRole("button", { name: "Retire" }));
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    expect(labels()).toEqual([]);
    expect(screen.getByText("1 field no longer in use")).toBeDefined();
  });
});
