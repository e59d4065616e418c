// F12, F7, I2: what the list of uploads tells, and when it goes out of the way.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { checkAccessibility, eventually, holdBack, openBrowser, openPage, screenshot, shoot } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { api, makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { clearUploads, enter, inDialog, PERSON, uploadPanel } from "./steps.mjs";

/** The field cases that the rules for pictures are tested with: a photo that ends early, a TIFF of two pages. */
const FIELD = fileURLToPath(new URL("../../../media/src/tests/field/", import.meta.url));
const ADDRESS = /\/api\/v1\/patients\/[^/]+\/images$/;
const WORDS = { name: "notes.jpg", mimeType: "image/jpeg", buffer: Buffer.from("this is not a photo") };

/** At its end, the page can be scrolled free of the list. */
const isFree = (on) =>
  eventually(async () => {
    const [end, top] = await on.evaluate(() => {
      scrollTo(0, document.documentElement.scrollHeight);
      const content = document.querySelector("#content");
      const panel = document.querySelector("section[aria-label^='Photos added'], section[aria-label^='No photos added']");
      return [content.getBoundingClientRect().bottom - Number.parseFloat(getComputedStyle(content).paddingBottom), panel.getBoundingClientRect().top];
    });
    assert.ok(end <= top, `the page ends at ${end}, and the list begins at ${top}`);
  });

describe("the list of uploads", () => {
  let server;
  let browser;
  let opened;
  let page;
  let patient;
  let good;

  const pool = () => `${server.url}/patients/${patient}/photos`;
  const list = () => uploadPanel(page).getByRole("list", { name: "Adding photos" });
  const pick = (paths) => page.getByTestId("files").setInputFiles(paths);

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser, { bypassCSP: true });
    page = opened.page;
    await enter(page, server);
    patient = await makePatient(page, { uniqueId: "uploads-1", firstName: "Elsa", lastName: "Lindqvist" });
    good = (await photos(page)).filter((it) => !it.isBad && /\.(jpe?g|png)$/i.test(it.name) && it.size < 4_000_000).map((it) => it.path);
    await page.goto(pool());
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("F7, F12: says whose photos are on their way, with a picture of each; the pool keeps a place for them", async () => {
    const held = await holdBack(page, ADDRESS);
    await pick(good.slice(0, 3));
    await held.asked;
    await page.getByRole("heading", { name: "Elsa Lindqvist: adding photos" }).waitFor();
    await list().locator("canvas").nth(2).waitFor();
    assert.equal(await list().getByRole("listitem").count(), 3);
    const place = page.getByRole("region", { name: "Being added" });
    await place.locator("canvas").nth(2).waitFor();
    assert.equal(await place.getByRole("listitem").count(), 3);
    assert.equal(await page.getByRole("heading", { name: "No photos yet" }).count(), 0);
    await shoot(page, "upload-moving");
    await checkAccessibility(page, "uploads on their way");
    held.release();
    // A batch in which nothing is left to be read folds, and the places are photos.
    await uploadPanel(page).getByText("3 added", { exact: true }).waitFor();
    await list().waitFor({ state: "detached" });
    await page.locator("[data-cell]").nth(2).waitFor();
    await place.waitFor({ state: "detached" });
    await shoot(page, "upload-clean");
  });

  it("F12: refusals come first, in amber, with their reason; the list stays and says how many were not added", async () => {
    const chosen = good.slice(3, 6);
    await page.getByTestId("files").setInputFiles(chosen);
    await uploadPanel(page).getByText("3 added", { exact: true }).waitFor();
    await page.getByTestId("files").setInputFiles([WORDS]);
    await uploadPanel(page).getByText("1 not added", { exact: true }).waitFor();
    await page.getByTestId("files").setInputFiles(good.slice(6, 9));
    await uploadPanel(page).getByText("3 added, 1 not added", { exact: true }).waitFor();
    const first = list().getByRole("listitem").first();
    assert.match(await first.textContent(), /notes\.jpgNot added: .{8,}/);
    await eventually(async () => {
      const [amber, plain] = await Promise.all([first, list().getByRole("listitem").last()].map((row) => row.evaluate((it) => getComputedStyle(it).backgroundColor)));
      assert.notEqual(amber, plain);
    });
    await shoot(page, "upload-partly");
    await page.setViewportSize({ width: 860, height: 560 });
    await screenshot(page, "adding-photos");
    await page.setViewportSize({ width: 1180, height: 820 });
    await checkAccessibility(page, "uploads with a refusal");
    await clearUploads(page);
    await uploadPanel(page).waitFor({ state: "detached" });
  });

  it("I1: what is no photo is refused at once, whatever its name, and is never sent", async () => {
    const sent = [];
    const note = (request) => {
      if (request.method() !== "GET" && /\/(images|uploads\/.*)$/.test(request.url())) sent.push(request.url());
    };
    page.on("request", note);
    await pick([WORDS, { name: "report.jpg", mimeType: "image/jpeg", buffer: Buffer.from("%PDF-1.7\n") }, { name: "empty.jpg", mimeType: "image/jpeg", buffer: Buffer.alloc(0) }]);
    await uploadPanel(page).getByText("3 not added", { exact: true }).waitFor();
    await list().getByText("This is a PDF document, not a photo. Export the page, or take a photo of it, as JPEG or PNG.").waitFor();
    await list().getByText("This is not a photo that Cutis can read. If it is one, save or export it as JPEG, PNG, WebP, TIFF or GIF.").waitFor();
    await list().getByText("The file is empty.").waitFor();
    assert.deepEqual(sent, []);
    page.off("request", note);
    await clearUploads(page);
  });

  it("R0: files that were chosen and not sent outlive the end of the session, and go on after signing in", async () => {
    const held = await holdBack(page, ADDRESS);
    await pick(good.slice(9, 12));
    await held.asked;
    // The session ends while they are on their way, as by its time.
    assert.equal((await api(page, "DELETE", "/session")).status, 204);
    held.release();
    await page.getByRole("dialog", { name: "Sign in again" }).waitFor();
    await page.getByLabel("Password", { exact: true }).fill(PERSON.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await uploadPanel(page).getByText("3 added", { exact: true }).waitFor();
    await page.unrouteAll({ behavior: "wait" });
    await clearUploads(page);
  });

  it("I2: a photo with a missing end and one with several pages are named so in the list, the pool and the viewer; more missing is refused", async () => {
    const image = async (name) => (await api(page, "GET", `/patients/${patient}/images?limit=100`)).body.images.find((it) => it.fileName === name);
    await pick(["jpg_cut12.jpg", "tif_thumbfirst.tif", "jpg_half_plus_eoi.jpg"].map((name) => FIELD + name));
    await list().getByText(/^Added, but part of the photo is missing/).waitFor();
    await list().getByText(/^Added\. The file has 2 pages; the largest is shown\.$/).waitFor();
    // How much is missing is said (I2).
    await list().getByText(/^Not added: .*\d+ ?%/).waitFor();
    const [cut, paged] = [await image("jpg_cut12.jpg"), await image("tif_thumbfirst.tif")];
    assert.deepEqual([cut.incomplete, cut.pages, paged.incomplete, paged.pages], [true, 1, false, 2]);
    const cell = ({ id }) => page.locator(`[data-cell="${id}"]`);
    await cell(cut).getByText(/Part of this photo is missing$/).waitFor({ state: "attached" });
    await cell(paged).getByText(/2 pages$/).waitFor();
    await shoot(page, "upload-incomplete");
    await checkAccessibility(page, "an incomplete photo");
    await clearUploads(page);

    const viewer = page.getByRole("dialog");
    await cell(cut).click();
    await viewer.getByText(/^Part of this photo is missing: /).waitFor();
    await inDialog(page);
    await shoot(page, "viewer-incomplete");
    await checkAccessibility(page, "the viewer of an incomplete photo");
    await page.keyboard.press("Escape");
    await viewer.waitFor({ state: "detached" });
    await cell(paged).click();
    await viewer.getByText(/^This file has 2 pages/).waitFor();
    assert.equal(await viewer.getByText(/^Part of this photo is missing/).count(), 0);
    await inDialog(page);
    await page.keyboard.press("i");
    await viewer.getByRole("complementary").getByText("Pages", { exact: true }).waitFor();
    await shoot(page, "viewer-pages");
    await page.keyboard.press("Escape");
    await viewer.waitFor({ state: "detached" });
  });

  it("WCAG 2.2 AA: with a refusal, in both themes, on a tablet held upright and a phone", async () => {
    const state = await opened.context.storageState();
    for (const [theme, size] of [["dark", "ipadPortrait"], ["light", "phone"], ["dark", "phone"]]) {
      const other = await openPage(browser, { state, theme, size, bypassCSP: true });
      await other.page.goto(pool());
      await other.page.getByTestId("files").setInputFiles([WORDS]);
      await uploadPanel(other.page).getByText("1 not added", { exact: true }).waitFor();
      await other.page.getByTestId("files").setInputFiles(good.slice(0, 2));
      await uploadPanel(other.page).getByText("1 not added, 2 already there", { exact: true }).waitFor();
      // One line, so that it covers nothing that people work with.
      assert.equal(await uploadPanel(other.page).getByRole("list").count(), 0);
      const height = (await uploadPanel(other.page).boundingBox()).height;
      assert.ok(height <= 64, `${size}: one line, not ${height} pixels`);
      await isFree(other.page);
      await shoot(other.page, `upload-${theme}-${size}-folded`);
      await checkAccessibility(other.page, `uploads in one line, ${theme}, ${size}`);
      await uploadPanel(other.page).getByRole("button", { name: "Show the list" }).click();
      await uploadPanel(other.page).getByRole("list").waitFor();
      await isFree(other.page);
      await shoot(other.page, `upload-${theme}-${size}`);
      await checkAccessibility(other.page, `uploads, ${theme}, ${size}`);
      // As it was left, also after a reload of the page.
      await other.page.reload();
      await uploadPanel(other.page).getByRole("list").waitFor();
      await other.close();
    }
    await opened.close();
  });
});
