// U3, C39: the browser keeps thumbnails for the session that saw them, and for no other.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { connect } from "node:tls";
import { after, before, describe, it } from "node:test";
import { chromium } from "playwright-core";
import { eventually, findBrowser, SIZES } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { addPhotos, makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { enter, signIn, signOut } from "./steps.mjs";

/** A browser keeps nothing of a server whose certificate it does not trust, so this one is trusted by its key. */
async function keyOf(url) {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
  await new Promise((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.once("error", reject);
  });
  const key = socket.getPeerX509Certificate().publicKey.export({ type: "spki", format: "der" });
  socket.destroy();
  return createHash("sha256").update(key).digest("base64");
}

describe("thumbnails that the browser keeps", () => {
  let server;
  let browser;
  let page;
  let patient;

  /** Whether an address can be shown without the server. */
  const isKept = (address) =>
    page.evaluate(async (it) => {
      try {
        return (await fetch(it, { cache: "only-if-cached", mode: "same-origin" })).ok;
      } catch {
        return false;
      }
    }, address);
  const shown = async () => {
    await page.goto(`${server.url}/patients/${patient}/photos`);
    const img = page.locator("[data-cell] img").first();
    await img.waitFor();
    await eventually(async () => assert.ok(await img.evaluate((it) => it.complete && it.naturalWidth > 0)));
    return img.evaluate((it) => it.currentSrc);
  };

  before(async () => {
    server = await startServer();
    const key = await keyOf(server.url);
    browser = await chromium.launch({ executablePath: await findBrowser(), args: ["--headless", "--no-sandbox", "--disable-gpu", `--ignore-certificate-errors-spki-list=${key}`] });
    page = await (await browser.newContext({ viewport: SIZES.ipadLandscape })).newPage();
    await enter(page, server);
    patient = await makePatient(page, { uniqueId: "kept-1", firstName: "Elsa", lastName: "Lindqvist" });
    const one = (await photos(page)).find((it) => !it.isBad && /\.jpe?g$/i.test(it.name) && it.size < 3_000_000);
    await page.goto(`${server.url}/patients/${patient}/photos`);
    await addPhotos(page, [one.path]);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("are shown again without asking, and gone when the session ends", async () => {
    const address = await shown();
    assert.match(address, /[?&]session=/);
    assert.equal(await isKept(address), true, "it is kept");
    assert.equal(await isKept(address.replace(/\/(thumbnail|medium)/, "/screen")), false, "nothing larger is");
    await signOut(page);
    assert.equal(await isKept(address), false, "nothing is left after signing out");
    await page.goBack();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    assert.equal(await page.locator("[data-cell] img").count(), 0);
    await signIn(page, server);
    assert.equal(await isKept(address), false, "nor for whoever signs in next");
    assert.equal(await page.evaluate(async (it) => (await fetch(it)).status, address), 404, "the address was that session's");
    const next = await shown();
    assert.notEqual(next, address);
  });

  it("are gone for another session when one ended elsewhere", async () => {
    const address = await shown();
    assert.equal(await isKept(address), true);
    await page.context().clearCookies();
    assert.equal(await isKept(address), false, "without the session's cookie it is not shown");
  });
});
