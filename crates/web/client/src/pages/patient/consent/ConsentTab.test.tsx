import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { takeBack } from "../../../app/handOver";
import { CONSENT, CONSENT_FORM, ME, PATIENT } from "../../../testing/fixtures";
import { FakePad } from "../../../testing/pad";
import { later, refusal, serve } from "../../../testing/server";
import { focused, noteOf, show } from "../../../testing/show";
import { uploads } from "../../../upload/manager";
import { ConsentTab } from "./ConsentTab";

vi.mock("signature_pad", async () => ({ default: (await import("../../../testing/pad")).FakePad }));

const LIST = "GET /api/v1/patients/p1/consents";
const RECORD = "POST /api/v1/patients/p1/consents";
const REVOKE = "POST /api/v1/patients/p1/consents/c1/revocation";
const HAND_OVER = "POST /api/v1/session/hand-over";
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
    const gone = { ...CONSENT, id: "c2", status: "revoked", revokedAt: "2026-11-21T10:00:00Z", revokedReason: "Moved away", revokedBy: "dana", revokedByName: "Dana Weber" };
    serve({ [LIST]: { body: { consents: [CONSENT, gone] } } });
    show(<ConsentTab patient={PATIENT} />);
    const [given, revoked] = await screen.findAllByRole("listitem").then((all) => all.filter((it) => it.querySelector("h3")));
    expect(given && within(given).getByRole("button", { name: "Revoke" })).toBeDefined();
    expect(revoked?.textContent).toMatch(/No longer valid: revoked by Dana Weber, .*\. Reason: Moved away/);
    expect(revoked && within(revoked).queryByRole("button", { name: "Revoke" })).toBeNull();
  });
});

describe("the dialog that records a consent", () => {
  async function open(routes: Parameters<typeof serve>[0] = {}) {
    const server = serve({ [LIST]: { body: { consents: [] } }, [FORM]: { body: CONSENT_FORM }, ...routes });
    const shown = show(<ConsentTab patient={PATIENT} />, { path: "/patients/p1/consent?record=1" });
    await dialog().findByText(/^Hand the device to the person/);
    return { server, ...shown };
  }
  const submit = () => dialog().getByRole("button", { name: /^(Record|Hand over)/ });

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

  describe("N6: in the hands of the person who signs", () => {
    const CONFIRM = "POST /api/v1/session/confirmation";
    const SESSION = "GET /api/v1/session";
    const SIGN_IN = "POST /api/v1/session";
    const sheet = () => within(document.querySelector<HTMLElement>("[data-react-aria-top-layer]") ?? document.body);
    async function hand(routes: Parameters<typeof serve>[0] = {}) {
      const shown = await open({ [HAND_OVER]: { status: 204 }, [SESSION]: { body: ME }, ...routes });
      await shown.user.click(submit());
      await sheet().findByRole("heading", { name: "Photography", level: 1 });
      return shown;
    }
    afterEach(() => takeBack());

    it("waits for the server, which knows of the hand-over, and says when it could not be told", async () => {
      const answer = later({ status: 204 });
      const { user, server } = await open({ [HAND_OVER]: refusal(503, "busy") });
      await user.click(submit());
      await dialog().findByRole("alert");
      expect(document.querySelector("[data-react-aria-top-layer]")).toBeNull();
      server.answer(HAND_OVER, answer.handler);
      await user.click(submit());
      expect(document.querySelector("[data-react-aria-top-layer]")).toBeNull();
      answer.release();
      await sheet().findByRole("heading", { name: "Photography", level: 1 });
      expect(server.to(HAND_OVER).map((it) => it.body)).toEqual([{ patientId: "p1" }, { patientId: "p1" }]);
    });

    it("asks for nothing of the record before the device is back, and then lets the photos go on that waited", async () => {
      const goOn = vi.spyOn(uploads, "consentGiven").mockReturnValue(true);
      const { user, server, place } = await hand({ [RECORD]: { status: 201, body: CONSENT }, [CONFIRM]: { status: 204 } });
      const before = server.to(LIST).length;
      act(() => FakePad.latest?.draw(120));
      await user.click(sheet().getByRole("button", { name: "I agree and sign" }));
      await sheet().findByRole("heading", { name: "Thank you. Your consent is recorded." });
      expect(server.to(LIST)).toHaveLength(before);
      expect(goOn).not.toHaveBeenCalled();
      await user.type(sheet().getByLabelText("Password"), "Correct-Horse7battery");
      await user.click(sheet().getByRole("button", { name: "Return to the record" }));
      await waitFor(() => expect(goOn).toHaveBeenCalledWith("p1"));
      await waitFor(() => expect(server.to(LIST).length).toBeGreaterThan(before));
      await waitFor(() => expect(place.history.at(-1)).toBe("/patients/p1"));
      goOn.mockRestore();
    });

    it("is the form as a document and nothing else: the rest is inert, and a reload leads no further", async () => {
      await hand();
      expect(sheet().getByRole("heading", { name: "Why", level: 2 })).toBeDefined();
      expect(sheet().getByRole("group", { name: "What I agree to" })).toBeDefined();
      expect(sheet().getAllByText("What I agree to")).toHaveLength(1);
      for (const element of document.body.children) {
        if (element instanceof HTMLElement && !element.dataset.reactAriaTopLayer) expect(element.inert, element.outerHTML.slice(0, 80)).toBe(true);
      }
      expect(localStorage.getItem("cutis.hand-over")).toBe("1");
    });

    it("N3: records no blank signature, a drawn one as it was drawn, and returns by the password only", async () => {
      const scrolled = vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(() => undefined);
      const { user, server, place } = await hand({ [RECORD]: { status: 201, body: CONSENT }, [CONFIRM]: refusal(401, "sign_in_failed") });
      const sign = () => sheet().getByRole("button", { name: "I agree and sign" });
      await user.click(sign());
      expect(sheet().getByText("Draw your signature above.").getAttribute("role")).toBe("alert");
      expect(document.activeElement?.getAttribute("data-invalid")).toBe("true");
      expect(scrolled).toHaveBeenCalled();
      expect(server.to(RECORD)).toEqual([]);
      await user.click(sheet().getByRole("checkbox", { name: /^Teaching/ }));
      act(() => FakePad.latest?.draw(120));
      await user.click(sign());
      await sheet().findByRole("heading", { name: "Thank you. Your consent is recorded." });
      expect(server.to(RECORD).map((it) => it.body)).toMatchObject([
        {
          version: 3,
          purposes: ["clinical_record", "teaching"],
          method: { kind: "digital", strokes: [[{ x: 0, y: 10, t: 0 }, { x: 120, y: 10, t: 400 }]] },
          signerName: "Mara Lindqvist",
        },
      ]);
      await user.keyboard("{Escape}");
      await user.type(sheet().getByLabelText("Password"), "wrong");
      await user.click(sheet().getByRole("button", { name: "Return to the record" }));
      await sheet().findByText("Incorrect password");
      expect(localStorage.getItem("cutis.hand-over")).toBe("1");
      server.answer(CONFIRM, { status: 204 });
      await user.type(sheet().getByLabelText("Password"), "Correct-Horse7battery");
      await user.click(sheet().getByRole("button", { name: "Return to the record" }));
      await waitFor(() => expect(place.history.at(-1)).toBe("/patients/p1/consent"));
      expect(server.to(CONFIRM).map((it) => it.body)).toEqual([{ password: "wrong" }, { password: "Correct-Horse7battery" }]);
      expect(localStorage.getItem("cutis.hand-over")).toBeNull();
      expect([...document.body.children].filter((it) => it instanceof HTMLElement && it.inert)).toEqual([]);
    });

    it("returns to the dialog without a consent when the person does not want to sign", async () => {
      const { user, server } = await hand({ [CONFIRM]: { status: 204 } });
      act(() => FakePad.latest?.draw(120));
      await user.click(sheet().getByRole("button", { name: "I do not want to sign" }));
      await sheet().findByRole("heading", { name: "Nothing was recorded." });
      await user.type(sheet().getByLabelText("Password"), "Correct-Horse7battery");
      await user.click(sheet().getByRole("button", { name: "Return to the record" }));
      await screen.findByText("The consent was not signed.");
      expect(submit().textContent).toBe("Hand over for signing");
      expect(server.to(RECORD)).toEqual([]);
    });

    const giveBack = async (user: Awaited<ReturnType<typeof hand>>["user"]) => {
      await user.type(sheet().getByLabelText("Password"), "Correct-Horse7battery");
      await user.click(sheet().getByRole("button", { name: "Return to the record" }));
    };
    const CREDENTIALS = { username: "amal.okafor", password: "Correct-Horse7battery" };

    it("when the session has ended, says so to the patient, keeps the signature, and records it once the clinician signed in again", async () => {
      const { user, server, place } = await hand({ [RECORD]: refusal(401, "unauthenticated"), [SIGN_IN]: { status: 201, body: ME } });
      act(() => FakePad.latest?.draw(120));
      await user.click(sheet().getByRole("button", { name: "I agree and sign" }));
      await sheet().findByRole("heading", { name: "Your consent could not be recorded." });
      await sheet().findByText(/What you chose and signed is kept here/);
      expect(sheet().getByText("Please give the device back")).toBeDefined();
      expect(sheet().getByText(/^For Amal Okafor: your session has ended/)).toBeDefined();
      expect(sheet().queryByRole("button", { name: "Try again" })).toBeNull();
      server.answer(RECORD, { status: 201, body: CONSENT });
      await giveBack(user);
      await waitFor(() => expect(place.history.at(-1)).toBe("/patients/p1/consent"));
      expect(server.to(SIGN_IN).map((it) => it.body)).toEqual([CREDENTIALS]);
      expect(server.to(CONFIRM)).toEqual([]);
      const [first, second, ...more] = server.to(RECORD).map((it) => it.body);
      expect(more).toEqual([]);
      expect(second).toEqual(first);
      expect(second).toMatchObject({ method: { strokes: [[{ x: 0 }, { x: 120 }]] } });
      expect(screen.queryByText("The consent was not signed.")).toBeNull();
      expect(screen.getByText("The consent was recorded.")).toBeDefined();
      expect(localStorage.getItem("cutis.hand-over")).toBeNull();
    });

    it("when it fails again in the new session, hands that one over too and keeps the signature", async () => {
      const { user, server, place } = await hand({ [RECORD]: refusal(401, "unauthenticated"), [SIGN_IN]: { status: 201, body: ME } });
      act(() => FakePad.latest?.draw(120));
      await user.click(sheet().getByRole("button", { name: "I agree and sign" }));
      await sheet().findByText(/What you chose and signed is kept here/);
      server.answer(RECORD, refusal(503, "busy"));
      await giveBack(user);
      await sheet().findByRole("button", { name: "Try again" });
      await waitFor(() => expect(server.to(HAND_OVER)).toHaveLength(2));
      expect(localStorage.getItem("cutis.hand-over")).toBe("1");
      server.answer(RECORD, { status: 201, body: CONSENT });
      server.answer(CONFIRM, { status: 204 });
      await user.click(sheet().getByRole("button", { name: "Try again" }));
      await sheet().findByRole("heading", { name: "Thank you. Your consent is recorded." });
      await giveBack(user);
      await waitFor(() => expect(place.history.at(-1)).toBe("/patients/p1/consent"));
      expect(server.to(CONFIRM)).toHaveLength(1);
    });

    it("when nothing was recorded and the session has ended, the right password leads back all the same", async () => {
      const { user, server } = await hand({ [CONFIRM]: refusal(401, "unauthenticated"), [SIGN_IN]: refusal(401, "sign_in_failed") });
      await user.click(sheet().getByRole("button", { name: "I do not want to sign" }));
      await giveBack(user);
      await sheet().findByText("Incorrect password");
      server.answer(SIGN_IN, { status: 201, body: ME });
      await giveBack(user);
      await screen.findByText("The consent was not signed.");
      expect(server.to(SIGN_IN).map((it) => it.body)).toEqual([CREDENTIALS, CREDENTIALS]);
      expect(server.to(CONFIRM)).toHaveLength(1);
      expect(server.to(RECORD)).toEqual([]);
    });

    it("F11: shows the record only once it is here with its consent", async () => {
      const { user, server, place } = await hand({ [RECORD]: { status: 201, body: CONSENT }, [CONFIRM]: { status: 204 } });
      act(() => FakePad.latest?.draw(120));
      await user.click(sheet().getByRole("button", { name: "I agree and sign" }));
      await sheet().findByRole("heading", { name: "Thank you. Your consent is recorded." });
      const answer = later({ body: { consents: [CONSENT] } });
      server.answer(LIST, answer.handler);
      await giveBack(user);
      await sheet().findByText("The record opens in a moment.");
      expect(document.querySelector("[data-react-aria-top-layer]")).not.toBeNull();
      answer.release();
      await waitFor(() => expect(document.querySelector("[data-react-aria-top-layer]")).toBeNull());
      await waitFor(() => expect(place.history.at(-1)).toBe("/patients/p1/consent"));
    });

    it("says when it could not be recorded, and tries again without asking for another signature", async () => {
      const { user, server } = await hand({ [RECORD]: refusal(503, "busy") });
      act(() => FakePad.latest?.draw(120));
      await user.click(sheet().getByRole("button", { name: "I agree and sign" }));
      await sheet().findByRole("heading", { name: "Your consent could not be recorded." });
      server.answer(RECORD, { status: 201, body: CONSENT });
      await user.click(sheet().getByRole("button", { name: "Try again" }));
      await sheet().findByRole("heading", { name: "Thank you. Your consent is recorded." });
    });
  });

  it("shows a refusal at its field; what the record needs can't be left out", async () => {
    const { user } = await open({ [RECORD]: refusal(422, "invalid", { "method.notes": "Enter how the consent was given." }) });
    await user.click(dialog().getByRole("radio", { name: /^Another way/ }));
    expect((dialog().getByRole("checkbox", { name: /^Record/ }) as HTMLInputElement).disabled).toBe(true);
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
