import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { PATIENT } from "../../testing/fixtures";
import { later, refusal, serve } from "../../testing/server";
import { focused, noteOf, show } from "../../testing/show";
import { NewPatientDialog } from "./NewPatientDialog";

const FIELDS = { "GET /api/v1/patient-fields": { body: { fields: [] } } };
const CREATE = "POST /api/v1/patients";
const submit = () => screen.getByRole("button", { name: /^Creat/ });

function open(routes: Parameters<typeof serve>[0] = {}) {
  const server = serve({ ...FIELDS, ...routes });
  const onClose = vi.fn();
  return { server, onClose, ...show(<NewPatientDialog onClose={onClose} />) };
}

describe("the dialog for a new patient", () => {
  it("starts in the unique ID, and Escape closes it", async () => {
    const { user, onClose } = open();
    expect(screen.getByRole("dialog", { name: "New patient" })).toBeDefined();
    expect(focused()).toContain("Unique ID");
    await user.keyboard("{Escape}");
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("R0: closes without a question while there is only what was searched for", async () => {
    serve({ "GET /api/v1/patient-fields": { body: { fields: [] } } });
    const onClose = vi.fn();
    const { user } = show(<NewPatientDialog from="Lindqvist" onClose={onClose} />);
    expect((screen.getByLabelText("Last name") as HTMLInputElement).value).toBe("Lindqvist");
    await user.keyboard("{Escape}");
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("P4: begins with the month and the year that were searched for, and asks for the day", async () => {
    const server = serve(FIELDS);
    const { user } = show(<NewPatientDialog from="Dr. Maier Feb 1979" onClose={() => undefined} />);
    const valueOf = (label: string) => (screen.getByLabelText(label) as HTMLInputElement).value;
    expect(["First name", "Last name", "Day", "Month", "Year"].map(valueOf)).toEqual(["", "Maier", "", "02", "1979"]);
    await user.type(screen.getByLabelText(/^Unique ID/), "ab");
    await user.click(submit());
    expect(focused()).toContain("Day");
    expect(server.to(CREATE)).toEqual([]);
  });

  it("P4: leaves out what is not seen in what was searched for, and keeps what joins letters", () => {
    serve(FIELDS);
    show(<NewPatientDialog from={"An\uFEFFna\u200B \u2060Mai\u00ADer\u200E"} onClose={() => undefined} />);
    const valueOf = (label: string) => (screen.getByLabelText(label) as HTMLInputElement).value;
    expect(["First name", "Last name"].map(valueOf)).toEqual(["Anna", "Maier"]);
    cleanup();
    show(<NewPatientDialog from={"\u0639\u0644\u06CC\u200C\u0631\u0636\u0627"} onClose={() => undefined} />);
    expect(valueOf("Last name")).toBe("\u0639\u0644\u06CC\u200C\u0631\u0636\u0627");
  });

  it("says at the field what is wrong before it asks the server", async () => {
    const { user, server } = open();
    await user.click(submit());
    expect(noteOf(/^Unique ID/)).toMatch(/^Use 2–32 characters/);
    expect(screen.getByLabelText(/^Unique ID/).getAttribute("aria-invalid")).toBe("true");
    expect(server.to(CREATE)).toEqual([]);
    // F9: the first bad field has the focus.
    expect(focused()).toContain("Unique ID");
  });

  it("shows a refusal at its field, in a group that is folded away until then", async () => {
    const { user } = open({ [CREATE]: refusal(422, "invalid", { mrn: "Enter at most 64 characters." }) });
    await user.type(screen.getByLabelText(/^Unique ID/), "ab");
    await user.click(submit());
    await screen.findByText("Enter at most 64 characters.");
    expect(noteOf("MRN")).toBe("Enter at most 64 characters.");
    expect(screen.getByLabelText("MRN").closest("details")?.open).toBe(true);
    expect(screen.getByRole("alert").textContent).toBe("Some fields need attention.");
    // Typing takes the refusal back: it was about the former value.
    await user.type(screen.getByLabelText("MRN"), "1");
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("asks once, however often it is pressed, and then goes to the patient", async () => {
    const answer = later({ status: 201, body: PATIENT });
    const { user, server, place } = open({ [CREATE]: answer.handler });
    await user.type(screen.getByLabelText(/^Unique ID/), " LP-1 ");
    await user.click(submit());
    expect(submit().textContent).toBe("Creating…");
    await user.click(submit());
    expect(server.to(CREATE).map((it) => it.body)).toEqual([{ uniqueId: "lp-1" }]);
    answer.release();
    await waitFor(() => expect(place.history.at(-1)).toBe("/patients/p1"));
    expect(within(screen.getByRole("region", { name: "Notifications" })).getByText("Patient lp-1 was created.")).toBeDefined();
  });
});
