import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Image } from "../../../../api/types";
import { between } from "../../../../select/useSelection";
import { imageOf, PATIENT } from "../../../../testing/fixtures";
import { refusal, serve } from "../../../../testing/server";
import { show } from "../../../../testing/show";
import { PhotosTab } from "../PhotosTab";

const LIST = "GET /api/v1/patients/p1/images";
const CHANGE = "POST /api/v1/patients/p1/images/changes";
const page = (images: readonly Image[]) => ({ body: { images, total: images.length, nextCursor: null, years: null } });
const draw = () => show(<PhotosTab patient={PATIENT} imageId={null} />);
const boxes = () => screen.queryAllByRole("checkbox");
const chosen = () => boxes().map((box) => box.getAttribute("aria-checked") === "true");

async function choosing(photos: readonly (string | Image)[] = ["i1", "i2", "i3"]) {
  const images = photos.map((it) => (typeof it === "string" ? imageOf(it) : it));
  const server = serve({ [LIST]: page(images) });
  const { user } = draw();
  await user.click(await screen.findByRole("button", { name: "Select" }));
  await waitFor(() => expect(boxes()).toHaveLength(images.length));
  return { server, user };
}

it("a range goes from one photo to another, whichever comes first", () => {
  expect(between(["a", "b", "c", "d"], "c", "a")).toEqual(["a", "b", "c"]);
  expect(between(["a", "b"], "gone", "b")).toEqual(["b"]);
});

describe("I5: photos that are chosen", () => {
  it("are chosen by a click, by the space bar, and in between with Shift", async () => {
    const { user } = await choosing();
    await user.click(boxes()[0] as HTMLElement);
    expect(chosen()).toEqual([true, false, false]);
    await user.keyboard("{Shift>}");
    await user.click(boxes()[2] as HTMLElement);
    await user.keyboard("{/Shift}");
    expect(chosen()).toEqual([true, true, true]);
    await user.keyboard(" ");
    expect(chosen()).toEqual([true, true, false]);
    expect(screen.getByText("2 photos selected")).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Done" }));
    expect(boxes()).toHaveLength(0);
  });

  it("no longer after Escape, which leaves the focus on the photo; a menu or a dialog takes Escape for itself", async () => {
    const { user } = await choosing();
    await user.click(boxes()[1] as HTMLElement);
    await user.click(screen.getByRole("button", { name: "More" }));
    await screen.findByRole("menuitem", { name: "View" });
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("menuitem")).toBeNull());
    await user.click(screen.getByRole("button", { name: "Caption" }));
    await screen.findByRole("dialog");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(chosen()).toEqual([false, true, false]);
    const photo = boxes()[2] as HTMLElement;
    photo.focus();
    await user.keyboard("{Escape}");
    expect(boxes()).toHaveLength(0);
    expect(document.activeElement).toBe(photo);
  });

  it("are turned at once, and the answer undoes it", async () => {
    const { server, user } = await choosing();
    await user.click(screen.getByRole("button", { name: "Select all" }));
    const undo = [{ images: ["i1", "i2", "i3"].map((id) => ({ id, version: 2 })), set: { turns: 0 } }];
    server.answer(CHANGE, { body: { images: [{ ...imageOf("i1"), turns: 1, edition: 1 }], undo } });
    await user.click(screen.getByRole("button", { name: "Rotate right" }));
    await screen.findByText("3 photos rotated");
    expect(server.to(CHANGE)[0]?.body).toEqual({ changes: [{ images: [{ id: "i1" }, { id: "i2" }, { id: "i3" }], set: { turnBy: 1 } }] });
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await screen.findByText("Undone: 3 photos rotated");
    expect(server.to(CHANGE)[1]?.body).toEqual({ changes: undo });
  });

  it("only the latest message stays, with its Undo; a refused one says that nothing was undone", async () => {
    const { server, user } = await choosing(["i1", "i2"]);
    await user.click(boxes()[0] as HTMLElement);
    const undo = [{ images: [{ id: "i1", version: 2 }], set: { turns: 0 } }];
    server.answer(CHANGE, { body: { images: [imageOf("i1")], undo } });
    await user.click(screen.getByRole("button", { name: "Rotate right" }));
    await screen.findByText("1 photo rotated");
    await user.click(boxes()[1] as HTMLElement);
    server.answer(CHANGE, { body: { images: [imageOf("i1")], undo: [{ images: [...(undo[0]?.images ?? []), { id: "i2", version: 2 }], set: { turns: 0 } }] } });
    await user.click(screen.getByRole("button", { name: "Rotate right" }));
    await screen.findByText("2 photos rotated");
    expect(screen.queryByText("1 photo rotated")).toBeNull();
    expect(screen.getAllByRole("button", { name: "Undo" })).toHaveLength(1);
    server.answer(CHANGE, refusal(409, "stale_version"));
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await screen.findByText("Not undone: a photo was changed since.");
  });

  it("get a caption; a refusal says why and changes nothing", async () => {
    const { server, user } = await choosing();
    await user.click(boxes()[1] as HTMLElement);
    server.answer(CHANGE, refusal(409, "stale_version"));
    await user.click(screen.getByRole("button", { name: "Caption" }));
    const dialog = await screen.findByRole("dialog", { name: "Caption of 1 photo" });
    await user.type(within(dialog).getByRole("textbox"), "Rim");
    await user.click(within(dialog).getByRole("button", { name: "Save" }));
    await waitFor(() => expect(server.to(CHANGE)[0]?.body).toEqual({ changes: [{ images: [{ id: "i2" }], set: { caption: "Rim" } }] }));
    expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
  });

  it("are rated, beginning with the stars that all of them have; the message accounts for every photo", async () => {
    const { server, user } = await choosing([{ ...imageOf("i1"), rating: 4 }, { ...imageOf("i2"), rating: 2 }, { ...imageOf("i3"), rating: 2 }]);
    const rate = async () => {
      await user.click(screen.getByRole("button", { name: "Rate" }));
      return within(await screen.findByRole("dialog"));
    };
    const isSet = () => screen.getAllByRole<HTMLInputElement>("radio").filter((it) => it.checked).map((it) => it.labels?.[0]?.textContent);
    await user.click(boxes()[1] as HTMLElement);
    await user.click(boxes()[2] as HTMLElement);
    let dialog = await rate();
    expect(dialog.getByRole("group", { name: "Rating" }).getAttribute("aria-describedby")).toBe(dialog.getByText("Now for all of them: 2 stars.").id);
    expect(isSet()).toEqual(["★2 stars"]);
    await user.click(dialog.getByRole("button", { name: "Cancel" }));
    await user.click(boxes()[0] as HTMLElement);
    dialog = await rate();
    dialog.getByText("The selected photos have different ratings. Choose one for all of them.");
    expect(isSet()).toEqual([]);
    expect(dialog.getByRole<HTMLButtonElement>("button", { name: "Save" }).disabled).toBe(true);
    await user.click(dialog.getByRole("radio", { name: "4 stars" }));
    expect(server.to(CHANGE)).toEqual([]);
    server.answer(CHANGE, { body: { images: [], undo: [{ images: [{ id: "i2", version: 2 }, { id: "i3", version: 2 }], set: { rating: 2 } }] } });
    await user.click(dialog.getByRole("button", { name: "Save" }));
    await screen.findByText("2 photos rated 4 stars; 1 photo had this already");
    expect(server.to(CHANGE)[0]?.body).toEqual({ changes: [{ images: [{ id: "i1" }, { id: "i2" }, { id: "i3" }], set: { rating: 4 } }] });
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await screen.findByText("Undone: 2 photos rated 4 stars");
  });

  it("lose their rating by None", async () => {
    const { server, user } = await choosing([{ ...imageOf("i1"), rating: 4 }]);
    await user.click(boxes()[0] as HTMLElement);
    server.answer(CHANGE, { body: { images: [], undo: [{ images: [{ id: "i1", version: 2 }], set: { rating: 4 } }] } });
    await user.click(screen.getByRole("button", { name: "Rate" }));
    await user.click(await screen.findByRole("radio", { name: "None" }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("Rating of 1 photo removed");
    expect(server.to(CHANGE)[0]?.body).toEqual({ changes: [{ images: [{ id: "i1" }], set: { rating: 0 } }] });
  });
});

describe("I5: what is said of many photos at once", () => {
  const done = (undo: object[]) => ({ body: { images: [], undo } });

  it("a body site, found by typing; the answer says how many it changed", async () => {
    const { server, user } = await choosing();
    await user.click(screen.getByRole("button", { name: "Select all" }));
    server.answer(CHANGE, done([{ images: [{ id: "i1", version: 2 }, { id: "i3", version: 2 }], set: { site: null } }]));
    await user.click(screen.getByRole("button", { name: "Site" }));
    await user.type(await screen.findByRole("combobox", { name: "Find a body site" }), "left palm{Enter}");
    await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Save" }));
    await screen.findByText("Body site of 2 photos changed; 1 photo had this already");
    expect(server.to(CHANGE)[0]?.body).toEqual({ changes: [{ images: [{ id: "i1" }, { id: "i2" }, { id: "i3" }], set: { site: { code: "70887009", laterality: "left" } } }] });
  });

  const differing = () => choosing([{ ...imageOf("i1"), site: { code: "70887009", laterality: "left" }, caption: "Rim" }, { ...imageOf("i2"), capturedAt: "2026-11-21T10:00:00Z" }]);
  const fromBar = async (user: Awaited<ReturnType<typeof choosing>>["user"], name: string) => {
    await user.click(screen.getByRole("button", { name }));
    return within(await screen.findByRole("dialog"));
  };
  const save = (dialog: Awaited<ReturnType<typeof fromBar>>) => dialog.getByRole<HTMLButtonElement>("button", { name: "Save" });
  const sets = (server: Awaited<ReturnType<typeof choosing>>["server"]) => server.to(CHANGE).map((it) => (it.body as { changes: { set: object }[] }).changes[0]?.set);

  it("no body site is lost where they differ: nothing is saved until one was chosen, or none", async () => {
    const { server, user } = await differing();
    await user.click(screen.getByRole("button", { name: "Select all" }));
    server.answer(CHANGE, done([{ images: [{ id: "i1", version: 2 }], set: { site: null } }]));
    const dialog = await fromBar(user, "Site");
    expect(await dialog.findByText(/^The selected photos differ/)).toBeDefined();
    expect(dialog.queryByText("No body site")).toBeNull();
    expect(save(dialog).disabled).toBe(true);
    await user.click(dialog.getByRole("button", { name: "Remove body site" }));
    expect(dialog.getByText("No body site")).toBeDefined();
    await user.click(save(dialog));
    await screen.findByText(/^Body site of 1 photo changed/);
    expect(sets(server)).toEqual([{ site: null }]);
  });

  it("no caption is lost where they differ: one is typed, or all are removed by their own button", async () => {
    const { server, user } = await differing();
    await user.click(screen.getByRole("button", { name: "Select all" }));
    server.answer(CHANGE, done([{ images: [{ id: "i1", version: 2 }], set: { caption: "Rim" } }]));
    const dialog = await fromBar(user, "Caption");
    expect(dialog.getByText(/^The selected photos have different captions/)).toBeDefined();
    expect(save(dialog).disabled).toBe(true);
    await user.type(dialog.getByRole("textbox"), "x");
    expect(save(dialog).disabled).toBe(false);
    await user.clear(dialog.getByRole("textbox"));
    expect(save(dialog).disabled).toBe(true);
    await user.click(dialog.getByRole("button", { name: "Remove all their captions" }));
    await screen.findByText(/^Caption of 1 photo changed/);
    expect(sets(server)).toEqual([{ caption: null }]);
  });

  it("a caption begins with the one that all of them have; emptied, it is removed", async () => {
    const { server, user } = await choosing([{ ...imageOf("i1"), caption: "Rim" }, { ...imageOf("i2"), caption: "Rim" }]);
    await user.click(screen.getByRole("button", { name: "Select all" }));
    server.answer(CHANGE, done([]));
    const dialog = await fromBar(user, "Caption");
    expect(dialog.getByRole<HTMLTextAreaElement>("textbox").value).toBe("Rim");
    expect(dialog.queryByRole("button", { name: "Remove all their captions" })).toBeNull();
    await user.clear(dialog.getByRole("textbox"));
    await user.click(save(dialog));
    await waitFor(() => expect(sets(server)).toEqual([{ caption: null }]));
  });

  const captureTime = async (user: Awaited<ReturnType<typeof choosing>>["user"]) => {
    await user.click(screen.getByRole("button", { name: "More" }));
    await user.click(await screen.findByRole("menuitem", { name: "Capture time" }));
    return within(await screen.findByRole("dialog"));
  };

  it("a capture time begins with the one that all of them have, of which nothing is rounded; or they differ", async () => {
    const { server, user } = await choosing([...["i1", "i2"].map((id) => ({ ...imageOf(id), capturedAt: "2026-11-20T10:00:17Z" })), imageOf("i3")]);
    await user.click(boxes()[0] as HTMLElement);
    await user.click(boxes()[1] as HTMLElement);
    const same = await captureTime(user);
    expect(same.getByLabelText<HTMLInputElement>("Year").value).toBe("2026");
    await user.click(save(same));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await user.click(boxes()[2] as HTMLElement);
    const different = await captureTime(user);
    expect(different.getByText(/^The selected photos differ/)).toBeDefined();
    expect(save(different).disabled).toBe(true);
    expect(server.to(CHANGE)).toEqual([]);
  });

  it("a capture time that is refused stays, with the reason beside it", async () => {
    const { server, user } = await choosing(["i1"]);
    await user.click(boxes()[0] as HTMLElement);
    server.answer(CHANGE, refusal(422, "validation_failed", { "changes[0].set.capturedAt": "Enter a time that is not in the future." }));
    const dialog = await captureTime(user);
    await user.clear(dialog.getByLabelText("Year"));
    await user.type(dialog.getByLabelText("Year"), "2099");
    await user.click(save(dialog));
    expect(dialog.getByRole("group", { name: /Capture time/ }).textContent).toContain((await dialog.findByText("Enter a time that is not in the future.")).textContent);
    expect(dialog.getByLabelText<HTMLInputElement>("Year").value).toBe("2099");
    server.answer(CHANGE, done([{ images: [{ id: "i1", version: 2 }], set: { capturedAt: "2026-11-20T10:00:00Z" } }]));
    await user.clear(dialog.getByLabelText("Year"));
    await user.type(dialog.getByLabelText("Year"), "2019");
    await user.click(save(dialog));
    await screen.findByText("Capture time of 1 photo changed");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("F10: a view or a method begins with the one that all of them have, or says that they differ", async () => {
    const { user } = await choosing([{ ...imageOf("i1"), view: "posterior", modality: "clinical" }, { ...imageOf("i2"), view: "posterior", modality: null }]);
    await user.click(screen.getByRole("button", { name: "Select all" }));
    const open = async (name: string) => {
      await user.click(screen.getByRole("button", { name: "More" }));
      await user.click(await screen.findByRole("menuitem", { name }));
      return within(await screen.findByRole("dialog"));
    };
    const view = await open("View");
    expect(view.getByRole("button", { current: true }).textContent).toBe("From behind");
    expect(view.getByText("Now for all of them: From behind.")).toBeDefined();
    await user.keyboard("{Escape}");
    const method = await open("Method");
    expect(method.queryByRole("button", { current: true })).toBeNull();
    expect(method.getByText(/^The selected photos differ/)).toBeDefined();
  });

  it("a view or a method that none of them has is Not set", async () => {
    const { user } = await choosing([{ ...imageOf("i1"), view: null }]);
    await user.click(boxes()[0] as HTMLElement);
    await user.click(screen.getByRole("button", { name: "More" }));
    await user.click(await screen.findByRole("menuitem", { name: "View" }));
    expect((await screen.findByRole("button", { current: true })).textContent).toBe("Not set");
    expect(screen.queryByText(/^Now for all/)).toBeNull();
  });

  it("a view, a method and a capture time, from the menu; messages are in the bar, over nothing", async () => {
    const { server, user } = await choosing(["i1"]);
    await user.click(boxes()[0] as HTMLElement);
    server.answer(CHANGE, done([{ images: [{ id: "i1", version: 2 }], set: { view: null } }]));
    await user.click(screen.getByRole("button", { name: "More" }));
    await user.click(await screen.findByRole("menuitem", { name: "View" }));
    await user.click(await screen.findByRole("button", { name: "From behind" }));
    const message = await screen.findByText("View of 1 photo changed");
    expect(message.closest("[aria-label='Selected photos']")).not.toBeNull();
    server.answer(CHANGE, done([]));
    await user.click(screen.getByRole("button", { name: "More" }));
    await user.click(await screen.findByRole("menuitem", { name: "Capture time" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.clear(dialog.getByLabelText("Year"));
    await user.type(dialog.getByLabelText("Year"), "2019");
    await user.click(dialog.getByRole("button", { name: "Save" }));
    await screen.findByText(/Nothing changed/);
    expect(server.to(CHANGE).map((it) => (it.body as { changes: { set: object }[] }).changes[0]?.set)).toEqual([{ view: "posterior" }, { capturedAt: "2019-11-20T10:00:00Z" }]);
  });
});
