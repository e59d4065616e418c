import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { CONSENT, CONSENT_FORM, PATIENT } from "../../../testing/fixtures";
import { FakePad } from "../../../testing/pad";
import { later, refusal, serve } from "../../../testing/server";
import { focused, noteOf, show } from "../../../testing/show";
import { uploads } from "../../../upload/manager";
import { ConsentTab } from "./ConsentTab";

vi.mock("signature_pad", async () => ({ default: (await import("../../../testing/pad")).FakePad }));

const LIST = "GET /api/v1/patients/p1/consents";
const RECORD = "POST /api/v1/patients/p1/consents";
const REVOKE = "POST /api/v1/patients/p1/consents/c1/revocation";
const FORM = "GET /api/v1/consent-form";
const dialog = () => within(screen.getByRole("dialog"));

describe("the list of consents", () => {
  it("says that there is none and offers one; says that it could not be loaded", async () => {
    const server = serve({ [LIST]: refusal(500, "internal") });
    const { user, place } = show(<ConsentTab patient={PATIENT} />);
    await screen.findByRole("heading", { name: "This could not be loaded" });
    server.answer(LIST, { body: { consents: [] } });
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByRole("heading", { name: "No consent on record" });
    expect(screen.getByText("Practice policy: consent required")).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Record consent" }));
    expect(place.history.at(-1)).toBe("/patients/p1/consent?record=1");
  });

  it("N4: offers to revoke only what still counts, and tells why another was revoked", async () => {
    const gone = { ...CONSENT, id: "c2", status: "revoked", revokedAt: "2026-11-21T10:00:00Z", revokedReason: "Moved away" };
    serve({ [LIST]: { body: { consents: [CONSENT, gone] } } });
    show(<ConsentTab patient={PATIENT} />);
    const [given, revoked] = await screen.findAllByRole("listitem").then((all) => all.filter((it) => it.querySelector("h3")));
    expect(given && within(given).getByRole("button", { name: "Revoke" })).toBeDefined();
    expect(revoked?.textContent).toContain("Moved away");
    expect(revoked && within(revoked).queryByRole("button", { name: "Revoke" })).toBeNull();
  });
});

describe("the dialog that records a consent", () => {
  async function open(routes: Parameters<typeof serve>[0] = {}) {
    const server = serve({ [LIST]: { body: { consents: [] } }, [FORM]: { body: CONSENT_FORM }, ...routes });
    const shown = show(<ConsentTab patient={PATIENT} />, { path: "/patients/p1/consent?record=1" });
    await dialog().findByText("I agree.");
    return { server, ...shown };
  }
  const submit = () => dialog().getByRole("button", { name: /^Record/ });

  it("takes the focus, cannot be sent before its form is here, and Escape leads back to the list", async () => {
    const answer = later({ body: CONSENT_FORM });
    serve({ [LIST]: { body: { consents: [] } }, [FORM]: answer.handler });
    const { user, place } = show(<ConsentTab patient={PATIENT} />, { path: "/patients/p1/consent?record=1" });
    expect((submit() as HTMLButtonElement).disabled).toBe(true);
    expect(screen.getByRole("dialog").contains(document.activeElement)).toBe(true);
    answer.release();
    await waitFor(() => expect((submit() as HTMLButtonElement).disabled).toBe(false));
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(place.history.at(-1)).toBe("/patients/p1/consent");
  });

  it("N3: records no blank signature, and a drawn one as it was drawn", async () => {
    const scrolled = vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(() => undefined);
    const { user, server } = await open({ [RECORD]: { status: 201, body: CONSENT } });
    await user.click(submit());
    expect(dialog().getByText("Draw your signature above.").getAttribute("role")).toBe("alert");
    expect(document.activeElement?.getAttribute("data-invalid")).toBe("true");
    expect(scrolled).toHaveBeenCalled();
    expect(server.to(RECORD)).toEqual([]);
    act(() => FakePad.latest?.draw(120));
    await user.click(submit());
    await waitFor(() => expect(server.to(RECORD)).toHaveLength(1));
    expect(server.to(RECORD)[0]?.body).toMatchObject({
      version: 3,
      purposes: ["clinical_record"],
      method: { kind: "digital", strokes: [[{ x: 0, y: 10, t: 0 }, { x: 120, y: 10, t: 400 }]] },
      signerName: "Mara Lindqvist",
    });
  });

  it("shows a refusal at its field; what the record needs can't be left out", async () => {
    const { user } = await open({ [RECORD]: refusal(422, "invalid", { "method.notes": "Enter how the consent was given." }) });
    expect((dialog().getByRole("checkbox", { name: /^Record/ }) as HTMLInputElement).disabled).toBe(true);
    await user.click(dialog().getByRole("radio", { name: /^Another way/ }));
    await user.type(dialog().getByLabelText(/^Describe how/), "x");
    await user.click(submit());
    await dialog().findByText("Enter how the consent was given.");
    expect(noteOf(/^Describe how/)).toBe("Enter how the consent was given.");
    expect(focused()).toContain("Describe how");
  });

  it("N2: asks once, and lets the photos go on that waited", async () => {
    const answer = later({ status: 201, body: CONSENT });
    const goOn = vi.spyOn(uploads, "consentGiven").mockReturnValue(true);
    const { user, server, place } = await open({ [RECORD]: answer.handler });
    await user.click(dialog().getByRole("radio", { name: /^Another way/ }));
    await user.type(dialog().getByLabelText(/^Describe how/), "Folder B");
    await user.click(submit());
    expect(submit().textContent).toBe("Recording…");
    await user.click(submit());
    expect(goOn).not.toHaveBeenCalled();
    answer.release();
    await waitFor(() => expect(place.history.at(-1)).toBe("/patients/p1"));
    expect(server.to(RECORD)).toHaveLength(1);
    expect(goOn).toHaveBeenCalledExactlyOnceWith("p1");
    expect(screen.getByText("The consent was recorded.")).toBeDefined();
  });
});

describe("the dialog that revokes a consent", () => {
  async function open(routes: Parameters<typeof serve>[0] = {}) {
    const server = serve({ [LIST]: { body: { consents: [CONSENT] } }, ...routes });
    const shown = show(<ConsentTab patient={PATIENT} />);
    await shown.user.click(await screen.findByRole("button", { name: "Revoke" }));
    return { server, ...shown };
  }
  const revoke = () => dialog().getByRole("button", { name: "Revoke" });

  it("starts in the reason; Escape closes it and gives the focus back", async () => {
    const { user } = await open();
    expect(focused()).toContain("Reason");
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    await waitFor(() => expect(focused()).toBe("Revoke"));
  });

  it("asks for a reason before it asks the server, and shows the server's no at the field", async () => {
    const { user, server } = await open({ [REVOKE]: refusal(422, "invalid", { reason: "Enter why the consent is revoked." }) });
    await user.click(revoke());
    expect(noteOf(/^Reason/)).toBe("Enter a reason.");
    expect(server.to(REVOKE)).toEqual([]);
    await user.type(screen.getByLabelText(/^Reason/), "x");
    await user.click(revoke());
    await dialog().findByText("Enter why the consent is revoked.");
    expect(noteOf(/^Reason/)).toBe("Enter why the consent is revoked.");
  });

  it("asks once and says so", async () => {
    const answer = later({ body: { ...CONSENT, status: "revoked" } });
    const { user, server } = await open({ [REVOKE]: answer.handler });
    await user.type(screen.getByLabelText(/^Reason/), " Asked for it ");
    await user.click(revoke());
    await user.click(revoke());
    answer.release();
    await screen.findByText("The consent was revoked.");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(server.to(REVOKE).map((it) => it.body)).toEqual([{ reason: "Asked for it" }]);
  });
});
