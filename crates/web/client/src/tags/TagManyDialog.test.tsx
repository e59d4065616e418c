import { screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, it } from "vitest";
import { refusal, serve } from "../testing/server";
import { show } from "../testing/show";
import { TagManyDialog } from "./TagManyDialog";

const ASSIGN = "POST /api/v1/tags/assignments";
const uses = { patients: 0, directPatients: 0, entries: 0, images: 0 };
const catalogue = { categories: [{ id: "d", name: "Diagnosis", colour: "red", tags: ["Acne", "Naevus"].map((name) => ({ id: name, name, categoryId: "d", archived: false, uses })) }] };
const present = { tags: [{ id: "Acne", name: "Acne", categoryId: "d", category: "Diagnosis", colour: "red", archived: false, count: 2 }] };
const done = { added: [{ tagId: "Naevus", patients: [], entries: [], images: ["a", "b"] }], removed: [{ tagId: "Acne", patients: [], entries: [], images: ["c"] }] };

function Opened() {
  const [isOpen, setOpen] = useState(true);
  return isOpen && <TagManyDialog kind="photos" ids={["a", "b", "c"]} onClose={() => setOpen(false)} />;
}

async function open(more: Parameters<typeof serve>[0] = {}) {
  const server = serve({ "GET /api/v1/tags": { body: catalogue }, "POST /api/v1/tags/selection": { body: present }, [ASSIGN]: { body: done }, ...more });
  const drawn = show(<Opened />);
  await screen.findByRole("dialog", { name: "Tag 3 photos" });
  await screen.findByText("on 2 of 3");
  return { server, ...drawn };
}

describe("T1, D18: tags of many photos at once", () => {
  it("gives and takes in one request, says how many really changed, and undoes exactly that", async () => {
    const { user, server } = await open();
    await user.type(screen.getByRole("combobox"), "naev{Enter}");
    await user.click(screen.getByRole("button", { name: "Remove Acne from all" }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("Tags of 3 photos changed.");
    expect(server.to(ASSIGN).map((it) => it.body)).toEqual([{ add: ["Naevus"], remove: ["Acne"], images: ["a", "b", "c"] }]);
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await screen.findByText("Undone: tags of 3 photos changed.");
    expect(server.to(ASSIGN).slice(1).map((it) => it.body)).toEqual([
      { remove: ["Naevus"], patients: [], entries: [], images: ["a", "b"] },
      { add: ["Acne"], patients: [], entries: [], images: ["c"] },
    ]);
  });

  it("R0: a name that was typed and not taken is not lost by saving", async () => {
    const { user, server } = await open();
    await user.type(screen.getByRole("combobox"), "Sarcoid");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("Choose or create “Sarcoid” in the list, or clear the field.");
    expect(document.activeElement).toBe(screen.getByRole("combobox"));
    expect(server.to(ASSIGN)).toHaveLength(0);
    await user.clear(screen.getByRole("combobox"));
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("says to how many photos a tag was added", async () => {
    const { user } = await open({ [ASSIGN]: { body: { added: done.added, removed: [] } } });
    await user.type(screen.getByRole("combobox"), "naev{Enter}");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("Tag added to 2 photos; 1 photo had it already.");
  });

  it("says from how many photos tags were removed", async () => {
    const removed = [...done.removed, { tagId: "Naevus", patients: [], entries: [], images: ["a", "c"] }];
    const { user } = await open({ [ASSIGN]: { body: { added: [], removed } } });
    await user.click(await screen.findByRole("button", { name: "Remove Acne from all" }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("2 tags removed from 2 photos; 1 photo did not have them.");
  });

  it("says that it could not be undone", async () => {
    const { user, server } = await open();
    await user.type(screen.getByRole("combobox"), "naev{Enter}");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("Tags of 3 photos changed.");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    server.answer(ASSIGN, refusal(503, "busy"));
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await screen.findByText(/^The server is busy/);
  });

  it("says when nothing changed, and the server's no at which photo has no room", async () => {
    const { user, server } = await open({ [ASSIGN]: refusal(422, "invalid", { "images[1]": "Remove tags first; this photo would have 51." }) });
    await user.type(screen.getByRole("combobox"), "naev{Enter}");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText(/this photo would have 51/);
    server.answer(ASSIGN, { body: { added: [], removed: [] } });
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText(/^Nothing changed/);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
  });
});
