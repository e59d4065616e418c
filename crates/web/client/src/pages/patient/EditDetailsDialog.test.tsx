import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { recall, remember } from "../../app/sealed";
import { PATIENT } from "../../testing/fixtures";
import { later, refusal, serve } from "../../testing/server";
import { focused, noteOf, show } from "../../testing/show";
import { DiscardQuestion } from "../../ui/DiscardQuestion";
import { formOf } from "../patients/form";
import { EditDetailsDialog } from "./EditDetailsDialog";

const PATCH = "PATCH /api/v1/patients/p1";
const save = () => screen.getByRole("button", { name: /^Sav/ });
const change = async (user: ReturnType<typeof show>["user"], label: string, text: string) => {
  await user.clear(screen.getByLabelText(label));
  await user.type(screen.getByLabelText(label), text);
};

function open(routes: Parameters<typeof serve>[0] = {}) {
  const server = serve({ "GET /api/v1/patient-fields": { body: { fields: [] } }, ...routes });
  const onClose = vi.fn();
  return { server, onClose, ...show(<EditDetailsDialog patient={PATIENT} onClose={onClose} />) };
}

describe("the dialog for a patient's details", () => {
  it("starts in its first field, and Escape closes it without asking the server", async () => {
    const { user, onClose, server } = open();
    expect(focused()).toContain("Unique ID");
    await user.keyboard("{Escape}");
    expect(onClose).toHaveBeenCalledOnce();
    expect(server.to(PATCH)).toEqual([]);
  });

  it("sends nothing when nothing differs", async () => {
    const { user, onClose, server } = open();
    await user.click(save());
    expect(onClose).toHaveBeenCalledOnce();
    expect(server.to(PATCH)).toEqual([]);
    expect(screen.getByText("There were no changes to save.")).toBeDefined();
  });

  it("P6: sends only what differs with the version it began with, once", async () => {
    const answer = later({ body: { ...PATIENT, firstName: "Maria", version: 4 } });
    const { user, server, onClose } = open({ [PATCH]: answer.handler });
    await change(user, "First name", "Maria");
    await user.click(save());
    expect(save().textContent).toBe("Saving…");
    await user.click(save());
    answer.release();
    await screen.findByText("The details were saved.");
    expect(server.to(PATCH).map((it) => it.body)).toEqual([{ version: 3, firstName: "Maria" }]);
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("shows a refusal at its field and stays open", async () => {
    const { user, onClose } = open({ [PATCH]: refusal(409, "unique_id_taken") });
    await change(user, "Unique ID", "lp-2");
    await user.click(save());
    await screen.findByText(/^Enter a different ID/);
    expect(noteOf("Unique ID")).toMatch(/^Enter a different ID/);
    expect(onClose).not.toHaveBeenCalled();
  });

  it("P6: asks about the field that moved, with both values, and saves the choice on top of the record as it is now", async () => {
    const current = { ...PATIENT, firstName: "Other", lastName: "Person", version: 7 };
    const conflicts = [{ field: "firstName", yours: "Maria", current: "Other", changedBy: "Dana Weber", changedAt: "2026-11-20T10:00:00Z" }];
    const { user, server, onClose } = open({ [PATCH]: refusal(409, "stale_version", {}, { current: { ...current, mrn: "77" }, conflicts, saved: ["mrn"] }) });
    await change(user, "First name", "Maria");
    await change(user, "MRN", "77");
    await user.click(save());
    await screen.findByRole("dialog", { name: "This record changed while you were editing" });
    expect(screen.getByRole("alert").textContent).toBe("Choose which value to keep for each field. Your other changes are saved.");
    const group = screen.getByRole("group", { name: "First name" });
    expect(within(group).getAllByRole("radio").map((it) => (it as HTMLInputElement).labels?.[0]?.textContent)).toEqual(["YoursMaria", "Now on recordOther"]);
    // F8: nothing is chosen beforehand, and who made the other change is said.
    expect(within(group).getAllByRole("radio").some((it) => (it as HTMLInputElement).checked)).toBe(false);
    expect(group.textContent).toContain("Changed by Dana Weber, 20 Nov 2026");
    expect((screen.getByRole("button", { name: "Save my choices" }) as HTMLButtonElement).disabled).toBe(true);
    server.answer(PATCH, { body: { ...current, version: 8 } });
    await user.click(within(group).getByRole("radio", { name: /^Yours/ }));
    await user.click(screen.getByRole("button", { name: "Save my choices" }));
    await screen.findByText("The details were saved.");
    // What was saved with the first attempt is not sent again.
    expect(server.to(PATCH).at(-1)?.body).toEqual({ version: 7, firstName: "Maria" });
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("P6: when everything else is saved, keeping what is on record sends nothing more", async () => {
    const current = { ...PATIENT, firstName: "Other", mrn: "77", version: 7 };
    const conflicts = [{ field: "firstName", yours: "Maria", current: "Other", changedBy: null, changedAt: null }];
    const { user, server, onClose } = open({ [PATCH]: refusal(409, "stale_version", {}, { current, conflicts, saved: ["mrn"] }) });
    await change(user, "First name", "Maria");
    await change(user, "MRN", "77");
    await user.click(save());
    await user.click(await screen.findByRole("radio", { name: /^Now on record/ }));
    await user.click(screen.getByRole("button", { name: "Save my choices" }));
    expect(server.to(PATCH)).toHaveLength(1);
    expect(onClose).toHaveBeenCalledOnce();
  });
});

describe("P6: what is not saved", () => {
  const saves = (amount: string) => screen.getByText(amount);

  it("is marked at its field, with what the record holds, and each field can be undone by itself", async () => {
    const { user, server } = open({ [PATCH]: { body: { ...PATIENT, version: 4 } } });
    expect(screen.queryByText("Not saved.")).toBeNull();
    await change(user, "First name", "Maria");
    await change(user, "MRN", "77");
    expect(screen.getAllByText("Not saved.")).toHaveLength(2);
    expect(screen.getByText(`On record: ${PATIENT.firstName}`)).toBeDefined();
    expect(saves("2 unsaved changes")).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Undo First name" }));
    expect(screen.getByLabelText<HTMLInputElement>("First name").value).toBe(PATIENT.firstName);
    // The button is gone; the focus is where the person was at work.
    expect(focused()).toContain("First name");
    expect(saves("1 unsaved change")).toBeDefined();
    await user.click(save());
    await screen.findByText("The details were saved.");
    expect(server.to(PATCH).map((it) => it.body)).toEqual([{ version: 3, mrn: "77" }]);
  });

  it("is gone as soon as the field holds what is on record", async () => {
    const { user } = open();
    await change(user, "First name", "Maria");
    await change(user, "First name", `${PATIENT.firstName} `);
    expect(screen.queryByText("Not saved.")).toBeNull();
    expect(screen.queryByRole("button", { name: "Discard changes" })).toBeNull();
  });

  it("is discarded once the person agrees; the focus is in the first field then, and Escape works", async () => {
    serve({ "GET /api/v1/patient-fields": { body: { fields: [] } } });
    const onClose = vi.fn();
    const { user } = show(
      <>
        <EditDetailsDialog patient={PATIENT} onClose={onClose} />
        <DiscardQuestion />
      </>,
    );
    await change(user, "First name", "Maria");
    await user.click(screen.getByRole("button", { name: "Discard changes" }));
    await user.click(within(screen.getByRole("alertdialog")).getByRole("button", { name: "Discard changes" }));
    expect(screen.getByLabelText<HTMLInputElement>("First name").value).toBe(PATIENT.firstName);
    // As React-aria does on a busy computer, where it finds the button gone.
    screen.getByRole("dialog").focus();
    await waitFor(() => expect(document.activeElement?.id).toBe(screen.getByLabelText("Unique ID").id));
    await user.keyboard("{Escape}");
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("a custom field and a date are undone, too", async () => {
    const fields = [{ id: "n", kind: "number", label: "Size", choices: null, retired: false }];
    const { user } = open({ "GET /api/v1/patient-fields": { body: { fields } } });
    await user.type(await screen.findByLabelText("Size"), "12");
    await user.type(screen.getAllByLabelText("Day")[0] as HTMLElement, "1");
    expect(screen.getAllByText("Not saved.")).toHaveLength(2);
    await user.click(screen.getByRole("button", { name: "Undo Size" }));
    await user.click(screen.getByRole("button", { name: "Undo Date of birth" }));
    expect(screen.getByLabelText<HTMLInputElement>("Size").value).toBe("");
    expect(screen.queryByText("Not saved.")).toBeNull();
  });

  it("R0: is still there after the page was loaded anew, and gone once the dialog was closed", async () => {
    const first = open();
    await change(first.user, "First name", "Maria");
    const draft = recall("details.p1");
    first.unmount();
    expect(recall("details.p1")).toBeUndefined();
    // A page that is loaded anew closes no dialog.
    remember("details.p1", draft);
    const second = open();
    expect(screen.getByLabelText<HTMLInputElement>("First name").value).toBe("Maria");
    expect(screen.getByText("1 unsaved change")).toBeDefined();
    second.unmount();
  });

  it("R0: after a reload, what was not touched has the newest saved values, and what was typed still meets what others changed", async () => {
    const form = { ...formOf(PATIENT), firstName: "Maria" };
    remember("details.p1", { base: PATIENT, form });
    const newest = { ...PATIENT, version: 5, firstName: "Mara-Lena", allergies: "Latex" };
    const server = serve({ "GET /api/v1/patient-fields": { body: { fields: [] } }, [PATCH]: { body: { ...newest, version: 6 } } });
    const { user } = show(<EditDetailsDialog patient={newest} onClose={() => undefined} />);
    expect((screen.getByLabelText("Allergies") as HTMLTextAreaElement).value).toBe("Latex");
    expect((screen.getByLabelText("First name") as HTMLInputElement).value).toBe("Maria");
    await user.click(save());
    await screen.findByText("The details were saved.");
    // The version that the name started from: the server compares it with what is there now.
    expect(server.to(PATCH)[0]?.body).toEqual({ version: PATIENT.version, firstName: "Maria" });
  });
});
