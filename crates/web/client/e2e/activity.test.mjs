// F4, U5: who did what, for people.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, openBrowser, openPage, screenshot, shoot } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { addPhotos, api, makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { enter, tab, viewing } from "./steps.mjs";

const IDS = /[0-9a-f]{8}-[0-9a-f]{4}|[0-9a-f]{24}|\b(image|patient|consent|entry|session)s?\.[a-z_]+\b|#\d/;

describe("activity", () => {
  let server;
  let browser;
  let opened;
  let page;
  let patient;

  const main = () => page.getByRole("main");

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser, { bypassCSP: true });
    page = opened.page;
    await enter(page, server);
    patient = await makePatient(page, { uniqueId: "activity-1", firstName: "Elsa", lastName: "Lindqvist" });
    const good = (await photos(page)).filter((it) => !it.isBad && /\.(jpe?g|png)$/i.test(it.name) && it.size < 4_000_000).slice(0, 8);
    await page.goto(`${server.url}/patients/${patient}/photos`);
    await addPhotos(page, good.map((it) => it.path));
    await page.locator("[data-cell]").first().click();
    await viewing(page, 1);
    const { total } = (await api(page, "GET", `/patients/${patient}/images`)).body;
    for (let at = 2; at <= total; at += 1) {
      await page.keyboard.press("ArrowRight");
      await page.getByRole("dialog").getByText(new RegExp(`^${at} of `)).waitFor();
    }
    await page.waitForLoadState("networkidle");
    await page.keyboard.press("Escape");
    const { version } = (await api(page, "GET", `/patients/${patient}`)).body;
    await api(page, "PATCH", `/patients/${patient}`, { version, firstName: "Elsa Maria" });
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("F4: full names and sentences, repeats as one with their photos; no code, id or digest in sight", async () => {
    await tab(page, "Activity").click();
    await main().getByText(/^Amal Okafor viewed \d+ photos$/).first().waitFor();
    await main().getByText(/^Amal Okafor added 8 photos$/).waitFor();
    const photo = main().getByRole("list", { name: "Photos" }).first();
    await photo.locator("img").first().waitFor();
    const words = await main().innerText();
    assert.doesNotMatch(words, IDS);
    assert.doesNotMatch(words, /127\.0\.0\.1/);
    await page.waitForLoadState("networkidle");
    await shoot(page, "activity-people");
    await page.setViewportSize({ width: 960, height: 640 });
    await screenshot(page, "activity");
    await page.setViewportSize({ width: 1180, height: 820 });
    await checkAccessibility(page, "activity of a patient");
  });

  it("F4: codes, ids and addresses are under the technical details", async () => {
    await main().getByLabel("Technical details: edited the details").click();
    await main().getByText("patient.changed", { exact: true }).waitFor();
    await main().getByText("127.0.0.1").first().waitFor();
    await checkAccessibility(page, "technical details");
  });

  it("F4: a photo opens from its thumbnail, and Back returns here", async () => {
    await main().getByRole("link", { name: /^Open photo 1 of/ }).first().click();
    await viewing(page, "\\d+");
    await page.keyboard.press("Escape");
    await main().getByText("Amal Okafor edited the details").waitFor();
  });

  it("F4: changes only leaves out what was only viewed", async () => {
    await main().getByText(/viewed \d+ photos$/).first().waitFor();
    await main().getByText("Changes only").click();
    await main().getByText(/viewed \d+ photos$/).first().waitFor({ state: "detached" });
    await main().getByText("Amal Okafor edited the details").waitFor();
    await main().getByText(/^Amal Okafor added 8 photos$/).waitFor();
    await shoot(page, "activity-changes");
  });

  it("WCAG 2.2 AA: in both themes, on tablets and a phone", async () => {
    const state = await opened.context.storageState();
    for (const [theme, size] of [["dark", "ipadPortrait"], ["light", "phone"], ["dark", "phone"]]) {
      const other = await openPage(browser, { state, theme, size, bypassCSP: true });
      for (const path of [`/patients/${patient}/activity`, "/activity"]) {
        await other.page.goto(server.url + path);
        await other.page.getByText("Technical details").first().waitFor();
        await other.page.waitForLoadState("networkidle");
        await shoot(other.page, `activity-${theme}-${size}${path === "/activity" ? "-own" : ""}`);
        await checkAccessibility(other.page, `${path}, ${theme}, ${size}`);
      }
      await other.close();
    }
    await opened.close();
  });
});
