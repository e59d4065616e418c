// R0, F1: what a person typed is never lost, and an ended session shows nothing of a patient.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, eventually, openBrowser, openPage, PATIENCE_MS, screenshot, shoot, slowDown } from "./browser.mjs";
import { startServer } from "./server.mjs";
import { createPatient, enter, inDialog, PERSON, tab } from "./steps.mjs";

const BEN = { username: "ben.colleague", password: "Correct-Horse8battery" };

/** The session ends on the server, as when another device signs this one out; the page hears of it at its next request. */
const endSession = (page) => page.evaluate(async () => fetch("/api/v1/session", { method: "DELETE" }));
const sheet = (page) => page.getByRole("dialog", { name: "Sign in again" });
const question = (page) => page.getByRole("alertdialog", { name: "Discard changes?" });

async function signInAgain(page, password = PERSON.password) {
  await sheet(page).getByLabel("Password", { exact: true }).fill(password);
  await sheet(page).getByRole("button", { name: "Sign in" }).click();
}

/** Nothing but the sheet can be seen, reached or heard. */
async function checkCovered(page, words) {
  await eventually(async () => assert.equal(await page.getByText(words).filter({ visible: true }).count(), 0, "nothing of the patient is visible"));
  const reachable = await page.evaluate(() => {
    const outside = [];
    for (let x = 5; x < innerWidth; x += 40) for (let y = 5; y < innerHeight; y += 40) {
      const found = document.elementFromPoint(x, y);
      if (found !== document.body && !found?.closest("[data-react-aria-top-layer]")) outside.push(found?.outerHTML.slice(0, 80));
    }
    return outside;
  });
  assert.deepEqual(reachable, [], "the sheet is everywhere on top");
  const tree = await page.locator("body").ariaSnapshot();
  assert.doesNotMatch(tree, words, "nothing of the patient is read aloud");
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press("Tab");
    const isInside = await page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest("[data-react-aria-top-layer]") !== null);
    assert.ok(isInside, "the Tab key stays on the sheet");
  }
}

describe("typing is never lost", () => {
  let server;
  let browser;
  let opened;
  let page;

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser, { bypassCSP: true });
    page = opened.page;
    await enter(page, server);
    await createPatient(page, "kept-1", { "First name": "Elsa", "Last name": "Lindqvist" });
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("R0: a session that ends while someone types: the sheet comes up, the same person goes on and saves", async () => {
    await tab(page, "Details").click();
    await page.getByRole("button", { name: "Edit" }).click();
    const dialog = page.getByRole("dialog", { name: "Edit details" });
    await dialog.getByLabel("Allergies").fill("Penicillin, typed before the end");
    // The live connection tells at once; nothing has to be pressed.
    await endSession(page);
    await sheet(page).getByText("Your session has ended. It may have been ended on another device.").waitFor();
    await page.waitForFunction(() => document.title === "Sign in again · Cutis");
    await checkCovered(page, /Lindqvist|kept-1|Penicillin/);
    await checkAccessibility(page, "sign in again");
    await shoot(page, "sign-in-again");
    await screenshot(page, "sign-in-again");

    // Shortcuts, Escape and Back do not reach the page beneath.
    await page.keyboard.press("Escape");
    await page.goBack();
    await signInAgain(page);
    await sheet(page).waitFor({ state: "detached" });
    assert.equal(await dialog.getByLabel("Allergies").inputValue(), "Penicillin, typed before the end");
    await page.waitForFunction(() => document.title === "Patient · Cutis");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("The details were saved.").waitFor();
    await page.getByRole("definition").filter({ hasText: "Penicillin, typed before the end" }).waitFor();
  });

  it("R0: what a wrong password does: it is told, and the page is still there", async () => {
    await tab(page, "Visits").click();
    await page.getByRole("button", { name: "New visit" }).first().click();
    const notes = page.getByRole("textbox", { name: "Notes" });
    await notes.pressSequentially("Half a sentence");
    // The live connection ends with the session, before the end of the sentence was stored, and with it the sheet comes up.
    await endSession(page);
    await signInAgain(page, "not-the-password");
    await sheet(page).getByText("Incorrect username or password").waitFor();
    await signInAgain(page);
    await sheet(page).waitFor({ state: "detached" });
    // The focus is where it was.
    await page.waitForFunction(() => document.activeElement?.tagName === "TEXTAREA");
    assert.equal(await notes.inputValue(), "Half a sentence");
    await page.getByTestId("save-status").getByText(/^Saved \d/).waitFor();
    await page.getByRole("link", { name: /^All visits/ }).click();
    await page.getByText("Half a sentence").waitFor();
  });

  it("R0: Escape, the close button, Cancel, Back, a link and signing out ask before anything typed is lost", async () => {
    await tab(page, "Details").click();
    await page.getByRole("button", { name: "Edit" }).click();
    const dialog = page.getByRole("dialog", { name: "Edit details" });
    await dialog.getByLabel("Gender").fill("Almost lost");
    const ways = [
      () => page.keyboard.press("Escape"),
      () => dialog.getByRole("button", { name: "Close" }).click(),
      () => dialog.getByRole("button", { name: "Cancel" }).click(),
      () => page.evaluate(() => history.back()),
    ];
    for (const way of ways) {
      await inDialog(page);
      await way();
      await question(page).waitFor();
      await question(page).getByRole("button", { name: "Keep editing" }).click();
      await question(page).waitFor({ state: "detached" });
      assert.equal(await dialog.getByLabel("Gender").inputValue(), "Almost lost");
      await page.waitForFunction(() => location.pathname.endsWith("/details"));
    }
    await inDialog(page);
    await page.keyboard.press("Escape");
    await question(page).waitFor();
    await checkAccessibility(page, "discard changes");
    await shoot(page, "discard-changes");
    await question(page).getByRole("button", { name: "Discard changes" }).click();
    await dialog.waitFor({ state: "detached" });
    // What was not changed is closed without a question.
    await page.getByRole("button", { name: "Edit" }).click();
    await inDialog(page);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });

    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByLabel("Name of the practice").fill("Another name");
    await page.getByRole("link", { name: "My activity" }).click();
    await question(page).getByRole("button", { name: "Keep editing" }).click();
    assert.equal(new URL(page.url()).pathname, "/settings");
    await page.evaluate(() => history.back());
    await question(page).getByRole("button", { name: "Keep editing" }).click();
    assert.equal(await page.getByLabel("Name of the practice").inputValue(), "Another name");
    await page.getByRole("button", { name: /^Account:/ }).filter({ visible: true }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await question(page).getByRole("button", { name: "Keep editing" }).click();
    await page.getByRole("link", { name: "My activity" }).click();
    await question(page).getByRole("button", { name: "Discard changes" }).click();
    await page.getByRole("heading", { name: "My activity", level: 1 }).waitFor();
  });

  it("R0: leaving the page itself asks too", async () => {
    const state = await opened.context.storageState();
    const context = await browser.newContext({ ignoreHTTPSErrors: true, storageState: state });
    context.setDefaultTimeout(PATIENCE_MS);
    const other = await context.newPage();
    await slowDown(other);
    await other.goto(`${server.url}/settings`);
    await other.getByLabel("Name of the practice").fill("Not saved");
    const asked = new Promise((resolve) => {
      other.once("dialog", async (dialog) => {
        resolve(dialog.type());
        await dialog.accept();
      });
    });
    await other.close({ runBeforeUnload: true });
    assert.equal(await asked, "beforeunload");
    await context.close();
  });

  it("R0: uploads that were on their way wait, and continue for the same person", async () => {
    await page.goto(`${server.url}/patients`);
    await page.getByRole("link", { name: /Lindqvist/ }).click();
    await tab(page, "Photos").click();
    // The consent is missing, so the files wait in the queue.
    const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
    await page.getByTestId("files").setInputFiles({ name: "waits.png", mimeType: "image/png", buffer: png });
    await page.getByText("Consent required").waitFor();
    // The live connection tells at once.
    await endSession(page);
    await sheet(page).waitFor();
    await checkCovered(page, /waits\.png|Lindqvist/);
    await signInAgain(page);
    await page.getByTitle("waits.png").waitFor();
    await tab(page, "Activity").click();
    await page.getByText("recorded a").or(page.getByText("viewed")).first().waitFor();
  });

  it("A10: another account starts afresh and sees none of it", async () => {
    server.addAccount(BEN.username, BEN.password);
    await tab(page, "Details").click();
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByRole("dialog", { name: "Edit details" }).getByLabel("Gender").fill("Only Amal may know this");
    await endSession(page);
    await sheet(page).getByLabel("Username or e-mail").fill(BEN.username);
    await signInAgain(page, BEN.password);
    await page.getByRole("heading", { name: "No patients yet" }).waitFor();
    assert.equal(new URL(page.url()).pathname, "/patients");
    await eventually(async () => {
      const everything = await page.evaluate(() => document.documentElement.outerHTML);
      assert.doesNotMatch(everything, /Lindqvist|Only Amal|waits\.png|kept-1|Penicillin/);
    });
    await page.goBack().catch(() => undefined);
    assert.equal(await page.getByText("Lindqvist").count(), 0);
    await opened.close();
  });

  for (const [theme, size] of [["dark", "ipadPortrait"], ["light", "phone"]]) {
    it(`the sheet, ${theme}, ${size}`, async () => {
      const other = await openPage(browser, { theme, size, bypassCSP: true });
      await enter(other.page, server);
      await endSession(other.page);
      // The live connection brings the sheet up, unless it is not there yet: then the next request does.
      await other.page.getByRole("link", { name: "My activity" }).click({ timeout: 2000 }).catch(() => undefined);
      await sheet(other.page).waitFor();
      await checkAccessibility(other.page, `sign in again, ${theme}, ${size}`);
      await shoot(other.page, `sign-in-again-${theme}-${size}`);
      await other.close();
    });
  }
});
