// The main job, from a new server to a photo viewed in full size.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, checkStorage, openBrowser, openPage, shoot } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { startServer } from "./server.mjs";
import { clearUploads, createPatient, discard, drawSignature, enter, handOver, PERSON, setUp, signIn, signOut, tab, takeBack, uploadPanel, viewing } from "./steps.mjs";
import { unpacked } from "./unpack.mjs";

/** A file's name without its ending. */
const HOSTILE = `<img src=x onerror=alert(1)>"'{{7*7}}`;

describe("the main job", () => {
  let server;
  let browser;
  let opened;
  let page;
  let files;
  let patientUrl;

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser);
    page = opened.page;
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("A2: the set-up code makes the first account, and leaves the address at once", async (t) => {
    await page.goto(server.url);
    const { needed } = await page.evaluate(async () => (await fetch("/api/v1/setup")).json());
    if (!needed) return t.skip("this server was set up before");
    await page.goto(`${server.url}/setup?code=${server.setupCode}`);
    await page.getByRole("heading", { name: "Set up Cutis" }).waitFor();
    await page.waitForFunction(() => location.search === "");
    // N1: `required` is preselected.
    await page.getByRole("radio", { name: /^Required/, checked: true }).waitFor();
    await shoot(page, "setup-practice");
    await setUp(page, server);
    await page.getByRole("heading", { name: "No patients yet" }).waitFor();
    await shoot(page, "patients-empty");
  });

  it("A1: signs out and in again; a wrong password is told without saying what was wrong", async () => {
    await enter(page, server);
    await signOut(page);
    assert.equal(new URL(page.url()).pathname, "/");
    await page.getByLabel("Username or e-mail").fill(PERSON.username);
    await page.getByLabel("Password", { exact: true }).fill("Wrong-Horse7battery");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Incorrect username or password").waitFor();
    await signIn(page, server);
  });

  it("P1: only a sound unique ID makes a patient, and no second one with the same", async () => {
    await page.getByRole("button", { name: "New patient" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Create patient" }).click();
    await dialog.getByText("Use 2–32 characters: a–z").waitFor();
    await dialog.getByLabel("Unique ID").fill("a b");
    await dialog.getByText("Use 2–32 characters: a–z").waitFor();
    await dialog.getByLabel("Unique ID").fill("  E2E-One ");
    await dialog.getByText("Will be saved as e2e-one").waitFor();
    await dialog.getByLabel("First name").fill(HOSTILE);
    await dialog.getByLabel("Last name").fill("Lindqvist");
    await shoot(page, "new-patient");
    await dialog.getByRole("button", { name: "Create patient" }).click();
    await page.getByRole("heading", { name: /Lindqvist/ }).waitFor();
    patientUrl = new URL(page.url()).pathname;
    // C35: what was typed is text and nothing else.
    assert.equal(await page.locator("img[src='x']").count(), 0);
    assert.ok((await page.getByRole("heading", { level: 1 }).textContent()).includes(HOSTILE));

    await page.getByRole("link", { name: "Patients", exact: true }).click();
    await page.getByRole("button", { name: "New patient" }).first().click();
    await dialog.getByLabel("Unique ID").fill("e2e-ONE");
    await dialog.getByRole("button", { name: "Create patient" }).click();
    await dialog.getByText("Enter a different ID; another of your patients has this one.").waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await discard(page);
  });

  it("P4: finds a patient by a part of the name, and says so when nobody matches", async () => {
    const search = page.getByRole("searchbox");
    await search.fill("NDQV");
    await page.getByText("1 patient found").waitFor();
    await search.fill("nobody-at-all");
    await page.getByRole("heading", { name: "No matching patients" }).waitFor();
    await page.getByRole("button", { name: "Clear search" }).click();
    await page.getByRole("link", { name: /Lindqvist/ }).click();
    await tab(page, "Photos").waitFor();
  });

  it("N1, N2: without a consent no photo enters; the upload waits and offers the form", async () => {
    await tab(page, "Photos").click();
    await page.getByText("Photos can be added only after a consent is recorded.").waitFor();
    files = await photos(page);
    assert.ok(files.length >= 5, "there are photos to upload");
    await page.getByTestId("files").setInputFiles(files.map((it) => it.path));
    await uploadPanel(page).getByText("Consent required").waitFor();
    assert.equal(await page.locator("[data-cell]").count(), 0);
    await shoot(page, "upload-held");
  });

  it("N3: a blank signature is not recorded, a drawn one is, and the upload goes on", async () => {
    await uploadPanel(page).getByRole("button", { name: "Record consent" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name of the person who consents").fill("Mara Lindqvist");
    const sheet = await handOver(page);
    await sheet.getByRole("button", { name: "I agree and sign" }).click();
    await sheet.getByText("Draw your signature above.").waitFor();
    await drawSignature(page, sheet);
    await sheet.getByText("Teaching", { exact: true }).click();
    assert.equal(await sheet.getByRole("checkbox", { name: /^Teaching/ }).isChecked(), true);
    await shoot(page, "consent-signed");
    await sheet.getByRole("button", { name: "I agree and sign" }).click();
    await sheet.getByText("Thank you. Your consent is recorded.").waitFor();
    await takeBack(page);
    await page.getByRole("region", { name: "Photos added" }).waitFor({ timeout: 180_000 });
  });

  it("I2: good files are in, each bad one is named with its reason", async () => {
    const rows = uploadPanel(page).getByRole("listitem");
    assert.equal(await rows.count(), files.length);
    const unique = new Set(files.filter((it) => !it.isBad).map((it) => it.sha256));
    for (const file of files) {
      const row = rows.filter({ has: page.getByText(file.name, { exact: true }) }).first();
      const words = await row.textContent();
      if (file.isBad) assert.match(words, /Not added: .{8,}/, `${file.name} is refused with a reason`);
      else assert.match(words, /Added|Already in this patient/, `${file.name} is stored: ${words}`);
    }
    await shoot(page, "upload-done");
    await clearUploads(page);
    await tab(page, "Photos").click();
    await page.getByText(`${unique.size} photo`).first().waitFor();
    await page.locator("[data-cell]").first().waitFor();
    await shoot(page, "pool");
  });

  it("I2: the same bytes once more are a duplicate", async () => {
    const good = files.find((it) => !it.isBad);
    await page.getByTestId("files").setInputFiles(good.path);
    await uploadPanel(page).getByText("Already in this patient's photos").waitFor();
    await clearUploads(page);
  });

  it("I1: views photos one after the other, near and far", async () => {
    await page.locator("[data-cell]").first().click();
    const viewer = page.getByRole("dialog");
    await viewing(page, 1);
    await page.waitForFunction(() => document.querySelector('[role="dialog"] img[alt^="Photo "]')?.naturalWidth > 0);
    const fit = await viewer.getByText(/ %$/).textContent();
    await page.keyboard.press("+");
    await page.keyboard.press("+");
    assert.notEqual(await viewer.getByText(/ %$/).textContent(), fit);
    await page.keyboard.press("0");
    assert.equal(await viewer.getByText(/ %$/).textContent(), fit);
    await page.keyboard.press("ArrowRight");
    await viewer.getByText(/^2 of /).waitFor();
    await page.keyboard.press("i");
    await viewer.getByText("SHA-256").waitFor();
    await shoot(page, "viewer");
  });

  it("I1: the original comes back byte for byte", async () => {
    await page.getByRole("button", { name: "Download original" }).click();
    const ask = page.getByRole("dialog", { name: "Download 1 photo" });
    await ask.getByLabel("Purpose").selectOption("Care in this practice");
    // Entered a moment ago, when the device was taken back from the patient.
    assert.equal(await ask.getByLabel("Your password", { exact: true }).count(), 0);
    const [saved] = await Promise.all([page.waitForEvent("download"), ask.getByRole("button", { name: "Download", exact: true }).click()]);
    const [[, digest], ...others] = unpacked(await saved.path());
    assert.deepEqual(others, []);
    assert.ok(files.some((it) => it.sha256 === digest), "what was uploaded");
    await ask.getByText("1 photo was sent").waitFor();
    await ask.getByRole("button", { name: "Close", exact: true }).last().click();
    await ask.waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.waitForFunction(() => document.activeElement?.hasAttribute("data-cell"));
  });

  it("I3: no derivative carries a place", async () => {
    await page.waitForFunction(() => document.querySelector("[data-cell] img")?.complete);
    const found = await page.evaluate(async () => {
      const urls = [...document.querySelectorAll("[data-cell] img")].map((it) => it.src);
      const hits = urls.length > 0 ? [] : ["no photo to look at"];
      for (const url of urls) {
        const text = new TextDecoder("latin1").decode(await (await fetch(url)).arrayBuffer());
        if (text.includes("Exif\0\0") || text.includes("http://ns.adobe.com/xap")) hits.push(url);
      }
      return hits;
    });
    assert.deepEqual(found, []);
  });

  it("I4: a lost connection is tried again and stores once", async () => {
    const before = Number(/\d+/.exec(await page.getByText(/^\d+ photos?$/).first().textContent())[0]);
    const bytes = await page.evaluate(async () => {
      const canvas = document.createElement("canvas");
      canvas.width = 640;
      canvas.height = 480;
      canvas.getContext("2d").fillRect(0, 0, 320, 480);
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
      return [...new Uint8Array(await blob.arrayBuffer())];
    });
    // In one piece at first, then in parts, which would go on inside the file; both under one key.
    const keys = [];
    await page.route("**/images", async (route) => {
      if (route.request().method() !== "POST") return route.continue();
      keys.push(await route.request().headerValue("idempotency-key"));
      return route.abort("connectionreset");
    });
    const seen = (request) => {
      if (request.method() === "PUT") keys.push(request.url().split("/").at(-2));
    };
    page.on("request", seen);
    await page.getByTestId("files").setInputFiles({ name: "retried.png", mimeType: "image/png", buffer: Buffer.from(bytes) });
    await page.getByRole("region", { name: "Photos added" }).waitFor();
    await page.unroute("**/images");
    page.off("request", seen);
    assert.equal(keys.length, 2);
    assert.equal(keys[0], keys[1]);
    await page.getByText(`${before + 1} photos`).first().waitFor();
    await clearUploads(page);
  });

  it("E1: a visit is added", async () => {
    await tab(page, "Visits").click();
    await page.getByRole("button", { name: "New visit" }).click();
    await page.getByLabel("Title").fill("First consultation");
    await page.getByRole("textbox", { name: "Notes" }).fill("Six by four millimetres.");
    await page.getByTestId("save-status").getByText(/^Saved \d/).waitFor();
    await page.getByRole("link", { name: /^All visits/ }).click();
    await page.getByRole("heading", { name: "First consultation" }).waitFor();
    await page.getByText("Six by four millimetres.").waitFor();
  });

  it("P6: a concurrent edit shows both values and loses none", async () => {
    await tab(page, "Details").click();
    await page.getByRole("button", { name: "Edit" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("First name").fill("Mara");
    const id = patientUrl.split("/")[2];
    const status = await page.evaluate(async (patientId) => {
      const path = `/api/v1/patients/${patientId}`;
      const { version } = await (await fetch(path)).json();
      const body = JSON.stringify({ version, firstName: "Other", lastName: "Person" });
      return (await fetch(path, { method: "PATCH", headers: { "content-type": "application/json" }, body })).status;
    }, id);
    assert.equal(status, 200);
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("This record changed while you were editing").waitFor();
    await dialog.getByText("Other", { exact: true }).waitFor();
    await dialog.getByRole("radio", { name: /^Yours/ }).check();
    await shoot(page, "conflict");
    await dialog.getByRole("button", { name: "Save my choices" }).click();
    await page.getByRole("heading", { name: "Mara Person" }).waitFor();
  });

  it("U5: the activity tells who did what", async () => {
    await tab(page, "Activity").click();
    const main = page.getByRole("main");
    // F4: in words, with the codes only on request.
    await main.getByText(/^Amal Okafor added (a photo|\d+ photos)/).first().waitFor();
    await main.getByText("Amal Okafor edited the details").first().waitFor();
    assert.equal(await main.getByText("patient.changed", { exact: true }).count(), 0);
    await main.getByLabel("Technical details: edited the details").first().click();
    await main.getByText("patient.changed", { exact: true }).first().waitFor();
    await shoot(page, "activity");
  });

  it("N4: a revoked consent stops new photos and stays in the history", async () => {
    await tab(page, "Consent").click();
    await page.getByRole("button", { name: "Revoke" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Revoke" }).click();
    await dialog.getByText("Enter a reason.").waitFor();
    await dialog.getByLabel("Reason").fill("The patient asked for it.");
    await dialog.getByRole("button", { name: "Revoke" }).click();
    await page.getByText("The patient asked for it.").waitFor();
    await tab(page, "Photos").click();
    await page.getByText("Photos can be added only after a consent is recorded.").waitFor();
  });

  it("A7: warns a minute before the session ends, and stays when asked to", async () => {
    const state = await opened.context.storageState();
    const other = await openPage(browser, { state });
    await other.page.clock.install();
    await other.page.goto(`${server.url}/patients`);
    await other.page.getByRole("heading", { name: "Patients", level: 1 }).waitFor();
    // An answer that is still on its way would count as contact after the clock was moved.
    await other.page.waitForLoadState("networkidle");
    await other.page.clock.runFor(14 * 60_000 + 1000);
    const warning = other.page.getByRole("alertdialog");
    await warning.getByText("Are you still there?").waitFor();
    await shoot(other.page, "idle-warning");
    await warning.getByRole("button", { name: "Stay signed in" }).click();
    await other.page.clock.runFor(2000);
    await warning.waitFor({ state: "detached" });
    await other.page.clock.runFor(16 * 60_000);
    await other.page.getByText("You were signed out after a period of inactivity.").waitFor();
    assert.equal(await other.page.getByText("Lindqvist").filter({ visible: true }).count(), 0);
    await other.close();
  });

  it("WCAG 2.2 AA: every page in both themes and on a phone", async () => {
    const state = await opened.context.storageState();
    for (const [theme, size] of [["light", "ipadLandscape"], ["dark", "ipadPortrait"], ["dark", "phone"], ["light", "desktop"]]) {
      const other = await openPage(browser, { state, theme, size, bypassCSP: true });
      const { page: view } = other;
      const look = async (path, ready, name) => {
        await view.goto(`${server.url}${path}`);
        await ready.waitFor();
        await checkAccessibility(view, `${name}, ${theme}, ${size}`);
        await shoot(view, `${name}-${theme}-${size}`);
      };
      await look("/patients", view.locator("a[href^='/patients/']").filter({ hasText: "e2e-one" }).first(), "patients");
      await look(`${patientUrl}/photos`, view.locator("[data-cell]").first(), "photos");
      await view.locator("[data-cell]").first().click();
      await viewing(view, 1);
      await view.keyboard.press("i");
      await checkAccessibility(view, `viewer, ${theme}, ${size}`);
      await look(`${patientUrl}/visits`, view.getByRole("heading", { name: "First consultation" }), "visits");
      await look(`${patientUrl}/consent`, view.getByText("The patient asked for it."), "consent");
      await look(`${patientUrl}/consent?record=1`, view.getByRole("button", { name: "Hand over for signing" }), "consent-form");
      await look(`${patientUrl}/details`, view.getByRole("button", { name: "Edit" }), "details");
      await view.getByRole("button", { name: "Edit" }).click();
      await view.getByRole("dialog").waitFor();
      await checkAccessibility(view, `edit details, ${theme}, ${size}`);
      await look(`${patientUrl}/activity`, view.getByText("viewed the consents").first(), "activity");
      await look("/activity", view.getByRole("heading", { name: "My activity" }), "my-activity");
      await look("/settings", view.getByLabel("Name of the practice"), "settings");
      await look("/devices", view.getByText("This device"), "devices");
      await look("/nothing-here", view.getByRole("heading", { level: 2 }), "not-found");
      await other.close();
    }
    for (const theme of ["light", "dark"]) {
      const other = await openPage(browser, { theme, bypassCSP: true });
      await other.page.goto(server.url);
      await other.page.getByRole("heading", { name: "Sign in" }).waitFor();
      await checkAccessibility(other.page, `sign-in, ${theme}`);
      await other.close();
    }
  });

  it("O2: an administrator changes a setting", async () => {
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByLabel("Sign out after inactivity (minutes)").fill("4");
    await page.getByText("Enter a whole number from 5 to 60.").waitFor();
    await page.getByLabel("Sign out after inactivity (minutes)").fill("20");
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText("The settings were saved.").waitFor();
    await page.reload();
    await page.getByLabel("Sign out after inactivity (minutes)").waitFor();
    assert.equal(await page.getByLabel("Sign out after inactivity (minutes)").inputValue(), "20");
  });

  it("A7: signing out everywhere ends this session too", async () => {
    await page.goto(`${server.url}/devices`);
    await page.getByRole("button", { name: "Sign out everywhere" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Sign out everywhere" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  });

  it("C35, C40: no error, no policy violation, nothing left in the browser", async () => {
    await signIn(page, server);
    await createPatient(page, "e2e-last");
    await checkStorage(page, { isSignedIn: true, words: /e2e-last/ });
    await signOut(page);
    await checkStorage(page);
    await opened.close();
  });
});
