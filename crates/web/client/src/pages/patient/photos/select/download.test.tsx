import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { refusal, serve } from "../../../../testing/server";
import { show } from "../../../../testing/show";
import { ME } from "../../../../testing/fixtures";
import { DownloadDialog } from "./DownloadDialog";

const ASK = "POST /api/v1/patients/p1/archives";
const CONFIRM = "POST /api/v1/session/confirmation";
const STATE = "GET /api/v1/archives/a1";
const ASKED = { status: 201, body: { id: "a1", images: 3, bytes: null, expiresAt: "2026-11-27T12:00:00Z" } };
const state = (stage: string, sent: number, more: object = {}) => ({ body: { stage, sent, of: 3, ...more } });

let saved: string[];

beforeEach(() => {
  saved = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function click(this: HTMLAnchorElement) {
    saved.push(this.getAttribute("href") ?? "");
  });
});

const CONSENTS = "GET /api/v1/patients/p1/consents";
const consents = (...given: [status: string, ...purposes: string[]][]) => ({ body: { consents: given.map(([status, ...purposes], at) => ({ id: `c${at}`, status, purposes })) } });

const SESSION = "GET /api/v1/session";
const session = (passwordEntered: boolean) => ({ body: { ...ME, session: { ...ME.session, passwordEntered } } });

function open(answers: Parameters<typeof serve>[0] = {}) {
  const server = serve({ [SESSION]: session(false), [CONFIRM]: { status: 204 }, [ASK]: ASKED, [STATE]: state("sending", 1), [CONSENTS]: refusal(503, "busy"), ...answers });
  const onClose = vi.fn();
  const { user } = show(<DownloadDialog patientId="p1" images={["i1", "i2", "i3"]} onClose={onClose} />);
  return { server, user, onClose };
}

const field = (name: RegExp | string) => screen.findByLabelText(name);

describe("I5: downloading photos", () => {
  it("asks what they are for and, the first time, for the password; the browser saves them", async () => {
    const { server, user } = open();
    const dialog = await screen.findByRole("dialog", { name: "Download 3 photos" });
    await field(/Your password/);
    await user.click(within(dialog).getByRole("button", { name: "Download" }));
    expect(screen.getByText("Choose a purpose.")).toBeDefined();
    expect(screen.getByText("Enter your password.")).toBeDefined();
    expect(server.to(ASK)).toHaveLength(0);
    await user.click(screen.getByRole("radio", { name: /Original files/ }));
    await user.selectOptions(await field("Purpose"), "Copy for the patient");
    await user.type(await field(/Your password/), "Correct-horse-9");
    await user.click(screen.getByRole("button", { name: "Download" }));
    await screen.findByText("1 of 3 photos sent");
    expect(server.to(CONFIRM)[0]?.body).toEqual({ password: "Correct-horse-9" });
    expect(server.to(ASK)[0]?.body).toEqual({ images: ["i1", "i2", "i3"], form: "originals", purpose: "patient_copy" });
    expect(saved).toEqual(["/api/v1/archives/a1/content"]);
    server.answer(STATE, state("sent", 3));
    await screen.findByText("3 photos were sent as photos.zip.");
  });

  it("does not ask for the password that the server remembers, from whichever tab, unless the server does", async () => {
    const { server, user } = open({ [SESSION]: session(true), [ASK]: refusal(403, "password_needed") });
    await screen.findByRole("dialog");
    await waitFor(() => expect(server.to(SESSION)).toHaveLength(1));
    expect(screen.queryByLabelText(/Your password/)).toBeNull();
    await user.selectOptions(await field("Purpose"), "Care in this practice");
    await user.click(screen.getByRole("button", { name: "Download" }));
    await user.type(await field(/Your password/), "Correct-horse-9");
    server.answer(CONFIRM, refusal(401, "sign_in_failed"));
    await user.click(screen.getByRole("button", { name: "Download" }));
    await screen.findByText("Enter the correct password.");
    expect(server.to(ASK)).toHaveLength(1);
    expect(screen.getByLabelText(/Your password/)).toBeDefined();
  });

  it("says what the server refuses, and nothing is saved", async () => {
    const { user } = open({ [ASK]: refusal(422, "consent_required", {}, { detail: "These photos cannot be downloaded for this purpose (Teaching): no consent." }) });
    await screen.findByRole("dialog");
    await user.selectOptions(await field("Purpose"), "Teaching");
    await user.type(await field(/Your password/), "Correct-horse-9");
    await user.click(screen.getByRole("button", { name: "Download" }));
    await screen.findByText(/cannot be downloaded for this purpose/);
    expect(saved).toEqual([]);
    // The password was right all the same.
    expect(screen.queryByLabelText(/Your password/)).toBeNull();
  });

  it("marks what no consent in force covers, before the password is asked for", async () => {
    const { server, user } = open({ [CONSENTS]: consents(["given", "clinical_record"], ["given", "clinical_record", "teaching"], ["revoked", "research"]) });
    await screen.findByRole("dialog");
    await screen.findByRole("option", { name: "Research (no consent)" });
    const marked = screen.getAllByRole("option").flatMap((it) => (it.textContent.endsWith("(no consent)") ? [it.getAttribute("value")] : []));
    expect(marked).toEqual(["treating_clinicians", "publication", "marketing", "research"]);
    await user.selectOptions(await field("Purpose"), "Research (no consent)");
    expect(screen.getByRole("link", { name: "Record a consent" }).getAttribute("href")).toBe("/patients/p1/consent?record=1");
    expect(screen.queryByLabelText(/Your password/)).toBeNull();
    await user.click(screen.getByRole("button", { name: "Download" }));
    expect(server.to(ASK)).toHaveLength(0);
    await user.selectOptions(await field("Purpose"), "Teaching");
    expect(screen.queryByRole("link", { name: "Record a consent" })).toBeNull();
    await field(/Your password/);
  });

  it("says which file it is: one archive, also with one photo", async () => {
    serve({ [SESSION]: session(true), [CONSENTS]: consents() });
    show(<DownloadDialog patientId="p1" images={["i1"]} files="originals" onClose={() => undefined} />);
    await screen.findByText("Your browser saves one file: photos.zip, a ZIP archive with 1 photo.");
  });

  it("a photo that can't be read is named, and the others can be downloaded", async () => {
    const { server, user } = open({ [SESSION]: session(true), [STATE]: state("stopped", 1, { reason: "photo_unreadable", imageId: "i2" }) });
    await screen.findByRole("dialog");
    await user.selectOptions(await field("Purpose"), "Care in this practice");
    await user.click(screen.getByRole("button", { name: "Download" }));
    await screen.findByText("The download stopped after 1 of 3 photos.");
    expect(screen.getByText("It is photo 2 of the selection.")).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Download the other photos" }));
    await waitFor(() => expect(server.to(ASK)).toHaveLength(2));
    expect(server.to(ASK)[1]?.body).toEqual({ images: ["i1", "i3"], form: "display", purpose: "clinical_record" });
  });
});
