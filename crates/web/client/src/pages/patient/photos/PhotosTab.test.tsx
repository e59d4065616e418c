import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { imageOf, ME, PATIENT } from "../../../testing/fixtures";
import { refusal, serve } from "../../../testing/server";
import { focused, show } from "../../../testing/show";
import { uploads } from "../../../upload/manager";
import { PhotosTab } from "./PhotosTab";

const LIST = "GET /api/v1/patients/p1/images";
const page = (ids: string[], total = ids.length, nextCursor: string | null = null) => ({ body: { images: ids.map(imageOf), total, nextCursor } });
const cells = () => screen.queryAllByRole("link").filter((it) => it.dataset.cell).map((it) => it.dataset.cell);
const draw = (imageId: string | null = null) => show(<PhotosTab patient={PATIENT} imageId={imageId} />);

describe("the pool of photos", () => {
  it("says that there is none; says that it could not be loaded", async () => {
    const server = serve({ [LIST]: refusal(500, "internal") });
    const { user } = draw();
    await screen.findByRole("heading", { name: "This could not be loaded" });
    server.answer(LIST, page([]));
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByRole("heading", { name: "No photos yet" });
    expect(screen.getByText("0 photos")).toBeDefined();
  });

  it("goes on where the first page ended", async () => {
    const server = serve({ [LIST]: page(["i1", "i2"], 3, "more") });
    const { user } = draw();
    await screen.findByText("3 photos");
    server.answer(LIST, page(["i3"], 3));
    await user.click(screen.getByRole("button", { name: "Show more" }));
    await waitFor(() => expect(cells()).toEqual(["i1", "i2", "i3"]));
    expect(server.to(LIST).map((it) => it.query.get("cursor"))).toEqual([null, "more"]);
  });

  it("is one stop for the Tab key", async () => {
    serve({ [LIST]: page(["i1", "i2"]) });
    draw();
    await waitFor(() => expect(cells()).toHaveLength(2));
    expect(screen.getAllByRole("link").filter((it) => it.dataset.cell).map((it) => it.tabIndex)).toEqual([0, -1]);
  });

  it("N1: says why none can be added, and where to change that", async () => {
    serve({ [LIST]: page([]) });
    const { user, place } = draw();
    await screen.findByText("Photos can be added only after a consent is recorded.");
    await user.click(screen.getByRole("button", { name: "Record consent" }));
    expect(place.history.at(-1)).toBe("/patients/p1/consent?record=1");
  });

  it("hands chosen files to the queue of this patient", async () => {
    serve({ [LIST]: page([]) });
    const add = vi.spyOn(uploads, "add").mockResolvedValue();
    const { user } = draw();
    const file = new File(["x"], "a.jpg", { type: "image/jpeg" });
    await user.upload(screen.getByTestId("files"), file);
    expect(add).toHaveBeenCalledExactlyOnceWith({ id: "p1", name: "Mara Lindqvist" }, [file]);
  });
});

describe("the viewer", () => {
  it("takes the focus, moves with the keys, and Escape leads back to the pool", async () => {
    serve({ [LIST]: page(["i1", "i2"]) });
    const { user, place } = draw("i1");
    const viewer = within(await screen.findByRole("dialog", { name: "Mara Lindqvist · 20 Nov 2026, 10:00 · 1 of 2" }));
    // F7: the file's name only under Information.
    expect(viewer.queryByText("i1.jpg")).toBeNull();
    expect(focused()).toContain("zoom");
    await user.keyboard("{ArrowRight}");
    expect(place.history.at(-1)).toBe("/patients/p1/photos/i2");
    await user.keyboard("i");
    expect(viewer.getByText("i1.jpg")).toBeDefined();
    await user.keyboard("{Escape}");
    expect(place.history.at(-1)).toBe("/patients/p1/photos");
  });

  it("I5: an original is downloaded as several photos are, with a purpose and the password", async () => {
    serve({ [LIST]: page(["i1"]), "GET /api/v1/session": { body: ME }, "GET /api/v1/patients/p1/consents": { body: { consents: [] } } });
    const { user } = draw("i1");
    await screen.findByRole("dialog", { name: /Mara Lindqvist/ });
    await user.keyboard("i");
    await user.click(screen.getByRole("button", { name: "Download original" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Download 1 photo" }));
    expect(dialog.getByRole("radio", { name: /Original files/ })).toHaveProperty("checked", true);
    await dialog.findByLabelText(/Your password/);
    await user.click(dialog.getByRole("button", { name: "Download" }));
    dialog.getByText("Choose a purpose.");
  });

  it("asks for a photo that is on no page so far, and says when there is none", async () => {
    const server = serve({ [LIST]: page(["i1"]), "GET /api/v1/patients/p1/images/far": { body: imageOf("far") }, "GET /api/v1/patients/p1/images/gone": refusal(404, "not_found") });
    const first = draw("far");
    await screen.findByRole("dialog", { name: "Mara Lindqvist · 20 Nov 2026, 10:00" });
    first.unmount();
    draw("gone");
    await within(await screen.findByRole("dialog")).findByRole("heading", { name: "Page not found" });
    expect(server.to("GET /api/v1/patients/p1/images/i1")).toEqual([]);
  });
});

describe("I2: a photo of which a part is missing, and one of several pages", () => {
  it("are marked in the pool and in the viewer", async () => {
    const images = [{ ...imageOf("i1"), incomplete: true }, { ...imageOf("i2"), pages: 3 }];
    serve({ [LIST]: { body: { images, total: 2, nextCursor: null } } });
    const first = draw();
    await screen.findByRole("link", { name: /^Photo 1 of 2, .*Part of this photo is missing$/ });
    expect(screen.getByText(/3 pages$/)).toBeDefined();
    first.unmount();
    const second = draw("i1");
    await screen.findByText(/^Part of this photo is missing: /);
    second.unmount();
    draw("i2");
    await screen.findByText(/^This file has 3 pages\. The largest is shown/);
  });
});
