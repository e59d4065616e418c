import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { ActivityEvent } from "../../api/types";
import { patientActivityQuery } from "../../resources/activity";
import { refusal, serve } from "../../testing/server";
import { show } from "../../testing/show";
import { ActivityList } from "./ActivityList";

const ACTIVITY = "GET /api/v1/patients/p1/activity";
const FIELDS = "GET /api/v1/patient-fields";
const event = (sequence: number, at: string, more: Partial<ActivityEvent> = {}): ActivityEvent => ({
  sequence,
  at,
  actor: { kind: "account", name: "dana", fullName: "Dana Weber" } as ActivityEvent["actor"],
  action: "image.viewed",
  outcome: "ok",
  target: null,
  ip: null,
  userAgent: null,
  details: [],
  images: [],
  visitAt: null,
  ...more,
});
const query = (changesOnly: boolean) => patientActivityQuery("p1", changesOnly);
const draw = () => show(<ActivityList query={query} patientId="p1" lead="Who did what." />);
const rows = () => screen.getAllByRole("listitem").filter((it) => it.dataset.outcome);

describe("U5: the list of activity", () => {
  it("says that nothing was recorded yet", async () => {
    serve({ [ACTIVITY]: { body: { events: [], nextCursor: null } } });
    draw();
    expect(screen.getByText("Loading…")).toBeDefined();
    await screen.findByRole("heading", { name: "Nothing recorded yet" });
  });

  it("groups by the day in the practice's zone and tells a refusal apart", async () => {
    serve({ [ACTIVITY]: { body: { events: [event(3, "2026-01-03T00:10:00Z"), event(2, "2026-01-02T23:50:00Z", { outcome: "refused" })], nextCursor: null } } });
    draw();
    const days = await screen.findAllByRole("heading", { level: 2 });
    expect(days.map((it) => it.textContent)).toEqual([expect.stringContaining("Saturday"), expect.stringContaining("Friday")]);
    const [ok, refused] = rows();
    expect(ok?.textContent).toMatch(/^Dana Weber viewed a photo00:10/);
    expect(refused?.textContent).toMatch(/^Dana Weber tried to view a photo: refused23:50/);
    // F4: names, not codes.
    expect(screen.queryByText(/image\.viewed|#3/)).toBeNull();
  });

  it("goes on where the first page ended, and keeps it when the next one fails", async () => {
    const server = serve({
      [ACTIVITY]: ({ query }) => (query.get("cursor") === "older" ? refusal(500, "internal") : { body: { events: [event(9, "2026-01-03T10:00:00Z", { action: "entry.created" })], nextCursor: "older" } }),
    });
    const { user } = draw();
    await user.click(await screen.findByRole("button", { name: "Show more" }));
    await screen.findByRole("heading", { name: "This could not be loaded" });
    expect(rows()).toHaveLength(1);
    server.answer(ACTIVITY, { body: { events: [event(8, "2026-01-03T09:00:00Z")], nextCursor: null } });
    await user.click(screen.getByRole("button", { name: "Show more" }));
    await waitFor(() => expect(rows().map((it) => it.querySelector("time")?.textContent)).toEqual(["10:00", "09:00"]));
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  });

  it("F4: tells repeats as one, with their photos; codes, ids and addresses only under the details", async () => {
    const look = (sequence: number, minute: number, images: string[]) =>
      event(sequence, `2026-01-03T21:${minute}:00Z`, { action: "image.viewed", ip: "192.168.1.20", target: { kind: "image", id: images[0] ?? "" }, images });
    const events = [look(9, 44, ["i3"]), look(8, 41, ["i2"]), look(7, 39, ["i1"])];
    serve({ [ACTIVITY]: { body: { events, nextCursor: null } } });
    const { user } = draw();
    await screen.findByText(/viewed 3 photos/);
    expect(rows()).toHaveLength(1);
    expect(screen.getByText("21:39–21:44")).toBeDefined();
    expect(screen.getAllByRole("link").map((it) => it.getAttribute("href"))).toEqual(["i3", "i2", "i1"].map((id) => `/patients/p1/photos/${id}`));
    expect(document.body.textContent).not.toMatch(/192\.168|image\.viewed|#9|\bi3\b/);
    await user.click(screen.getByText("Technical details"));
    await waitFor(() => expect(screen.getAllByText("image.viewed")).toHaveLength(3));
    expect(screen.getAllByText("192.168.1.20")).toHaveLength(3);
    expect(screen.getByText("image i3")).toBeDefined();
  });

  it("S1: shows typing in a visit as one, without its fields' versions; each change is under the details", async () => {
    const typed = (sequence: number, second: number) =>
      event(sequence, `2026-01-03T21:39:0${second}Z`, { action: "entry.changed", target: { kind: "entry", id: "e1" }, visitAt: "2026-01-03T09:00:00Z", details: [{ key: "notes", value: String(sequence) }] });
    serve({ [ACTIVITY]: { body: { events: [typed(93, 4), typed(92, 2), typed(91, 0)], nextCursor: null } } });
    const { user } = draw();
    await screen.findByText(/typed in the visit of 3 Jan 2026, 3 changes/);
    expect(rows()).toHaveLength(1);
    expect(screen.queryByText("93")).toBeNull();
    await user.click(screen.getByText("Technical details"));
    await Promise.all(["91", "92", "93"].map((version) => screen.findByText(version)));
  });

  it("F4: asks for changes only, on request", async () => {
    const server = serve({ [ACTIVITY]: ({ query }) => ({ body: { events: query.get("changesOnly") === "true" ? [] : [event(3, "2026-01-03T00:10:00Z")], nextCursor: null } }) });
    const { user } = draw();
    await screen.findByText(/viewed a photo/);
    await user.click(screen.getByRole("checkbox", { name: /^Changes only/ }));
    await screen.findByRole("heading", { name: "Nothing recorded yet" });
    expect(server.to(ACTIVITY).map((it) => it.query.get("changesOnly"))).toEqual(["false", "true"]);
  });

  it("says that it could not be loaded, and loads on request", async () => {
    const server = serve({ [ACTIVITY]: refusal(500, "internal") });
    const { user } = draw();
    await screen.findByRole("heading", { name: "This could not be loaded" });
    server.answer(ACTIVITY, { body: { events: [], nextCursor: null } });
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByRole("heading", { name: "Nothing recorded yet" });
  });

  it("asks for the practice's custom fields only where one was changed, and calls them by name", async () => {
    const server = serve({
      [ACTIVITY]: { body: { events: [event(1, "2026-01-03T10:00:00Z")], nextCursor: null } },
      [FIELDS]: { body: { fields: [{ id: "f1", label: "Study number", kind: "text", choices: null, retired: false }] } },
    });
    const first = draw();
    await screen.findByText(/viewed a photo/);
    expect(server.to(FIELDS)).toEqual([]);
    first.unmount();
    server.answer(ACTIVITY, { body: { events: [event(2, "2026-01-03T10:00:00Z", { action: "patient.changed", details: [{ key: "practiceFields", value: "f1" }] })], nextCursor: null } });
    draw();
    expect((await screen.findByText("Study number")).parentElement?.textContent).toBe("patient fieldsStudy number");
  });
});
