import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Patient } from "../../../api/types";
import { listedVisit, PATIENT, visitPage } from "../../../testing/fixtures";
import { later, refusal, serve } from "../../../testing/server";
import { show } from "../../../testing/show";
import { Timeline } from "./Timeline";
import { openedOf } from "../../../compare/opened";

const ENTRIES = "/api/v1/patients/p1/entries";
const titles = () => screen.queryAllByRole("heading", { level: 4 }).map((it) => it.textContent);
const row = (title: string) => within(screen.getByRole("heading", { level: 4, name: title }).closest("li") as HTMLElement);
const timeline = (routes: Parameters<typeof serve>[0], patient: Patient = PATIENT) => {
  const server = serve(routes);
  return { server, ...show(<Timeline patient={patient} />) };
};

describe("E6: the timeline", () => {
  it("pins what is to come above, the next one first, and tells how long after the one before each visit was", async () => {
    const ahead = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const entries = [
      listedVisit("in a month", ahead(30)),
      listedVisit("tomorrow", ahead(1)),
      listedVisit("third", "2026-02-01T10:00:00Z"),
      listedVisit("second", "2026-01-11T10:00:00Z", { title: null }),
      listedVisit("oldest", "2026-01-01T10:00:00Z"),
    ];
    timeline({ [`GET ${ENTRIES}`]: { body: visitPage(entries) } });
    await screen.findByRole("heading", { level: 3, name: "Upcoming" });
    expect(titles()).toEqual(["tomorrow", "in a month", "third", "Visit", "oldest"]);
    expect(within(screen.getByRole("region", { name: "Upcoming" })).getAllByRole("listitem")).toHaveLength(2);
    row("third").getByText("3 weeks later");
    row("Visit").getByText("10 days later");
    row("oldest").getByText("first visit");
  });

  it("shows two lines of notes, the photos, the tags and who wrote it, and opens the visit by its title", async () => {
    const entry = listedVisit("Control", "2026-01-01T10:00:00Z", { excerpt: "Healing well.\nNext in six weeks.", images: ["a", "b"], imageCount: 9, comparisonCount: 1, signedAt: "2026-01-02T10:00:00Z" });
    const { user, place } = timeline({ [`GET ${ENTRIES}`]: { body: visitPage([entry]) } });
    await screen.findByText(/Healing well/);
    const strip = within(screen.getByRole("list", { name: "Photos of the visit on 1 Jan 2026" }));
    expect(strip.getAllByRole("link").map((it) => it.getAttribute("href"))).toEqual(["/patients/p1/photos/a", "/patients/p1/photos/b", "/patients/p1/visits/Control"]);
    strip.getByRole("link", { name: /7 photos more/ });
    screen.getByText("Signed");
    screen.getByText(/by Amal Okafor/);
    screen.getByText(/1 comparison/);
    // What is signed does not change any more.
    expect(screen.queryByRole("link", { name: /^Camera/ })).toBeNull();
    expect(screen.queryByRole("button", { name: /tags/ })).toBeNull();
    await user.click(screen.getByRole("link", { name: "Control" }));
    expect(place.history.at(-1)).toBe("/patients/p1/visits/Control");
  });

  it("E5: lets only visits be selected for tags that are not signed", async () => {
    const entries = [listedVisit("open", "2026-02-01T10:00:00Z"), listedVisit("done", "2026-01-01T10:00:00Z", { signedAt: "2026-01-02T10:00:00Z" })];
    const { user } = timeline({ [`GET ${ENTRIES}`]: { body: visitPage(entries) } });
    await screen.findByText("done");
    await user.click(screen.getByRole("button", { name: "Select" }));
    expect(screen.getAllByRole("checkbox").map((it) => it.getAttribute("data-row"))).toEqual(["open"]);
  });

  it("D20: Camera, and Compare with the nearest earlier visit that has photos, are one press away", async () => {
    const entries = [listedVisit("now", "2026-03-01T10:00:00Z", { images: ["n"] }), listedVisit("between", "2026-02-01T10:00:00Z"), listedVisit("before", "2026-01-01T10:00:00Z", { images: ["o", "p"] })];
    const { user, place } = timeline({ [`GET ${ENTRIES}`]: { body: visitPage(entries) } });
    await screen.findByText("now");
    expect(row("now").getByRole("link", { name: /^Camera/ }).getAttribute("href")).toBe("/patients/p1/camera/now");
    expect(row("between").queryByRole("button", { name: /^Compare/ })).toBeNull();
    expect(row("before").queryByRole("button", { name: /^Compare/ })).toBeNull();
    await user.click(row("now").getByRole("button", { name: /^Compare/ }));
    expect(place.history.at(-1)).toBe("/patients/p1/compare");
    expect(openedOf("p1")).toEqual({ images: ["o", "n"], entryId: "now" });
  });

  it("offers photos of the day that are in no visit; adding them can be undone", async () => {
    const entry = listedVisit("Control", "2026-01-01T10:00:00Z", { offered: ["a", "b"], offeredCount: 2 });
    const WORKSPACE = `POST ${ENTRIES}/Control/workspace`;
    const { user, server } = timeline({ [`GET ${ENTRIES}`]: { body: visitPage([entry]) }, [WORKSPACE]: { body: { added: ["a", "b"], removed: [] } } });
    await screen.findByText("2 photos of this day are in no visit");
    server.answer(`GET ${ENTRIES}`, { body: visitPage([listedVisit("Control", "2026-01-01T10:00:00Z", { images: ["a", "b"] })]) });
    await user.click(screen.getByRole("button", { name: /^Add both to this visit/ }));
    await screen.findByText("2 photos added to the visit.");
    await waitFor(() => expect(screen.queryByText(/are in no visit/)).toBeNull());
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await screen.findByText("Undone.");
    expect(server.to(WORKSPACE).map((it) => it.body)).toEqual([{ add: ["a", "b"] }, { remove: ["a", "b"] }]);
  });

  it("adds as many at once as the list names, however many", async () => {
    const offered = Array.from({ length: 37 }, (_, at) => `i${at}`);
    const WORKSPACE = `POST ${ENTRIES}/Control/workspace`;
    const { user, server } = timeline({
      [`GET ${ENTRIES}`]: { body: visitPage([listedVisit("Control", "2026-01-01T10:00:00Z", { offered, offeredCount: 37 })]) },
      [WORKSPACE]: { body: { added: offered, removed: [] } },
    });
    await user.click(await screen.findByRole("button", { name: /^Add all 37 to this visit/ }));
    await screen.findByText("37 photos added to the visit.");
    expect(server.to(WORKSPACE).map((it) => it.body)).toEqual([{ add: offered }]);
  });

  it("says how many it adds where more are offered than the list names", async () => {
    const entry = listedVisit("Control", "2026-01-01T10:00:00Z", { offered: ["a", "b"], offeredCount: 20 });
    timeline({ [`GET ${ENTRIES}`]: { body: visitPage([entry]) } });
    await screen.findByText("20 photos of this day are in no visit");
    screen.getByRole("button", { name: /^Add 2 to this visit/ });
  });

  it("loads further pages", async () => {
    const { user, server } = timeline({
      [`GET ${ENTRIES}`]: ({ query }) => ({ body: query.get("cursor") === "c" ? visitPage([listedVisit("old", "2026-01-01T10:00:00Z")]) : visitPage([listedVisit("new", "2026-02-01T10:00:00Z")], "c") }),
    });
    await screen.findByText("new");
    expect(row("new").queryByText("first visit")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Show more" }));
    await screen.findByText("old");
    expect(server.to(`GET ${ENTRIES}`)).toHaveLength(2);
    row("new").getByText("4 weeks later");
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  });

  it("says that there is none, and that they could not be loaded", async () => {
    const { user, server } = timeline({ [`GET ${ENTRIES}`]: refusal(500, "internal") }, { ...PATIENT, imageCount: 3 });
    await screen.findByRole("heading", { name: "This could not be loaded" });
    expect(screen.queryByText("No visits yet")).toBeNull();
    server.answer(`GET ${ENTRIES}`, { body: visitPage([]) });
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByRole("heading", { name: "No visits yet" });
    screen.getByText(/There are 3 photos already/);
    expect(screen.getByRole("link", { name: "Show all photos" }).getAttribute("href")).toBe("/patients/p1/photos");
  });
});

describe("a new visit", () => {
  it("is one press: it is created now, and its page opens", async () => {
    const answer = later({ status: 201, body: { id: "e9" } });
    const { user, server, place } = timeline({ [`GET ${ENTRIES}`]: { body: visitPage([]) }, [`POST ${ENTRIES}`]: answer.handler });
    await user.click(await screen.findByRole("button", { name: "New visit" }));
    await user.click(screen.getByRole("button", { name: "New visit" }));
    answer.release();
    await waitFor(() => expect(place.history.at(-1)).toBe("/patients/p1/visits/e9"));
    expect(server.to(`POST ${ENTRIES}`).map((it) => it.body)).toEqual([{}]);
  });

  it("says that it was not created", async () => {
    const { user, place } = timeline({ [`GET ${ENTRIES}`]: { body: visitPage([]) }, [`POST ${ENTRIES}`]: refusal(503, "busy") });
    await user.click(await screen.findByRole("button", { name: "New visit" }));
    await screen.findByText(/^The visit was not created\./);
    expect(place.history).toEqual(["/"]);
  });
});
