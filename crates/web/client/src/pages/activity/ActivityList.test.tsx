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
  actor: { kind: "account", name: "Dana Weber" } as ActivityEvent["actor"],
  action: "image.viewed",
  outcome: "ok",
  target: null,
  ip: null,
  userAgent: null,
  details: [],
  images: [],
  ...more,
});
const draw = () => show(<ActivityList query={patientActivityQuery("p1")} lead="Who did what." />);
const rows = () => screen.getAllByRole("listitem").filter((it) => it.textContent?.includes("#"));

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
    expect(refused?.textContent).toMatch(/^Dana Weber tried, but was refused: viewed a photo refused/);
  });

  it("goes on where the first page ended, and keeps it when the next one fails", async () => {
    const server = serve({
      [ACTIVITY]: ({ query }) => (query.get("cursor") === "older" ? refusal(500, "internal") : { body: { events: [event(9, "2026-01-03T10:00:00Z")], nextCursor: "older" } }),
    });
    const { user } = draw();
    await user.click(await screen.findByRole("button", { name: "Show more" }));
    await screen.findByRole("heading", { name: "This could not be loaded" });
    expect(rows()).toHaveLength(1);
    server.answer(ACTIVITY, { body: { events: [event(8, "2026-01-03T09:00:00Z")], nextCursor: null } });
    await user.click(screen.getByRole("button", { name: "Show more" }));
    await waitFor(() => expect(rows().map((it) => /#\d/.exec(it.textContent ?? "")?.[0])).toEqual(["#9", "#8"]));
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
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
