// P2, P6, R0: a patient's details, on two devices at once.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, checkStorage, openBrowser, openPage, screenshot, shoot } from "./browser.mjs";
import { api, makePatient } from "./records.mjs";
import { checkReflow, textSize, WAYS } from "./reflow.mjs";
import { startServer } from "./server.mjs";
import { discard, enter, inDialog, signIn, tab } from "./steps.mjs";

const ALLERGIES = { before: "Penicillin", here: "Penicillin, latex", there: "Penicillin, nickel" };

const dialog = (page) => page.getByRole("dialog");
const field = (page, label) => dialog(page).getByLabel(label, { exact: true });
const press = (page, name) => dialog(page).getByRole("button", { name, exact: true }).click();
const amount = (page, words) => dialog(page).getByRole("status").filter({ hasText: words }).waitFor();

describe("a patient's details", () => {
  let server;
  let browser;
  let desk;
  let tablet;
  let patient;

  const edit = async (page) => {
    await page.goto(`${server.url}/patients/${patient}/details`);
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    await field(page, "Allergies").waitFor();
  };
  const held = async () => (await api(desk.page, "GET", `/patients/${patient}`)).body;

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    desk = await openPage(browser, { bypassCSP: true });
    await enter(desk.page, server);
    patient = await makePatient(desk.page, { uniqueId: "details-1", firstName: "Élodie", lastName: "Nguyễn", birthDate: "1978-06-14", allergies: ALLERGIES.before, mrn: "100" });
    tablet = await openPage(browser, { bypassCSP: true, size: "ipadPortrait" });
    await tablet.page.goto(server.url);
    await signIn(tablet.page, server);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("P6: each field says that it is not saved, and is undone by itself", async () => {
    const { page } = desk;
    await edit(page);
    await field(page, "Allergies").fill(ALLERGIES.here);
    await field(page, "Last name").fill("Nguyen");
    await field(page, "Year").fill("1981");
    await amount(page, "3 unsaved changes");
    await dialog(page).getByText("On record: Penicillin", { exact: true }).waitFor();
    await checkAccessibility(page, "unsaved details");
    await dialog(page).getByText("On record: Nguyễn").scrollIntoViewIfNeeded();
    await shoot(page, "details-unsaved");
    // A date is on record with its year, also where the columns are narrow.
    await page.setViewportSize({ width: 1024, height: 768 });
    const note = dialog(page).locator("p").filter({ hasText: "On record: 14 Jun 1978" });
    const [shown, whole] = await note.evaluate((it) => [it.clientHeight, it.scrollHeight]);
    assert.equal(shown, whole);
    await note.scrollIntoViewIfNeeded();
    await shoot(page, "details-unsaved-1024");
    await page.setViewportSize({ width: 1180, height: 820 });
    await screenshot(page, "details-unsaved");
    await dialog(page).getByRole("button", { name: "Undo Last name" }).click();
    await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "lastName");
    assert.equal(await field(page, "Last name").inputValue(), "Nguyễn");
    await dialog(page).getByRole("button", { name: "Undo Date of birth" }).click();
    await amount(page, "1 unsaved change");
    assert.equal(await field(page, "Year").inputValue(), "1978");
    await press(page, "Save");
    await page.getByText("The details were saved.").waitFor();
    assert.equal((await held()).allergies, ALLERGIES.here);
  });

  it("F10: every size, both themes and large text hold the marks", async () => {
    const { page } = desk;
    await edit(page);
    await field(page, "Allergies").fill("Kolophonium-Formaldehydharz-Verbindungen of every kind, and whatever else was said");
    await field(page, "First name").fill("Elodie");
    for (const way of WAYS) {
      await page.setViewportSize(way.size ?? { width: way.width, height: way.height });
      if (way.text) await textSize(page, way.text);
      await checkReflow(page, `unsaved details, ${way.name ?? JSON.stringify(way)}`);
      if (way.text) await textSize(page, 100);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    await dialog(page).getByText("On record: Élodie").scrollIntoViewIfNeeded();
    await shoot(page, "details-unsaved-narrow");
    await page.setViewportSize({ width: 1180, height: 820 });
    await press(page, "Discard changes");
    await page.getByRole("alertdialog", { name: "Discard changes?" }).getByRole("button", { name: "Keep editing" }).click();
    assert.equal(await field(page, "First name").inputValue(), "Elodie");
    await press(page, "Discard changes");
    await discard(page);
    assert.equal(await field(page, "First name").inputValue(), "Élodie");
    // Nothing is unsaved any more: it closes without a question.
    await press(page, "Cancel");
    await dialog(page).waitFor({ state: "detached" });
  });

  it("P6: two devices save different fields, and only the one that both changed is asked about", async () => {
    await edit(desk.page);
    await edit(tablet.page);
    await field(tablet.page, "Allergies").fill(ALLERGIES.there);
    await field(tablet.page, "Preferred name").fill("Lo");
    await press(tablet.page, "Save");
    await tablet.page.getByText("The details were saved.").waitFor();

    const { page } = desk;
    await field(page, "Allergies").fill("Penicillin, latex, wool");
    await field(page, "Pronouns").fill("she/her");
    await press(page, "Save");
    await dialog(page).getByText("Your other changes are saved.").waitFor();
    const choice = dialog(page).getByRole("group", { name: "Allergies" });
    assert.equal(await dialog(page).getByRole("group").count(), 1, "only the field that both changed");
    await checkAccessibility(page, "clash of two devices");
    await screenshot(page, "clash");
    await shoot(page, "details-clash");
    const between = await held();
    assert.deepEqual([between.pronouns, between.preferredName, between.allergies], ["she/her", "Lo", ALLERGIES.there]);
    await choice.getByRole("radio", { name: /^Yours/ }).check();
    await press(page, "Save my choices");
    await page.getByText("The details were saved.").waitFor();
    assert.equal((await held()).allergies, "Penicillin, latex, wool");
  });

  it("R0: what was typed survives a page that is loaded anew, a server that is away, and leaving asks", async () => {
    const { page } = desk;
    await page.goto(`${server.url}/patients/${patient}/visits`);
    await tab(page, "Details").click();
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    await field(page, "Allergies").fill("Penicillin, latex, wool, cobalt");
    // The browser asks, too, before it loads a page anew.
    page.removeAllListeners("dialog");
    page.on("dialog", (asked) => void asked.accept());
    await page.reload();
    await inDialog(page);
    assert.equal(await field(page, "Allergies").inputValue(), "Penicillin, latex, wool, cobalt");
    await amount(page, "1 unsaved change");
    await server.halt();
    await press(page, "Save");
    await dialog(page).getByText(/The server can't be reached/).waitFor();
    await server.resume();
    await page.goBack();
    await page.getByRole("alertdialog", { name: "Discard changes?" }).getByRole("button", { name: "Keep editing" }).click();
    await press(page, "Save");
    await page.getByText("The details were saved.").waitFor();
    assert.equal((await held()).allergies, "Penicillin, latex, wool, cobalt");
    // Nothing of it stays on the device in clear, and what was discarded does not come back.
    await checkStorage(page, { isSignedIn: true, words: /cobalt/ });
    await edit(page);
    await field(page, "Allergies").fill("nothing");
    await page.keyboard.press("Escape");
    await discard(page);
    await dialog(page).waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("button", { name: "Edit", exact: true }).waitFor();
    assert.equal(await dialog(page).count(), 0);
  });
});
