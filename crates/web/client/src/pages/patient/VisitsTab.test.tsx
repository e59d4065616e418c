import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { ListedEntry } from "../../api/types";
import { later, refusal, serve } from "../../testing/server";
import { focused, noteOf, show } from "../../testing/show";
import { VisitsTab } from "./VisitsTab";

const ENTRIES = "/api/v1/patients/p1/entries";
const entry = (id: string, appointmentAt: string, title: string | null = id): ListedEntry => ({ id, patientId: "p", appointmentAt, title, excerpt: "", author: "amal.okafor", authorName: "Amal Okafor", createdAt: appointmentAt, signedAt: null, tags: [], images: [], imageCount: 0, comparisonCount: 0, offered: [], offeredCount: 0 });
const titles = () => screen.getAllByRole("heading", { level: 3 }).map((it) => it.textContent);

describe("the visits of a patient", () => {
  it("stand with the latest first, and tell the one that is still to come", async () => {
    const ahead = new Date(Date.now() + 86_400_000).toISOString();
    serve({ [`GET ${ENTRIES}`]: { body: { entries: [entry("old", "2026-01-01T10:00:00Z"), entry("ahead", ahead), entry("new", "2026-02-01T10:00:00Z", null)] } } });
    show(<VisitsTab patientId="p1" />);
    await screen.findByText("Upcoming");
    expect(titles()).toEqual(["ahead", "Visit", "old"]);
    expect(screen.getByText("Upcoming").closest("li")?.textContent).toContain("ahead");
  });

  it("say that there is none, and that they could not be loaded", async () => {
    const server = serve({ [`GET ${ENTRIES}`]: refusal(500, "internal") });
    const { user } = show(<VisitsTab patientId="p1" />);
    await screen.findByRole("heading", { name: "This could not be loaded" });
    expect(screen.queryByText("No visits yet")).toBeNull();
    server.answer(`GET ${ENTRIES}`, { body: { entries: [] } });
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByRole("heading", { name: "No visits yet" });
  });
});

describe("the dialog for a new visit", () => {
  async function open(routes: Parameters<typeof serve>[0] = {}) {
    const server = serve({ [`GET ${ENTRIES}`]: { body: { entries: [] } }, ...routes });
    const shown = show(<VisitsTab patientId="p1" />);
    await shown.user.click(await screen.findByRole("button", { name: "New visit" }));
    return { server, ...shown };
  }
  const save = () => screen.getByRole("button", { name: /^Sav/ });

  it("starts in the title; Escape closes it and gives the focus back", async () => {
    const { user } = await open();
    expect(focused()).toContain("Title");
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    await waitFor(() => expect(focused()).toBe("New visit"));
  });

  it("E1: sends the wall clock of the practice as an instant, once, and shows the visit", async () => {
    const answer = later({ status: 201, body: entry("First", "2026-11-22T14:05:00Z") });
    const { user, server } = await open({ [`POST ${ENTRIES}`]: answer.handler });
    // The fields are filled with the present.
    const parts = within(screen.getByRole("group", { name: "Date and time" })).getAllByRole<HTMLInputElement>("textbox");
    expect(parts.map((it) => it.labels?.[0]?.textContent)).toEqual(["Day", "Month", "Year", "Hour", "Minute"]);
    for (const part of parts) fireEvent.change(part, { target: { value: "" } });
    await user.click(save());
    expect(noteOf("Date and time")).toBe("Enter a date and a time.");
    expect(focused()).toBe("Day");
    await user.keyboard("3022026");
    await user.click(save());
    expect(noteOf("Date and time")).toBe("Enter the hour and minutes too.");
    await user.type(screen.getByLabelText("Hour"), "1405");
    expect(noteOf("Date and time")).toBe("Enter a day from 1 to 28 for February 2026.");
    expect(server.to(`POST ${ENTRIES}`)).toEqual([]);
    await user.click(screen.getByLabelText("Day"));
    await user.paste("22/11/2026");
    expect(noteOf("Date and time")).toBe("Sunday, 22 November 2026. In the practice's time zone: UTC.");
    await user.type(screen.getByLabelText(/^Title/), " First ");
    await user.click(save());
    expect(save().textContent).toBe("Saving…");
    await user.click(save());
    expect(server.to(`POST ${ENTRIES}`).map((it) => it.body)).toEqual([{ appointmentAt: "2026-11-22T14:05:00Z", title: "First", notes: "" }]);
    server.answer(`GET ${ENTRIES}`, { body: { entries: [entry("First", "2026-11-22T14:05:00Z")] } });
    answer.release();
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await screen.findByRole("heading", { name: "First" });
    expect(screen.getByText("The visit was saved.")).toBeDefined();
  });

  it("shows a refusal at its field and keeps what was typed", async () => {
    const { user } = await open({ [`POST ${ENTRIES}`]: refusal(422, "invalid", { title: "Enter at most 200 characters." }) });
    await user.type(screen.getByLabelText(/^Title/), "Long");
    await user.click(save());
    await screen.findByText("Enter at most 200 characters.");
    expect(noteOf(/^Title/)).toBe("Enter at most 200 characters.");
    expect((screen.getByLabelText(/^Title/) as HTMLInputElement).value).toBe("Long");
  });

  it("closes no dialog that was opened after it when its answer comes late", async () => {
    const answer = later({ status: 201, body: entry("First", "2026-11-22T14:05:00Z") });
    const { user } = await open({ [`POST ${ENTRIES}`]: answer.handler });
    await user.click(save());
    await user.keyboard("{Escape}");
    await user.click(screen.getByRole("button", { name: "New visit" }));
    answer.release();
    await screen.findByText("The visit was saved.");
    expect(screen.getByRole("dialog", { name: "New visit" })).toBeDefined();
  });
});
