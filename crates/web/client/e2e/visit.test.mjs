// E1–E5, D16, F8: the page of one visit, on one device and on two.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, eventually, openBrowser, openPage, screenshot, shoot, SIZES } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { addPhotos, api, makePatient } from "./records.mjs";
import { checkReflow, textSize, WAYS } from "./reflow.mjs";
import { startServer } from "./server.mjs";
import { enter, viewing } from "./steps.mjs";

const NOTES = "## Findings\nTwo papules of **5 mm**.\n\n- Dermoscopy repeated\n- Control in *six* weeks";

describe("the page of a visit", () => {
  let server;
  let browser;
  let opened;
  let page;
  let patient;
  let visit;
  let good;

  const path = () => `/patients/${patient}/visits/${visit}`;
  const status = (view = page) => view.getByTestId("save-status");
  const saved = (view = page) => status(view).getByText(/^Saved/).waitFor();
  const notes = (view = page) => view.getByRole("textbox", { name: "Notes" });
  const tiles = (view = page) => view.getByRole("main").locator("[data-cell]");
  const stored = async () => (await api(page, "GET", `/patients/${patient}/entries/${visit}`)).body;
  const open = async (view = page) => {
    await view.goto(server.url + path());
    await notes(view).waitFor();
  };

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser, { bypassCSP: true });
    page = opened.page;
    await enter(page, server);
    patient = await makePatient(page, { uniqueId: "visit-1", firstName: "Elsa", lastName: "Lindqvist", allergies: "Penicillin" });
    good = (await photos(page)).filter((it) => !it.isBad && /\.(jpe?g|png)$/i.test(it.name) && it.size < 3_000_000).slice(0, 6);
    await page.goto(`${server.url}/patients/${patient}/photos`);
    await addPhotos(page, good.slice(0, 5).map((it) => it.path));
    visit = (await api(page, "POST", `/patients/${patient}/entries`, { appointmentAt: "2026-11-20T10:00:00Z" })).body.id;
    await open();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("F7: says whose visit it is at the top, and its title names no patient", async () => {
    await page.getByRole("link", { name: /^All visits: Elsa Lindqvist/ }).waitFor();
    await page.getByTestId("stuck-allergies").getByText("Penicillin").waitFor();
    assert.equal(await page.title(), "Visit · Cutis");
    assert.match(await page.getByRole("heading", { level: 1 }).textContent(), /^Visit on 20 Nov 2026/);
  });

  it("E3: saves as it is typed, and says so in one place", async () => {
    await page.getByLabel("Title").fill("Naevus, left cheek");
    await notes().pressSequentially(NOTES);
    await saved();
    await eventually(async () => assert.equal((await stored()).title, "Naevus, left cheek"));
    await eventually(async () => assert.equal((await stored()).notes, NOTES));
    await page.reload();
    await notes().waitFor();
    assert.equal(await notes().inputValue(), NOTES);
    assert.equal(await page.getByLabel("Title").inputValue(), "Naevus, left cheek");
  });

  it("E1: the buttons write Markdown, which is shown formatted; Enter goes on with a list", async () => {
    await notes().press("Control+End");
    await notes().press("Enter");
    await notes().pressSequentially("Photos at each visit");
    assert.equal(await notes().inputValue(), `${NOTES}\n- Photos at each visit`);
    await notes().press("Shift+Home");
    await page.getByRole("toolbar", { name: "Formatting" }).getByRole("button", { name: "Bold" }).click();
    await eventually(async () => assert.match(await notes().inputValue(), /\*\*$/));
    // The browser's own undo takes it back.
    await notes().press("Control+z");
    await eventually(async () => assert.equal(await notes().inputValue(), `${NOTES}\n- Photos at each visit`));
    await page.getByRole("radio", { name: "Show formatted" }).click();
    const shown = page.getByTestId("rendered-notes");
    await shown.getByRole("heading", { name: "Findings" }).waitFor();
    assert.equal(await shown.getByRole("listitem").count(), 3);
    await page.getByRole("radio", { name: "Edit notes" }).click();
    const { inside, outside } = await notes().evaluate((it) => ({ inside: it.scrollHeight, outside: it.clientHeight }));
    assert.ok(inside <= outside + 1, `the text area is as high as its text: ${inside} of ${outside}`);
    await saved();
  });

  it("E4: photos are chosen from the patient's by day, several at once", async () => {
    await page.getByRole("button", { name: "Choose photos" }).click();
    const dialog = page.getByRole("dialog", { name: "Choose photos for this visit" });
    const boxes = dialog.getByRole("checkbox");
    await boxes.nth(4).waitFor();
    for (const at of [0, 1, 2]) await boxes.nth(at).check();
    await checkAccessibility(page, "the picker of photos");
    await screenshot(page, "visits-choose-photos");
    await dialog.getByRole("button", { name: "Add 3 photos" }).click();
    await dialog.waitFor({ state: "detached" });
    await eventually(async () => assert.equal(await tiles().count(), 3));
    await page.setViewportSize(SIZES.ipadPortrait);
    await screenshot(page, "visits-page");
    await page.setViewportSize(SIZES.ipadLandscape);
  });

  it("E4: photos that are added here are the patient's, and in the visit", async () => {
    await page.getByTestId("files").setInputFiles(good[5].path);
    await eventually(async () => assert.equal(await tiles().count(), 4));
    assert.equal((await api(page, "GET", `/patients/${patient}/images`)).body.total, 6);
  });

  it("E4: they are taken out with an undo, and stay with the patient", async () => {
    await page.getByRole("button", { name: "Select", exact: true }).click();
    await page.getByRole("checkbox").first().click();
    await page.getByRole("toolbar", { name: "Actions for the selected photos" }).getByRole("button", { name: "Remove from visit" }).click();
    await page.getByText("1 photo removed from the visit. It stays with the patient.").waitFor();
    await eventually(async () => assert.equal(await tiles().count(), 3));
    await page.getByRole("button", { name: "Undo" }).click();
    await eventually(async () => assert.equal(await tiles().count(), 4));
    assert.equal((await api(page, "GET", `/patients/${patient}/images`)).body.total, 6);
    await page.keyboard.press("Escape");
  });

  it("F11: the viewer shows the photos of the visit, and closing it is Back", async () => {
    await tiles().first().click();
    await viewing(page, 1);
    assert.match(new URL(page.url()).pathname, /\/visits\/[^/]+\/[^/]+$/);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.waitForFunction((address) => location.pathname === address, path());
  });

  it("E2, E4: sections, order and size are kept for this account", async () => {
    await page.getByRole("button", { name: "Comparisons", exact: true }).click();
    await page.getByRole("combobox", { name: "Order" }).selectOption("ascending");
    await page.getByRole("radio", { name: "Small" }).click();
    await eventually(async () => assert.deepEqual((({ sections, order, size }) => ({ sections, order, size }))(await stored()), { sections: { workspace: true, comparisons: false, notes: true }, order: "ascending", size: "small" }));
    await page.reload();
    await notes().waitFor();
    assert.equal(await page.getByRole("button", { name: "Comparisons", exact: true }).getAttribute("aria-expanded"), "false");
    await page.getByRole("button", { name: "Comparisons", exact: true }).click();
  });

  it("C1: comparisons are listed, and deleted after a question", async () => {
    const images = (await api(page, "GET", `/patients/${patient}/images`)).body.images.map((it) => it.id);
    assert.equal((await api(page, "POST", `/patients/${patient}/entries/${visit}/comparisons`, { mode: "split", images: images.slice(0, 2), title: "Cheek" })).status, 201);
    await page.reload();
    await page.getByRole("link", { name: /Cheek/ }).waitFor();
    await page.getByRole("button", { name: "Delete comparison: Cheek" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText(/^No comparisons yet/).waitFor();
  });

  it("E1: versions of the notes show what changed, and restoring one can be undone", async () => {
    const before = await notes().inputValue();
    await page.getByRole("button", { name: "Versions" }).click();
    const dialog = page.getByRole("dialog", { name: "Versions of the notes" });
    await dialog.getByRole("button", { name: /^Show the version/ }).first().waitFor();
    const each = dialog.getByRole("button", { name: "Show each change" });
    if (await each.isVisible()) await each.click();
    await dialog.getByRole("button", { name: /^Show the version/ }).nth(1).click();
    await dialog.getByRole("heading", { level: 3 }).waitFor();
    await checkAccessibility(page, "a version of the notes");
    await screenshot(page, "visits-versions");
    await dialog.getByRole("button", { name: "Restore this version" }).click();
    await page.getByText("The version was restored.").waitFor();
    await eventually(async () => assert.notEqual(await notes().inputValue(), before));
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Undone.").waitFor();
    await eventually(async () => assert.equal(await notes().inputValue(), before));
  });

  it("S1: a second device sees what is typed, and that the visit is open elsewhere", async () => {
    const place = async () => (await page.getByLabel("Title").boundingBox()).y;
    const before = await place();
    const other = await openPage(browser, { state: await opened.context.storageState() });
    await open(other.page);
    await page.getByText(/^Also open on /).waitFor();
    assert.equal(await place(), before, "nothing moves under a finger");
    await page.getByLabel("Title").fill("Naevus, right cheek");
    await eventually(async () => assert.equal(await other.page.getByLabel("Title").inputValue(), "Naevus, right cheek"));
    await other.close();
    await page.getByText(/^Also open on /).waitFor({ state: "hidden" });
  });

  it("R0, S1: what is typed while the server is away is kept, and stored when it is back", async () => {
    await notes().press("Control+End");
    await server.halt();
    await notes().pressSequentially("\nTyped offline.");
    await status().getByText(/^Offline, \d+ changes? kept on this device$/).first().waitFor();
    await shoot(page, "visit-offline");
    await server.resume();
    await saved();
    await eventually(async () => assert.match((await stored()).notes, /Typed offline\.$/));
  });

  it("F8: a clash is chosen by a person; nothing is preselected, and both can be kept", async () => {
    const other = await openPage(browser, { state: await opened.context.storageState() });
    await open(other.page);
    await other.context.setOffline(true);
    // The same line on both.
    await other.page.getByLabel("Title").fill("From the tablet");
    await page.getByLabel("Title").fill("From the desk");
    await page.getByLabel("Title").blur();
    await saved();
    await other.context.setOffline(false);
    await status(other.page).getByText("Needs your choice").first().waitFor();
    await other.page.getByRole("button", { name: "Choose", exact: true }).click();
    const dialog = other.page.getByRole("dialog");
    assert.equal(await dialog.getByRole("radio", { checked: true }).count(), 0);
    assert.equal(await dialog.getByRole("button", { name: "Save my choice" }).isDisabled(), true);
    await screenshot(other.page, "visits-clash");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await other.page.getByRole("button", { name: "Needs your choice" }).click();
    await dialog.getByRole("radio", { name: /^Keep mine/ }).check();
    await dialog.getByRole("button", { name: "Save my choice" }).click();
    await saved(other.page);
    await eventually(async () => assert.equal(await page.getByLabel("Title").inputValue(), "From the tablet"));
    await other.close();
  });

  for (const [theme, size] of [["light", "ipadLandscape"], ["dark", "ipadPortrait"], ["light", "phone"], ["dark", "phone"]]) {
    it(`WCAG 2.2 AA: ${theme}, ${size}`, async () => {
      const other = await openPage(browser, { state: await opened.context.storageState(), theme, size, bypassCSP: true });
      await open(other.page);
      await tiles(other.page).first().waitFor();
      await shoot(other.page, `visit-${theme}-${size}`);
      await checkAccessibility(other.page, `a visit, ${theme}, ${size}`);
      await other.close();
    });
  }

  for (const { name, size, text } of [...WAYS, { name: "200 % at 320 px", size: { width: 320, height: 640 }, text: 200 }]) {
    it(`WCAG 1.4.4, 1.4.10: ${name}`, async () => {
      const other = await openPage(browser, { state: await opened.context.storageState(), size: "phone" });
      await other.page.setViewportSize(size);
      await textSize(other.page, text);
      await open(other.page);
      await tiles(other.page).first().waitFor();
      await shoot(other.page, `visit-${size.width}-${text}`);
      await checkReflow(other.page, "a visit");
      await other.close();
    });
  }

  it("E5: a signed visit offers no control that would change it, here and on the other device, and its comparison is looked at only", async () => {
    const entries = `/patients/${patient}/entries`;
    const signing = (await api(page, "POST", entries, { appointmentAt: "2026-11-10T10:00:00Z", title: "To be signed" })).body.id;
    const images = (await api(page, "GET", `/patients/${patient}/images`)).body.images.slice(0, 2).map((it) => it.id);
    await api(page, "POST", `${entries}/${signing}/workspace`, { add: images });
    const group = (await api(page, "POST", `${entries}/${signing}/comparisons`, { mode: "side_by_side", title: "Left cheek", images })).body.id;
    const at = `${server.url}/patients/${patient}`;
    const other = await openPage(browser, { state: await opened.context.storageState() });
    await other.page.goto(`${at}/compare/${group}`);
    await other.page.getByRole("button", { name: "Draw", exact: true }).waitFor();
    await page.goto(`${at}/visits/${signing}`);
    await page.getByRole("button", { name: "Sign visit" }).click();
    await page.getByRole("alertdialog", { name: "Sign this visit?" }).getByRole("button", { name: "Sign", exact: true }).click();
    await page.getByText(/^Signed by Amal Okafor, /).waitFor();
    const main = page.getByRole("main");
    for (const name of ["Choose photos", "Add photos", "Sign visit", /Tags of this visit/, /^Delete/]) assert.equal(await main.getByRole("button", { name }).count(), 0, String(name));
    assert.equal(await main.getByRole("link", { name: "Camera", exact: true }).count(), 0);
    // The other device was not touched meanwhile.
    await other.page.getByText(/^The visit is signed, so this comparison can no longer be changed\./).waitFor();
    assert.equal(await other.page.getByRole("button", { name: "Draw", exact: true }).count(), 0);
    const before = await other.page.locator("output").textContent();
    await other.page.getByRole("button", { name: "Zoom in" }).click();
    await eventually(async () => assert.notEqual(await other.page.locator("output").textContent(), before));
    await checkAccessibility(other.page, "a comparison of a signed visit");
    await other.page.getByRole("link", { name: "Go to the visit" }).click();
    await other.page.getByLabel("New addendum").waitFor();
    await other.close();
    // The patient's camera stays, and says where its photos go.
    await page.goto(`${at}/camera/${signing}`);
    await page.getByText("This visit is signed. Photos you take here go to All photos of the patient, not into the visit.").waitFor();
    await open();
  });

  it("E5: signing asks, makes the visit read-only, and addenda are added with author and time", async () => {
    await page.getByRole("button", { name: "Sign visit" }).click();
    const question = page.getByRole("alertdialog", { name: "Sign this visit?" });
    await question.getByText("From the tablet").waitFor();
    await checkAccessibility(page, "what is signed");
    await question.getByRole("button", { name: "Sign", exact: true }).click();
    await page.getByText(/^Signed by Amal Okafor, /).waitFor();
    await status().getByText("Read-only").first().waitFor();
    assert.equal(await notes().count(), 0);
    assert.equal(await page.getByRole("button", { name: "Choose photos" }).count(), 0);
    await page.getByLabel("New addendum").fill("The patient called: no pain.");
    await page.getByRole("button", { name: "Add addendum" }).click();
    await page.getByText("The patient called: no pain.").waitFor();
    await page.getByText(/^Amal Okafor, \d/).waitFor();
    await checkAccessibility(page, "a signed visit");
    await screenshot(page, "visits-signed");
    await page.getByRole("link", { name: /^All visits/ }).click();
    await page.getByText("Signed", { exact: true }).first().waitFor();
    await opened.close();
  });
});
