// I1, F6, F7, F11: one photo on the whole screen.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, openBrowser, openPage, shoot } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { addPhotos, captureOn, makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { enter } from "./steps.mjs";

const DAYS = ["2026-11-25T20:30:00Z", "2026-11-25T20:31:00Z", "2026-11-06T09:00:00Z", "2026-11-06T09:01:00Z"];

describe("the viewer", () => {
  let server;
  let browser;
  let opened;
  let page;
  let patient;
  let pool;

  const viewer = () => page.getByRole("dialog");
  const path = () => new URL(page.url()).pathname;
  const cells = () => page.locator("[data-cell]");

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser);
    page = opened.page;
    await enter(page, server);
    patient = await makePatient(page, { uniqueId: "viewer-1", firstName: "Elsa", lastName: "Lindqvist", allergies: "Penicillin" });
    pool = `/patients/${patient}`;
    const good = (await photos(page)).filter((it) => !it.isBad && /(Landscape|Portrait|one|two|three).*\.(jpe?g|png)$/i.test(it.name));
    await page.goto(server.url + pool);
    await addPhotos(page, good.slice(0, 12).map((it) => it.path));
    await captureOn(page, DAYS);
    await page.goto(server.url + pool);
    await cells().first().waitFor();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("F7: says whose photo it is and from when; the file's name is under Information only", async () => {
    const total = await cells().count();
    await cells().first().click();
    await page.getByRole("dialog", { name: `Elsa Lindqvist · 25 Nov 2026, 21:30 · 1 of ${total}` }).waitFor();
    assert.equal(await viewer().getByText(/\.(jpe?g|png)$/i).count(), 0);
    await page.keyboard.press("i");
    await viewer().getByText(/\.(jpe?g|png)$/i).first().waitFor();
    await page.keyboard.press("i");
    // C41: the browser's history and its tabs never name a patient.
    assert.doesNotMatch(await page.title(), /Elsa|Lindqvist|viewer-1/);
    await shoot(page, "viewer-title");
  });

  it("F11: closing is the step back that Back is, and the focus returns to the photo that was viewed", async () => {
    await page.keyboard.press("ArrowRight");
    await viewer().getByText(/^2 of /).waitFor();
    const viewed = path().split("/").at(-1);
    const length = await page.evaluate(() => history.length);
    await page.keyboard.press("Escape");
    await viewer().waitFor({ state: "detached" });
    assert.equal(path(), pool);
    await page.waitForFunction((id) => document.activeElement?.getAttribute("data-cell") === id, viewed);
    // Forward shows the photo again, Back the pool: one entry, and none added by closing.
    assert.equal(await page.evaluate(() => history.length), length);
    await page.goForward();
    await viewer().waitFor();
    await page.goBack();
    await viewer().waitFor({ state: "detached" });
    assert.equal(path(), pool);
    await page.waitForFunction((id) => document.activeElement?.getAttribute("data-cell") === id, viewed);
  });

  it("F11: an address that was opened directly closes to the pool", async () => {
    const first = await cells().first().getAttribute("data-cell");
    const other = await openPage(browser, { state: await opened.context.storageState() });
    await other.page.goto(`${server.url}${pool}/photos/${first}`);
    await other.page.getByRole("dialog").getByText(/^\d+ of /).waitFor();
    await other.page.getByRole("button", { name: "Close" }).click();
    await other.page.getByRole("dialog").waitFor({ state: "detached" });
    assert.equal(new URL(other.page.url()).pathname, pool);
    await other.close();
  });

  it("F7: name and allergies stay in the bar when the header has left the screen", async () => {
    const bar = page.getByRole("navigation", { name: "Parts of the patient record" }).locator("..");
    assert.equal(await bar.getByText("Elsa Lindqvist").isVisible(), false);
    await page.setViewportSize({ width: 1180, height: 420 });
    await page.mouse.wheel(0, 400);
    await bar.getByText("Elsa Lindqvist").waitFor();
    await bar.getByText("Allergies: Penicillin").waitFor();
    const top = (await bar.boundingBox()).y;
    assert.ok(Math.abs(top) < 1, `the bar is at ${top}`);
    await shoot(page, "patient-bar-stuck");
    await page.setViewportSize({ width: 1180, height: 820 });
    await page.evaluate(() => scrollTo(0, 0));
  });

  it("WCAG 2.2 AA: in both themes, on tablets and a phone", async () => {
    const state = await opened.context.storageState();
    for (const [theme, size] of [["light", "ipadLandscape"], ["dark", "ipadPortrait"], ["dark", "phone"]]) {
      const other = await openPage(browser, { state, theme, size, bypassCSP: true });
      await captureOn(other.page, DAYS);
      await other.page.goto(server.url + pool);
      await other.page.locator("[data-cell]").first().click();
      await other.page.getByRole("dialog").getByText(/^1 of /).waitFor();
      await shoot(other.page, `viewer-${theme}-${size}`);
      await checkAccessibility(other.page, `viewer, ${theme}, ${size}`);
      await other.close();
    }
    await opened.close();
  });
});
