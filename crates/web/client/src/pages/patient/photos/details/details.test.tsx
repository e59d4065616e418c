import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Image } from "../../../../api/types";
import { imageOf, PATIENT } from "../../../../testing/fixtures";
import { later, refusal, type Served, serve } from "../../../../testing/server";
import { show } from "../../../../testing/show";
import { PhotosTab } from "../PhotosTab";

const LIST = "GET /api/v1/patients/p1/images";
const PATCH = "PATCH /api/v1/patients/p1/images/i1";
const page = (images: Image[]) => ({ body: { images, total: images.length, nextCursor: null, years: null } });

async function info(image: Image = imageOf("i1")) {
  const server = serve({ [LIST]: page([image]), "GET /api/v1/patients/p1/images/*/tags": { body: { tags: [] } } });
  const drawn = show(<PhotosTab patient={PATIENT} imageId="i1" />);
  await drawn.user.click(await screen.findByRole("button", { name: "Information" }));
  const panel = within(await screen.findByRole("complementary", { name: "Information" }));
  return { server, panel, ...drawn };
}
const sent = (server: Served) => server.to(PATCH).map((it) => it.body);
/** The server takes it: the next version. */
const takes = (server: Served, set: Partial<Image>, version = 2) => server.answer(PATCH, { body: { ...imageOf("i1"), version, ...set } });

describe("I3: what is said of a photo", () => {
  it("is saved when the field is left, and says so", async () => {
    const { server, panel, user } = await info();
    const answer = later({ body: { ...imageOf("i1"), caption: "Rim", version: 2 } });
    server.answer(PATCH, answer.handler);
    await user.type(panel.getByRole("textbox", { name: "Caption" }), "Rim");
    expect(sent(server)).toEqual([]);
    await user.tab();
    await panel.findByText("Saving…");
    expect(sent(server)).toEqual([{ version: 1, set: { caption: "Rim" } }]);
    answer.release();
    await panel.findByText("Saved");
    await waitFor(() => expect(panel.getByRole<HTMLTextAreaElement>("textbox", { name: "Caption" }).value).toBe("Rim"));
  });

  it("of a choice is saved at once, and cleared again", async () => {
    const { server, panel, user } = await info({ ...imageOf("i1"), modality: "dermoscopic" });
    takes(server, { modality: null });
    await user.selectOptions(panel.getByRole("combobox", { name: "Method" }), "Not set");
    await panel.findByText("Saved");
    await user.click(panel.getByRole("radio", { name: "4 stars" }));
    await waitFor(() => expect(sent(server)).toEqual([{ version: 1, set: { modality: null } }, { version: 2, set: { rating: 4 } }]));
  });

  it("that was entered quickly one after the other reaches the server in that order, and only the last is shown", async () => {
    const { server, panel, user } = await info();
    const first = later({ body: { ...imageOf("i1"), rating: 2, version: 2 } });
    server.answer(PATCH, first.handler);
    await user.click(panel.getByRole("radio", { name: "2 stars" }));
    await user.click(panel.getByRole("radio", { name: "5 stars" }));
    await user.click(panel.getByRole("radio", { name: "3 stars" }));
    takes(server, { rating: 3 }, 3);
    first.release();
    await panel.findByText("Saved");
    expect(sent(server)).toEqual([{ version: 1, set: { rating: 2 } }, { version: 2, set: { rating: 3 } }]);
    expect(panel.getByRole<HTMLInputElement>("radio", { name: "3 stars" }).checked).toBe(true);
  });

  it("that is not saved stays, and is sent again", async () => {
    const { server, panel, user } = await info();
    server.answer(PATCH, refusal(500, "internal"));
    await user.type(panel.getByRole("textbox", { name: "Caption" }), "Rim");
    await user.tab();
    await panel.findByText("Not saved");
    expect(panel.getByRole<HTMLTextAreaElement>("textbox", { name: "Caption" }).value).toBe("Rim");
    takes(server, { caption: "Rim" });
    await user.click(panel.getByRole("button", { name: "Try again" }));
    await panel.findByText("Saved");
  });

  it("that is refused says why; it is not sent again but entered anew, or taken back", async () => {
    const { server, panel, user } = await info();
    server.answer(PATCH, refusal(422, "validation_failed", { "set.capturedAt": "Enter a time that is not in the future." }));
    await user.click(panel.getByRole("button", { name: /Change.*Capture time/ }));
    const dialog = within(await screen.findByRole("dialog", { name: "Capture time" }));
    await user.clear(dialog.getByLabelText("Year"));
    await user.type(dialog.getByLabelText("Year"), "2099");
    await user.click(dialog.getByRole("button", { name: "Save" }));
    await panel.findByText("Enter a time that is not in the future.");
    expect(panel.queryByRole("button", { name: "Try again" })).toBeNull();
    expect(panel.getByText(/2099/)).toBeDefined();
    await user.click(panel.getByRole("button", { name: "Undo" }));
    expect(panel.queryByText(/2099/)).toBeNull();
    expect(panel.queryByText("Not saved")).toBeNull();
    expect(sent(server)).toHaveLength(1);
  });

  it("a rating is not lost by one arrow too many", async () => {
    const { server, panel, user } = await info({ ...imageOf("i1"), rating: 5 });
    panel.getByRole("radio", { name: "5 stars" }).focus();
    await user.keyboard("{ArrowRight}{ArrowDown}");
    expect(panel.getByRole<HTMLInputElement>("radio", { name: "5 stars" }).checked).toBe(true);
    expect(sent(server)).toEqual([]);
  });

  it("that another device changed too shows both values; either can stay", async () => {
    const { server, panel, user } = await info();
    const current = { ...imageOf("i1"), caption: "Theirs", version: 7 };
    server.answer(PATCH, refusal(409, "stale_version", {}, { current, conflicts: [{ field: "caption", yours: "Mine", current: "Theirs" }] }));
    await user.type(panel.getByRole("textbox", { name: "Caption" }), "Mine");
    await user.tab();
    await panel.findByRole("button", { name: "Keep the other: Theirs" });
    takes(server, { caption: "Mine" }, 8);
    await user.click(panel.getByRole("button", { name: "Save yours: Mine" }));
    await panel.findByText("Saved");
    expect(sent(server).at(-1)).toEqual({ version: 7, set: { caption: "Mine" } });
  });

  it("that was typed is sent when the viewer closes, and asks first if it cannot be saved", async () => {
    const { server, panel, user } = await info();
    server.answer(PATCH, refusal(500, "internal"));
    await user.type(panel.getByRole("textbox", { name: "Caption" }), "Rim");
    await user.tab();
    await panel.findByText("Not saved");
    await user.click(screen.getByRole("button", { name: "Close" }));
    expect(screen.getByRole("complementary", { name: "Information" })).toBeDefined();
  });

  it("a time that was corrected can be the camera's again", async () => {
    const { server, panel, user } = await info({ ...imageOf("i1"), cameraAt: "2019-03-02T09:00:00Z" });
    expect(panel.getByText(/The camera recorded 2 Mar 2019/)).toBeDefined();
    takes(server, { capturedAt: "2019-03-02T09:00:00Z" });
    await user.click(panel.getByRole("button", { name: /Change.*Capture time/ }));
    await user.click(await screen.findByRole("button", { name: "Use the camera’s time" }));
    await waitFor(() => expect(sent(server)).toEqual([{ version: 1, set: { capturedAt: null } }]));
  });
});
