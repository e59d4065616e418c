// The key flow with nothing but a keyboard.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { chooserFrom, holdBack, openBrowser, openPage, tabTo } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { startServer } from "./server.mjs";
import { createPatient, discard, enter, fillConsent, inDialog, PERSON, signOut, tab, viewing } from "./steps.mjs";

describe("keyboard only", () => {
  let server;
  let browser;

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("WCAG 2.1.1: signs in, makes a patient, records a consent, adds photos and looks at them", async () => {
    const opened = await openPage(browser, { size: "desktop" });
    const { page } = opened;
    const { keyboard } = page;
    await enter(page, server);
    await signOut(page);

    // Sign in: the first field has the focus.
    await page.waitForFunction(() => document.activeElement?.tagName === "INPUT");
    await keyboard.type(PERSON.username);
    await tabTo(page, "Password");
    await keyboard.type(PERSON.password);
    await keyboard.press("Enter");
    await page.getByRole("heading", { name: "Patients", level: 1 }).waitFor();

    // The skip link comes first and leads into the page.
    await page.reload();
    await page.getByRole("heading", { name: "Patients", level: 1 }).waitFor();
    await tabTo(page, "Skip to content", 1);
    await keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement?.id === "content");

    // A patient. Escape closes the dialog and gives the focus back.
    await tabTo(page, "New patient");
    await keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await inDialog(page);
    await keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.waitForFunction(() => document.activeElement?.textContent?.includes("New patient"));
    await keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "uniqueId");
    await keyboard.type("keys-only");
    await keyboard.press("Enter");
    await page.getByRole("heading", { name: "keys-only" }).waitFor();

    // A record opens with its visits; the photos are beside them.
    await tabTo(page, "All photos");
    await keyboard.press("Enter");
    // A consent that was given on paper: the way for whoever can't draw.
    await page.getByRole("button", { name: "Record consent" }).first().waitFor();
    await tabTo(page, "Record consent");
    await keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByText(/^Hand the device to the person/).waitFor();
    await inDialog(page);
    await tabTo(page, /^Sign on this device/);
    await keyboard.press("ArrowDown");
    await dialog.getByLabel("Describe how and when").waitFor();
    await tabTo(page, "Describe how and when");
    await keyboard.type("Signed form in folder B.");
    await tabTo(page, "Name of the person");
    await keyboard.type("Kim Keys");
    await tabTo(page, "Record consent");
    await keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await page.getByText("Consent given").first().waitFor();

    // Photos: the file chooser is the system's own.
    const parts = page.getByRole("navigation", { name: "Parts of the patient record" });
    await page.evaluate(() => document.getElementById("content")?.focus());
    await tabTo(page, "All photos");
    await keyboard.press("Enter");
    await page.getByRole("heading", { name: "No photos yet" }).waitFor();
    await tabTo(page, "Add photos");
    const chooser = await chooserFrom(page, () => keyboard.press("Enter"));
    const good = (await photos(page)).filter((it) => !it.isBad && /\.(jpe?g|png)$/i.test(it.name)).slice(0, 4);
    await chooser.setFiles(good.map((it) => it.path));
    await page.getByRole("region", { name: "Photos added" }).waitFor({ timeout: 180_000 });
    await page.locator("[data-cell]").first().waitFor();
    assert.ok((await parts.getByRole("link", { name: "Photos" }).getAttribute("aria-current")) === "page");

    // The grid is one stop; the arrow keys move inside it.
    await page.evaluate(() => document.getElementById("content")?.focus());
    await tabTo(page, /^Photo 1 of /);
    const first = await page.evaluate(() => document.activeElement?.getAttribute("data-cell"));
    assert.ok(first);
    const focused = (wanted, isIt) => page.waitForFunction(([id, is]) => (document.activeElement?.getAttribute("data-cell") === id) === is, [wanted, isIt]);
    await keyboard.press("ArrowRight");
    await focused(first, false);
    const second = await page.evaluate(() => document.activeElement?.getAttribute("data-cell"));
    assert.ok(second);
    await keyboard.press("Home");
    await focused(first, true);

    // The viewer: next, zoom, back to the photo that was viewed last.
    await keyboard.press("Enter");
    await viewing(page, 1);
    await keyboard.press("ArrowRight");
    await page.getByRole("dialog").getByText(/^2 of /).waitFor();
    await keyboard.press("+");
    await keyboard.press("ArrowDown");
    await page.getByRole("dialog").getByText(/^2 of /).waitFor();
    await keyboard.press("0");
    await keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.waitForFunction((id) => document.activeElement?.getAttribute("data-cell") === id, second);

    // Sign out from the menu.
    await tabTo(page, /^Account:/, 120);
    await keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
    await page.waitForFunction(() => document.activeElement?.closest("[role=menu]"));
    await keyboard.press("End");
    await keyboard.press("Enter");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await opened.close();
  });

  it("keeps a press on Add photos when the answer for a dialog that was closed comes in the middle of it", async () => {
    const opened = await openPage(browser, { size: "desktop" });
    const { page } = opened;
    const { keyboard } = page;
    await enter(page, server);
    await createPatient(page, "late-answer");
    const dialog = await fillConsent(page, "Kim Keys");
    const patient = await holdBack(page, /\/api\/v1\/patients\/[^/?]+$/);
    await dialog.getByRole("button", { name: "Record consent" }).press("Enter");
    await patient.asked;
    await keyboard.press("Escape");
    await discard(page);
    await dialog.waitFor({ state: "detached" });

    await tab(page, "Photos").press("Enter");
    await page.getByRole("heading", { name: "No photos yet" }).waitFor();
    await page.evaluate(() => document.getElementById("content")?.focus());
    await tabTo(page, "Add photos");
    await chooserFrom(page, async () => {
      await keyboard.down("Enter");
      patient.release();
      await page.getByText("The consent was recorded.").waitFor();
      await keyboard.up("Enter");
    });
    assert.equal(await tab(page, "Photos").getAttribute("aria-current"), "page");
    await opened.close();
  });

  it("stays where the person went when the answer for a dialog of a new patient that was closed comes late", async () => {
    const opened = await openPage(browser, { size: "desktop" });
    const { page } = opened;
    await enter(page, server);
    await page.getByRole("button", { name: "New patient" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Unique ID").fill("late-patient");
    const patients = await holdBack(page, /\/api\/v1\/patients$/);
    await dialog.getByRole("button", { name: "Create patient" }).press("Enter");
    await patients.asked;
    await page.keyboard.press("Escape");
    await discard(page);
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("link", { name: "My activity" }).click();
    patients.release();
    // It was created all the same, and that is told.
    await page.getByText("Patient late-patient was created.").waitFor();
    assert.equal(new URL(page.url()).pathname, "/activity");
    await opened.close();
  });
});
