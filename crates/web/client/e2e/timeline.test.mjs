// E6, D16, D20: a record opens with its visits.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, eventually, openBrowser, openPage, screenshot, settled, shoot, SIZES } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { addPhotos, api, makePatient } from "./records.mjs";
import { checkReflow, textSize, WAYS } from "./reflow.mjs";
import { startServer } from "./server.mjs";
import { enter, tab } from "./steps.mjs";

const DAY_MS = 86_400_000;
const ago = (days) => new Date(Date.now() - days * DAY_MS).toISOString();

describe("the timeline of visits", () => {
  let server;
  let browser;
  let opened;
  let page;
  let patient;
  let ids;
  const visits = {};

  const record = () => `${server.url}/patients/${patient}`;
  const row = (title, view = page) => view.getByRole("main").getByRole("listitem").filter({ has: view.getByRole("heading", { level: 4, name: title, exact: true }) });
  const workspaceOf = async (visit) => (await api(page, "GET", `/patients/${patient}/entries/${visit}/workspace`)).body.images;

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser, { bypassCSP: true });
    page = opened.page;
    await enter(page, server);
    patient = await makePatient(page, { uniqueId: "visits-1", firstName: "Elsa", lastName: "Lindqvist", allergies: "Penicillin" });
    await page.goto(`${record()}/photos`);
    const good = (await photos(page)).filter((it) => !it.isBad && /\.(jpe?g|png)$/i.test(it.name) && it.size < 3_000_000).slice(0, 6);
    await addPhotos(page, good.map((it) => it.path));
    ids = (await api(page, "GET", `/patients/${patient}/images`)).body.images.map((it) => it.id);
    // All of today, so that those in no visit are offered for the visit of today.
    await api(page, "POST", `/patients/${patient}/images/changes`, { changes: [{ images: ids.map((id) => ({ id })), set: { capturedAt: ago(0.001) } }] });
    const made = [
      ["ahead", { appointmentAt: ago(-21), title: "Control" }],
      ["latest", { appointmentAt: ago(0), title: "Naevus, left cheek", notes: "## Findings\nTwo papules of **5 mm**, no ulceration.\nDermoscopy repeated.\nA fourth line that the list does not show." }],
      ["before", { appointmentAt: ago(21), title: "Laser, second session", notes: "Well tolerated." }],
      ["first", { appointmentAt: ago(400), title: "First consultation" }],
    ];
    for (const [name, body] of made) {
      const { status, body: entry } = await api(page, "POST", `/patients/${patient}/entries`, body);
      assert.equal(status, 201);
      visits[name] = entry.id;
    }
    await api(page, "POST", `/patients/${patient}/entries/${visits.latest}/workspace`, { add: ids.slice(0, 2) });
    await api(page, "POST", `/patients/${patient}/entries/${visits.before}/workspace`, { add: ids.slice(2, 4) });
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("E6: is what a record opens with: what is to come above, then the latest, with the interval, two lines of notes and the photos", async () => {
    await page.goto(`${server.url}/patients`);
    await page.getByRole("link", { name: /Lindqvist/ }).first().click();
    await row("Laser, second session").waitFor();
    assert.equal(new URL(page.url()).pathname, `/patients/${patient}`);
    assert.equal(await tab(page, "Visits").getAttribute("aria-current"), "page");
    const titles = await page.getByRole("main").getByRole("heading", { level: 4 }).allTextContents();
    assert.deepEqual(titles, ["Control", "Naevus, left cheek", "Laser, second session", "First consultation"]);
    await page.getByRole("region", { name: "Upcoming" }).getByText("Control").waitFor();
    await row("Naevus, left cheek").getByText("3 weeks later").waitFor();
    await row("First consultation").getByText("first visit").waitFor();
    // The marks of the notes are left out, and so is what has no room in two lines.
    const notes = row("Naevus, left cheek").getByText(/^Findings/);
    assert.doesNotMatch(await notes.innerText(), /[#*]/);
    const { height, line } = await notes.evaluate((it) => ({ height: it.clientHeight, line: Number.parseFloat(getComputedStyle(it).lineHeight) }));
    assert.ok(height <= line * 2 + 1, `${height} px for lines of ${line}`);
    assert.equal(await row("Naevus, left cheek").locator("[data-cell]").count(), 2);
    await shoot(page, "timeline");
  });

  it("E6: photos of the day that are in no visit are offered for it, and go back with Undo", async () => {
    const latest = row("Naevus, left cheek");
    await latest.getByText("2 photos of this day are in no visit").waitFor();
    await page.setViewportSize(SIZES.ipadPortrait);
    await screenshot(page, "visits-timeline");
    await page.setViewportSize(SIZES.ipadLandscape);
    await latest.getByRole("button", { name: /^Add both to this visit/ }).click();
    await page.getByText("2 photos added to the visit.").waitFor();
    await eventually(async () => assert.equal(await latest.locator("[data-cell]").count(), 4));
    assert.equal((await workspaceOf(visits.latest)).length, 4);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Undone.").waitFor();
    await eventually(async () => assert.equal(await latest.locator("[data-cell]").count(), 2));
    assert.equal((await workspaceOf(visits.latest)).length, 2);
  });

  it("D20: the last photos are two taps from the list, and a comparison of the last two visits three", async () => {
    await page.goto(`${server.url}/patients`);
    await page.getByRole("link", { name: /Lindqvist/ }).first().click();
    await row("Naevus, left cheek").locator("[data-cell]").first().click();
    await page.getByRole("dialog").getByText(/^\d+ of 6$/).waitFor();
    // Back is the timeline, where the photo was opened.
    await page.keyboard.press("Escape");
    await page.waitForFunction((path) => location.pathname === path, `/patients/${patient}`);
    assert.equal(await row("Laser, second session").getByRole("button", { name: /^Compare/ }).count(), 0, "nothing lies before it");
    await row("Naevus, left cheek").getByRole("button", { name: /^Compare/ }).click();
    await page.waitForFunction((path) => location.pathname === path, `/patients/${patient}/compare`);
    await page.goBack();
  });

  it("E6: all photos are the other half of a switch, and Back comes from there", async () => {
    await page.goto(record());
    await row("Control").waitFor();
    await tab(page, "Photos").click();
    await page.locator("[data-cell]").nth(5).waitFor();
    assert.equal(new URL(page.url()).pathname, `/patients/${patient}/photos`);
    await page.goBack();
    await row("Control").waitFor();
  });

  it("E1: a new visit is one press, and opens; Back leads to it in the list, with the focus", async () => {
    await page.getByRole("button", { name: "New visit" }).click();
    const heading = page.getByRole("heading", { level: 1, name: /^Visit on / });
    await heading.waitFor();
    await page.waitForFunction(() => document.activeElement?.tagName === "H1");
    const path = new URL(page.url()).pathname;
    assert.match(path, /\/visits\/[^/]+$/);
    // Room for the camera: a third press away from a photo.
    assert.equal(await page.getByRole("link", { name: "Camera" }).getAttribute("href"), path.replace("/visits/", "/camera/"));
    await page.goBack();
    await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("href")), path));
  });

  it("F3: says that the server is away, and shows the visits when it is back", async () => {
    const other = await openPage(browser, { state: await opened.context.storageState() });
    const view = other.page;
    await view.route(/\/entries\?/, (route) => route.abort("connectionrefused"));
    await view.goto(record());
    await view.getByRole("heading", { name: "This could not be loaded" }).waitFor();
    await view.unroute(/\/entries\?/);
    await view.getByRole("button", { name: "Try again" }).click();
    await row("Control", view).waitFor();
    await other.close();
  });

  for (const [theme, size] of [["light", "ipadLandscape"], ["dark", "ipadPortrait"], ["light", "phone"], ["dark", "phone"]]) {
    it(`WCAG 2.2 AA: ${theme}, ${size}`, async () => {
      const other = await openPage(browser, { state: await opened.context.storageState(), theme, size, bypassCSP: true });
      await other.page.goto(record());
      await row("Control", other.page).waitFor();
      await settled(other.page);
      await shoot(other.page, `timeline-${theme}-${size}`);
      await checkAccessibility(other.page, `the timeline, ${theme}, ${size}`);
      await other.close();
    });
  }

  for (const { name, size, text } of [...WAYS, { name: "200 % at 320 px", size: { width: 320, height: 640 }, text: 200 }]) {
    it(`WCAG 1.4.4, 1.4.10: ${name}`, async () => {
      const other = await openPage(browser, { state: await opened.context.storageState(), size: "phone" });
      await other.page.setViewportSize(size);
      await textSize(other.page, text);
      await other.page.goto(record());
      await row("Control", other.page).waitFor();
      await shoot(other.page, `timeline-${size.width}-${text}`);
      await checkReflow(other.page, "the timeline");
      await other.close();
    });
  }
});
