// What several tests do first.
import assert from "node:assert/strict";
import { eventually } from "./browser.mjs";

export const PERSON = { username: "amal.okafor", password: "Correct-Horse7battery", first: "Amal", last: "Okafor", practice: "Praxis am Lindenplatz" };

export const tab = (page, name) => page.getByRole("navigation", { name: "Parts of the patient record" }).getByRole("link", { name });

export async function setUp(page, server) {
  await page.goto(`${server.url}/setup?code=${server.setupCode}`);
  await page.getByRole("heading", { name: "Set up Cutis" }).waitFor();
  await page.getByLabel("Name of the practice").fill(PERSON.practice);
  await page.getByLabel("Time zone").selectOption("Europe/Berlin");
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByLabel("First name").fill(PERSON.first);
  await page.getByLabel("Last name").fill(PERSON.last);
  await page.getByLabel("Username").fill(PERSON.username);
  await page.getByLabel("Password", { exact: true }).fill(PERSON.password);
  await page.getByRole("button", { name: "Finish set-up" }).click();
  await page.getByRole("heading", { name: "Patients", level: 1 }).waitFor();
}

export async function signIn(page, server) {
  await page.goto(`${server.url}/`);
  await page.getByLabel("Username or e-mail").fill(PERSON.username);
  await page.getByLabel("Password", { exact: true }).fill(PERSON.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Patients", level: 1 }).waitFor();
}

/** Signed in, whether or not the server was set up before. */
export async function enter(page, server) {
  await page.goto(`${server.url}/`);
  const isNew = page.getByRole("heading", { name: "Set up Cutis" });
  const isIn = page.getByRole("heading", { name: "Patients", level: 1 });
  await isNew.or(isIn).or(page.getByRole("heading", { name: "Sign in" })).waitFor();
  if (await isIn.isVisible()) return;
  await ((await isNew.isVisible()) ? setUp(page, server) : signIn(page, server));
}

export async function signOut(page) {
  await page.getByRole("button", { name: /^Account:/ }).filter({ visible: true }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
}

export async function createPatient(page, uniqueId, fields = {}) {
  await page.getByRole("button", { name: "New patient" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Unique ID").fill(uniqueId);
  for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label, { exact: true }).fill(value);
  await dialog.getByRole("button", { name: "Create patient" }).click();
  await tab(page, "Photos").waitFor();
}

/** N6: the form in the hands of the person who signs; nothing else is there. */
export const handedOver = (page) => page.locator("[data-react-aria-top-layer] main");

/** From the dialog to the form that is handed over. */
export async function handOver(page) {
  await page.getByRole("dialog").getByRole("button", { name: "Hand over for signing" }).click();
  await handedOver(page).getByRole("button", { name: "I agree and sign" }).waitFor();
  return handedOver(page);
}

/** The device is back: only the password leads to the record. */
export async function takeBack(page) {
  await handedOver(page).getByLabel("Password", { exact: true }).fill(PERSON.password);
  await handedOver(page).getByRole("button", { name: "Return to the record" }).click();
  await handedOver(page).waitFor({ state: "detached" });
}

export async function drawSignature(page, dialog) {
  const canvas = dialog.getByTestId("signature");
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  await page.mouse.move(box.x + 60, box.y + 110);
  await page.mouse.down();
  for (let step = 1; step <= 40; step += 1) {
    await page.mouse.move(box.x + 60 + step * 6, box.y + 110 + Math.sin(step / 2) * 34);
  }
  await page.mouse.up();
}

/** Answers the question whether to discard what was typed (R0). */
export async function discard(page) {
  const question = page.getByRole("alertdialog", { name: "Discard changes?" });
  await question.getByRole("button", { name: "Discard changes" }).click();
  await question.waitFor({ state: "detached" });
}

/** The consent dialog with all that a consent given elsewhere needs, not sent yet. */
export async function fillConsent(page, name) {
  await tab(page, "Consent").click();
  await page.getByRole("button", { name: /^Record/ }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Another way", { exact: true }).click();
  await dialog.getByLabel("Describe how and when").fill("Signed form in folder B.");
  await dialog.getByLabel("Name of the person who consents").fill(name);
  return dialog;
}

/** The viewer shows the photo of that place, and hears the keys. */
export async function viewing(page, place) {
  await page.getByRole("dialog").getByText(new RegExp(`^${place} of `)).waitFor();
  await inDialog(page);
}

/** A dialog has the focus, and so hears Escape. */
export const inDialog = (page) => page.waitForFunction(() => document.activeElement?.closest("[role=dialog], [role=alertdialog]"));

export const uploadPanel = (page) => page.getByRole("region", { name: /^(Adding photos|Photos added|No photos added)$/ });

/** An action for the photos that are selected: in the bar, or in its menu where the bar is narrow. */
export async function act(page, name) {
  const bar = page.getByRole("toolbar", { name: "Actions for the selected photos" });
  const inBar = bar.getByRole("button", { name, exact: true });
  const menu = bar.getByRole("button", { name: /^(More|Actions)$/ });
  await menu.waitFor();
  if (await inBar.isVisible()) return inBar.click();
  await menu.click();
  return page.getByRole("menuitem", { name, exact: true }).click();
}

/** What has the focus, as a person would call it; "BODY" where nothing has it. */
export const focused = (page) =>
  page.evaluate(() => {
    const it = document.activeElement;
    return it === document.body ? "BODY" : (it.getAttribute("aria-label") ?? it.textContent).trim();
  });

/** Clears the list of uploads, also where it asks first because something was not added. */
export async function clearUploads(page) {
  const question = page.getByRole("alertdialog").getByRole("button", { name: "Clear list" });
  const panel = page.getByRole("button", { name: "Clear list" });
  await panel.first().click();
  await eventually(async () => {
    if ((await question.count()) > 0) await question.click();
    assert.equal(await panel.count(), 0);
  });
}
