import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { patientPage, summaryOf } from "../../testing/fixtures";
import { later, refusal, serve } from "../../testing/server";
import { show } from "../../testing/show";
import { PatientsPage } from "./PatientsPage";

const LIST = "GET /api/v1/patients";
const SEARCH = "POST /api/v1/patients/search";
const names = () => within(screen.getByRole("list", { name: "Patients" })).getAllByRole("listitem").map((row) => /Ada [A-Z][a-z]+/.exec(row.textContent ?? "")?.[0]);

describe("the list of patients", () => {
  it("says that it loads, and then how many there are", async () => {
    const answer = later({ body: patientPage([summaryOf("l1", "Lovelace")]) });
    serve({ [LIST]: answer.handler });
    show(<PatientsPage />);
    expect(screen.getByText("Loading…")).toBeDefined();
    expect(screen.queryByText(/No patients/)).toBeNull();
    answer.release();
    await screen.findByText("1 patient");
    expect(names()).toEqual(["Ada Lovelace"]);
    expect(screen.getByRole("link", { name: /Ada Lovelace/ }).getAttribute("href")).toBe("/patients/l1");
  });

  it("offers the first patient when there is none", async () => {
    serve({ [LIST]: { body: patientPage([]) }, "GET /api/v1/patient-fields": { body: { fields: [] } } });
    const { user } = show(<PatientsPage />);
    const heading = await screen.findByRole("heading", { name: "No patients yet" });
    const [, button] = screen.getAllByRole("button", { name: "New patient" });
    expect(heading.parentElement?.contains(button ?? null)).toBe(true);
    if (button) await user.click(button);
    expect(screen.getByRole("dialog", { name: "New patient" })).toBeDefined();
  });

  it("says why it could not be loaded, and loads on request", async () => {
    const server = serve({ [LIST]: refusal(500, "internal", {}, { requestId: "r-77" }) });
    const { user } = show(<PatientsPage />);
    expect((await screen.findByRole("alert")).textContent).toContain("r-77");
    server.answer(LIST, { body: patientPage([summaryOf("l1", "Lovelace")]) });
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByText("1 patient");
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("goes on where the first page ended, and keeps it when the next one fails", async () => {
    const server = serve({ [LIST]: ({ query }) => (query.get("cursor") === "next" ? refusal(429, "throttled") : { body: patientPage([summaryOf("l1", "Lovelace")], 2, "next") }) });
    const { user } = show(<PatientsPage />);
    await screen.findByText("1 of 2 patients shown");
    await user.click(screen.getByRole("button", { name: "Show more" }));
    await screen.findByText(/Too many attempts/);
    expect(names()).toEqual(["Ada Lovelace"]);
    server.answer(LIST, { body: patientPage([summaryOf("b2", "Byron")], 2) });
    await user.click(screen.getByRole("button", { name: "Show more" }));
    await waitFor(() => expect(names()).toEqual(["Ada Lovelace", "Ada Byron"]));
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  });

  it("C41: searches in a body, once for what was typed, and keeps the list until the answer", async () => {
    const answer = later({ body: patientPage([]) });
    const server = serve({ [LIST]: { body: patientPage([summaryOf("l1", "Lovelace")]) }, [SEARCH]: answer.handler });
    const { user } = show(<PatientsPage />);
    await screen.findByText("1 patient");
    await user.click(screen.getByRole("searchbox"));
    await user.paste(" Nobody ");
    await screen.findByText("Searching…");
    expect(names()).toEqual(["Ada Lovelace"]);
    answer.release();
    await screen.findByRole("heading", { name: "No matching patients" });
    expect(server.to(SEARCH).map((it) => it.body)).toEqual([{ query: "Nobody", limit: 100 }]);
    await user.click(screen.getByRole("button", { name: "Clear search" }));
    await screen.findByText("1 patient");
  });
});
