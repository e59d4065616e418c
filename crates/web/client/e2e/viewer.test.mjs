// I1, F6, F7, F11: one photo on the whole screen.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { afterTimers, checkAccessibility, eventually, holdBack, openBrowser, openPage, PATIENCE_MS, settled, shoot, slowDown } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { addPhotos, captureOn, makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { enter, inDialog, viewing } from "./steps.mjs";

const DAYS = ["2026-11-25T20:30:00Z", "2026-11-25T20:31:00Z", "2026-11-06T09:00:00Z", "2026-11-06T09:01:00Z"];

/** One that is wider than high, so that it fills the stage's width. */
async function landscape(view) {
  const at = await view.locator("[data-cell]").evaluateAll((all) => all.findIndex((it) => it.clientWidth > it.clientHeight * 1.3 && it.clientWidth < it.clientHeight * 1.6));
  return view.locator("[data-cell]").nth(at);
}

const shownPercent = (view) => view.getByRole("dialog").getByText(/ %$/).textContent();

describe("the viewer", () => {
  let server;
  let browser;
  let opened;
  let page;
  let patient;
  let pool;

  const viewer = () => page.getByRole("dialog");
  const path = () => page.evaluate(() => location.pathname);
  const cells = () => page.locator("[data-cell]");

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser);
    page = opened.page;
    await enter(page, server);
    patient = await makePatient(page, { uniqueId: "viewer-1", firstName: "Elsa", lastName: "Lindqvist", allergies: "Penicillin" });
    pool = `/patients/${patient}/photos`;
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
    await viewing(page, 1);
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
    await viewing(page, 2);
    const viewed = (await path()).split("/").at(-1);
    const length = await page.evaluate(() => history.length);
    await page.keyboard.press("Escape");
    await viewer().waitFor({ state: "detached" });
    assert.equal(await path(), pool);
    await page.waitForFunction((id) => document.activeElement?.getAttribute("data-cell") === id, viewed);
    // Forward shows the photo again, Back the pool: one entry, and none added by closing.
    assert.equal(await page.evaluate(() => history.length), length);
    await page.goForward();
    await viewer().waitFor();
    await page.goBack();
    await viewer().waitFor({ state: "detached" });
    assert.equal(await path(), pool);
    await page.waitForFunction((id) => document.activeElement?.getAttribute("data-cell") === id, viewed);
  });

  it("F11: an address that was opened directly closes to the pool", async () => {
    const first = await cells().first().getAttribute("data-cell");
    const other = await openPage(browser, { state: await opened.context.storageState() });
    await other.page.goto(`${server.url}${pool}/${first}`);
    await other.page.getByRole("dialog").getByText(/^\d+ of /).waitFor();
    await other.page.getByRole("button", { name: "Close" }).click();
    await other.page.getByRole("dialog").waitFor({ state: "detached" });
    await other.page.waitForFunction((address) => location.pathname === address, pool);
    await other.close();
  });

  /** Opens the first photo in a window of its own, on a screen with so many device pixels for each CSS pixel. */
  async function openSharp(ratio, find) {
    const context = await browser.newContext({ viewport: { width: 1180, height: 820 }, deviceScaleFactor: ratio, ignoreHTTPSErrors: true, storageState: await opened.context.storageState() });
    context.setDefaultTimeout(PATIENCE_MS);
    const view = await context.newPage();
    await slowDown(view);
    const asked = [];
    view.on("request", (request) => {
      const [, id, rendition] = /images\/([^/]+)\/(thumbnail|medium|screen|full)$/.exec(new URL(request.url()).pathname) ?? [];
      if (id) asked.push({ id, rendition });
    });
    await view.goto(server.url + pool);
    await view.waitForFunction(() => {
      const all = [...document.querySelectorAll("[data-cell] img")];
      return all.length > 0 && all.every((it) => it.dataset.state === "shown");
    });
    const cell = await find(view);
    const id = await cell.getAttribute("data-cell");
    return { context, view, asked, cell, id, of: (rendition) => asked.filter((it) => it.rendition === rendition).map((it) => it.id) };
  }
  it("F6: on a sharp screen the full size is loaded at fit too, on another one it is not", async () => {
    for (const [ratio, expected] of [[2, true], [1, false]]) {
      const { context, view, cell, id, of } = await openSharp(ratio, landscape);
      await cell.click();
      await view.getByRole("dialog").locator("img[alt^='Photo of'][data-state=shown]").first().waitFor();
      if (expected) await view.waitForFunction((one) => document.querySelector(`[role=dialog] img[src*='${one}/full'][data-state=shown]`), id);
      else {
        await settled(view);
        await afterTimers(view, 900);
        await settled(view);
      }
      assert.deepEqual(of("full").includes(id), expected, `${ratio}`);
      await context.close();
    }
  });

  it("F6: what the pool has shown is there at once, the sharper one fades in over it", async () => {
    const { context, view, cell, id } = await openSharp(1, landscape);
    const held = await holdBack(view, /\/screen$/);
    await cell.click();
    await held.asked;
    await view.waitForFunction(() => {
      const img = document.querySelector("[role=dialog] img[alt=''][data-state=shown]");
      return img?.complete && img.naturalWidth > 0 && img.getBoundingClientRect().width > 500;
    });
    const sharper = view.getByRole("dialog").locator(`img[src*='${id}/screen']`);
    assert.equal(await sharper.getAttribute("data-state"), "loading");
    assert.notEqual(await sharper.evaluate((it) => getComputedStyle(it).transitionDuration), "0s");
    held.release();
    await view.waitForFunction((one) => document.querySelector(`[role=dialog] img[src*='${one}/screen']`)?.dataset.state === "shown", id);
    await context.close();
  });

  it("F6: both neighbours are loaded before they are asked for, and not again then", async () => {
    const { context, view, of, cell, id } = await openSharp(1, async (it) => it.locator("[data-cell]").nth(1));
    const ids = await view.locator("[data-cell]").evaluateAll((all) => all.map((it) => it.dataset.cell));
    await cell.click();
    const wanted = [ids[0], id, ids[2]];
    await view.waitForFunction((all) => all.every((one) => document.querySelector(`[role=dialog] img[src*='${one}/screen']`)?.complete), wanted);
    assert.deepEqual(of("screen").toSorted(), wanted.toSorted());
    await inDialog(view);
    await view.keyboard.press("ArrowRight");
    await view.getByRole("dialog").getByText(/^3 of /).waitFor();
    await view.waitForFunction((one) => document.querySelector(`[role=dialog] img[src*='${one}/screen']`)?.getBoundingClientRect().width > 0, ids[2]);
    assert.equal(of("screen").filter((it) => it === ids[2]).length, 1);
    await context.close();
  });

  it("F6: zoom and place are kept to a neighbour of the same size, and not to another one", async () => {
    const sizes = await page.evaluate(async (id) => (await (await fetch(`/api/v1/patients/${id}/images?limit=100`)).json()).images.map((it) => `${it.width}x${it.height}`), patient);
    const same = sizes.findIndex((size, at) => at > 0 && size === sizes[at - 1]);
    const other = sizes.findIndex((size, at) => at > 0 && size !== sizes[at - 1]);
    assert.ok(same > 0 && other > 0, `${sizes}`);
    for (const [to, isKept] of [[same, true], [other, false]]) {
      await cells().nth(to - 1).click();
      await viewing(page, to);
      await page.keyboard.press("+");
      await page.keyboard.press("+");
      await page.keyboard.press("ArrowDown");
      const box = () => viewer().locator("img[alt^='Photo of']:visible").first().evaluate((it) => it.style.transform);
      const [percent, place] = [await shownPercent(page), await box()];
      await page.keyboard.press("PageDown");
      await viewer().getByText(new RegExp(`^${to + 1} of `)).waitFor();
      assert.equal((await box()) === place, isKept);
      if (isKept) assert.equal(await shownPercent(page), percent);
      await page.keyboard.press("Escape");
      await viewer().waitFor({ state: "detached" });
    }
  });

  it("F6: a tap hides everything but the photo, so that a ruler at its edge shows; a second tap or Tab brings it back", async () => {
    await cells().first().click();
    await viewing(page, 1);
    const stage = viewer().getByRole("group", { name: /^Press \+/ });
    const bar = viewer().getByRole("toolbar");
    const heightWith = (await stage.boundingBox()).height;
    await stage.click({ position: { x: 400, y: 300 } });
    await bar.waitFor({ state: "detached" });
    await eventually(async () => {
      assert.equal(await viewer().getByRole("button").filter({ visible: true }).count(), 0);
      assert.ok((await stage.boundingBox()).height > heightWith + 80);
    });
    await shoot(page, "viewer-bare");
    await stage.click({ position: { x: 400, y: 300 } });
    await bar.waitFor();
    // Two taps zoom, and hide nothing.
    await stage.dblclick({ position: { x: 400, y: 300 } });
    await page.waitForFunction(() => document.querySelector("[role=dialog] [data-zoomed]"));
    await afterTimers(page, 500);
    await bar.waitFor();
    await page.keyboard.press("0");
    await page.keyboard.press("h");
    await bar.waitFor({ state: "detached" });
    await page.keyboard.press("Tab");
    await bar.waitFor();
    await page.keyboard.press("Escape");
    await viewer().waitFor({ state: "detached" });
  });

  it("F7: name and allergies stay in the bar when the header has left the screen", async () => {
    const bar = page.getByRole("navigation", { name: "Parts of the patient record" }).locator("..");
    assert.equal(await bar.getByText("Elsa Lindqvist").isVisible(), false);
    await page.setViewportSize({ width: 1180, height: 420 });
    await page.waitForFunction(() => document.documentElement.scrollHeight > innerHeight + 300);
    await page.mouse.wheel(0, 400);
    await bar.getByText("Elsa Lindqvist").waitFor();
    await bar.getByText("Allergies: Penicillin").waitFor();
    await eventually(async () => {
      const top = (await bar.boundingBox()).y;
      assert.ok(Math.abs(top) < 1, `the bar is at ${top}`);
    });
    await shoot(page, "patient-bar-stuck");
    await page.setViewportSize({ width: 1180, height: 820 });
    await page.evaluate(() => scrollTo(0, 0));
  });

  it("F3: while the server is away the viewer says so and claims nothing; when it is back, the photo comes by itself", async () => {
    const other = await openPage(browser, { state: await opened.context.storageState(), bypassCSP: true });
    const view = other.page;
    const dialog = view.getByRole("dialog");
    const arrived = (id) => view.waitForFunction((one) => document.querySelector(`[role=dialog] img[src*='${one}/screen'][data-state=shown]`), id);
    await view.goto(server.url + pool);
    await view.locator("[data-cell] img[data-state=shown]").first().waitFor();
    const ids = await view.locator("[data-cell]").evaluateAll((all) => all.map((it) => it.dataset.cell));
    await view.locator("[data-cell]").first().click();
    await viewing(view, 1);
    await arrived(ids[1]);
    await server.halt();
    try {
      // The neighbour was loaded before; the one after it cannot be.
      await view.keyboard.press("ArrowRight");
      await viewing(view, 2);
      assert.equal(await dialog.getByText(/could not be loaded/).count(), 0);
      await view.keyboard.press("ArrowRight");
      await dialog.getByText("This photo could not be loaded. It appears here once the server is reachable again.").waitFor();
      await dialog.getByText(/^Server not reachable since \d\d:\d\d, retrying$/).waitFor();
      await checkAccessibility(view, "viewer, server away");
      await shoot(view, "viewer-away");
    } finally {
      await server.resume();
    }
    await dialog.getByText(/^Server not reachable/).waitFor({ state: "detached" });
    await arrived(ids[2]);
    await dialog.getByText(/could not be loaded/).waitFor({ state: "detached" });
    await dialog.getByText(/^3 of /).waitFor();
    await view.keyboard.press("ArrowRight");
    await arrived(ids[3]);
    await other.close();
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
