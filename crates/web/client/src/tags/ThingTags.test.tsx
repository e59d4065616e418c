import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { ShownTag } from "../api/types";
import { refusal, serve } from "../testing/server";
import { show } from "../testing/show";
import { ThingTags } from "./ThingTags";

const shown = (id: string, name: string, more: Partial<ShownTag> = {}): ShownTag => ({ id, name, categoryId: "d", category: "Diagnosis", colour: "red", archived: false, own: true, fromEntries: 0, fromImages: 0, ...more });
const OF_PATIENT = "GET /api/v1/patients/*/tags";
const ASSIGN = "POST /api/v1/tags/assignments";
const uses = { patients: 0, directPatients: 0, entries: 0, images: 0 };
const catalogue = { categories: [{ id: "d", name: "Diagnosis", colour: "red", tags: ["Acne", "Naevus", "Scar"].map((name) => ({ id: name, name, categoryId: "d", archived: false, uses })) }] };
const tags = [shown("Acne", "Acne"), shown("Scar", "Scar", { own: false, fromEntries: 2, fromImages: 3 }), shown("Old", "Old", { own: false, fromImages: 1, archived: true })];

async function open(more: Parameters<typeof serve>[0] = {}) {
  const server = serve({ [OF_PATIENT]: { body: { tags } }, "GET /api/v1/tags": { body: catalogue }, [ASSIGN]: { body: { added: [], removed: [] } }, ...more });
  const drawn = show(<ThingTags of={{ patientId: "p1" }} title="Tags of this patient" />);
  await screen.findByRole("list", { name: "Tags" });
  return { server, ...drawn };
}

describe("T2: the tags of something", () => {
  it("says the category, where an inherited one comes from, and what is archived, in words and not by colour alone", async () => {
    await open();
    expect(screen.getAllByRole("listitem").map((it) => it.textContent)).toEqual(["Diagnosis: Acne", "Diagnosis: Scarfrom 2 visits, 3 photos", "Diagnosis: Old (archived)from 1 photo"]);
  });

  it("saves only what changed", async () => {
    const { user, server } = await open();
    await user.click(screen.getByRole("button", { name: /Tags of this patient$/ }));
    await user.click(await screen.findByRole("button", { name: "Remove Acne" }));
    await user.type(screen.getByRole("combobox"), "naev{Enter}");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("Tags saved.");
    expect(server.to(ASSIGN).map((it) => it.body)).toEqual([{ add: ["Naevus"], remove: ["Acne"], patients: ["p1"] }]);
    await waitFor(() => expect(server.to(OF_PATIENT)).toHaveLength(2));
  });

  it("R0: asks before what was chosen is lost, and keeps it when the server says no", async () => {
    const { user } = await open({ [ASSIGN]: refusal(422, "invalid", { "patients[0]": "Remove tags first." }) });
    await user.click(screen.getByRole("button", { name: /Tags of this patient$/ }));
    await user.type(await screen.findByRole("combobox"), "naev{Enter}");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText(/Remove tags first/);
    await screen.findByRole("button", { name: "Remove Naevus" });
  });

  it("says that they could not be loaded, and leaves the rest alone", async () => {
    serve({ [OF_PATIENT]: refusal(503, "busy") });
    show(<ThingTags of={{ patientId: "p1" }} title="Tags of this patient" />);
    await screen.findByText(/^Tags could not be loaded/);
  });
});
