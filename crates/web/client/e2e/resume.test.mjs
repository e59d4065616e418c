// I4: photos that wait outlive a reload, a restart of the server and the end of the session; only the same person sees them.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, eventually, openBrowser, openPage, queueOnDevice, screenshot, shoot } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { api, makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { clearUploads, enter, signIn, uploadPanel } from "./steps.mjs";

const SENDING = /\/api\/v1\/patients\/[^/]+\/(images$|uploads\/)/;
const OTHER = { username: "ben.colleague", password: "Other-Horse7battery" };
const SAVED = /saved on this device, encrypted/;

/** The same photo with comments in its head: as large as a camera's. */
function enlarged(path, name, least) {
  const photo = readFileSync(path);
  const comments = [];
  for (let size = photo.length; size < least; size += 0xffff + 2) {
    const comment = Buffer.alloc(0xffff + 2);
    comment.writeUInt32BE(0xfffeffff);
    for (let at = 4; at < comment.length; at += 1) comment[at] = (at * 31 + comments.length * 7) & 0xff;
    comments.push(comment);
  }
  return { name, mimeType: "image/jpeg", buffer: Buffer.concat([photo.subarray(0, 2), ...comments, photo.subarray(2)]) };
}

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

describe("photos that wait", () => {
  let server;
  let browser;
  let opened;
  let page;
  let patient;
  let good;

  const pool = () => `${server.url}/patients/${patient}/photos`;
  const list = () => uploadPanel(page).getByRole("list", { name: "Adding photos" });
  const pick = (paths) => page.getByTestId("files").setInputFiles(paths);
  /** The server is out of reach for photos, and for nothing else. */
  const cut = () => page.route(SENDING, (route) => (route.request().method() === "GET" ? route.continue() : route.abort("connectionreset")));
  const mend = () => page.unrouteAll({ behavior: "ignoreErrors" });
  const saved = () => uploadPanel(page).getByText(SAVED).waitFor();
  const stored = async () => (await api(page, "GET", `/patients/${patient}/images?limit=100`)).body.images;
  const isEmpty = () => eventually(async () => {
    const { items, chunks } = await queueOnDevice(page);
    assert.deepEqual([items, chunks], [0, 0]);
  });
  const clear = () => clearUploads(page);

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser, { bypassCSP: true });
    page = opened.page;
    await enter(page, server);
    server.addAccount(OTHER.username, OTHER.password);
    patient = await makePatient(page, { uniqueId: "resume-1", firstName: "Elsa", lastName: "Lindqvist" });
    good = (await photos(page)).filter((it) => !it.isBad && /\.jpe?g$/i.test(it.name) && it.size < 3_000_000).map((it) => it.path);
    await page.goto(pool());
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("go on by themselves after a reload; nothing of them can be read on the device, and nothing stays once they are in", async () => {
    await cut();
    await pick(good.slice(0, 3));
    await saved();
    await shoot(page, "resume-saved");
    await page.setViewportSize({ width: 860, height: 560 });
    await screenshot(page, "adding-photos-later");
    await page.setViewportSize({ width: 1180, height: 820 });
    await checkAccessibility(page, "photos that wait, saved on the device");
    const { items, chunks, text } = await queueOnDevice(page);
    assert.equal(items, 3);
    assert.ok(chunks >= 3);
    const name = good[0].split("/").at(-1);
    for (const clear of ["Lindqvist", name, "JFIF", "Exif\0"]) assert.ok(!text.includes(clear), `${clear} lies in the clear`);
    await page.reload();
    // Without being asked, and with the names that they had.
    await page.getByRole("heading", { name: "Elsa Lindqvist: adding photos" }).waitFor();
    await list().getByText(name).waitFor();
    await shoot(page, "resume-reloaded");
    await mend();
    await uploadPanel(page).getByText("3 added", { exact: true }).waitFor();
    assert.equal((await stored()).length, 3);
    await isEmpty();
    await clear();
  });

  it("go on inside a file after the server was restarted and the page was loaded again", async () => {
    const large = enlarged(good[3], "large.jpg", 12 << 20);
    const slow = await opened.context.newCDPSession(page);
    const pace = (bytes) => slow.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytes });
    const offsets = [];
    page.on("request", (request) => {
      if (request.method() === "PATCH" && request.url().includes("/uploads/")) offsets.push(Number(request.headers()["upload-offset"]));
    });
    await pace(500_000);
    await pick([large]);
    await saved();
    await list().getByText(/^[1-9]\d %$/).waitFor();
    await server.halt();
    await uploadPanel(page).getByText(/^Connection lost/).waitFor();
    await shoot(page, "resume-away");
    assert.equal(offsets[0], 0);
    await pace(-1);
    await server.resume();
    // A restart of the server ends no session; the page is loaded again in the middle.
    await page.reload();
    await uploadPanel(page).getByText("1 added", { exact: true }).waitFor();
    assert.ok(offsets.length >= 2 && offsets.slice(1).every((it) => it > 500_000), `what had arrived was not sent again: ${offsets.join(", ")}`);
    const image = (await stored()).find((it) => it.fileName === "large.jpg");
    assert.equal(image.sha256, sha256(large.buffer));
    await isEmpty();
    await clear();
    await slow.detach();
  });

  it("what was refused is still listed after a reload, with its reason and without its bytes, until it is dismissed", async () => {
    const words = { name: "letter.jpg", mimeType: "image/jpeg", buffer: Buffer.from("Dear colleague, this is not a photo.") };
    const empty = { name: "nothing.jpg", mimeType: "image/jpeg", buffer: Buffer.alloc(0) };
    await page.goto(pool());
    await pick([words, empty]);
    await uploadPanel(page).getByText("2 not added", { exact: true }).waitFor();
    const rows = list().getByRole("listitem");
    const before = (await rows.allInnerTexts()).toSorted();
    assert.match(before[0], /letter\.jpg[\s\S]*Not added: /);
    await eventually(async () => {
      const { items, chunks, text } = await queueOnDevice(page);
      assert.deepEqual([items, chunks], [2, 0]);
      for (const clear of ["letter", "colleague", "Lindqvist"]) assert.ok(!text.includes(clear), `${clear} lies in the clear`);
    });
    for (let again = 0; again < 2; again += 1) {
      await page.reload();
      await uploadPanel(page).getByText("2 not added", { exact: true }).waitFor();
      assert.deepEqual((await rows.allInnerTexts()).toSorted(), before);
    }
    await shoot(page, "resume-refused");
    await checkAccessibility(page, "refused files after a reload");
    await page.getByRole("button", { name: /nothing\.jpg/ }).click();
    await page.reload();
    await uploadPanel(page).getByText("1 not added", { exact: true }).waitFor();
    await clear();
    await isEmpty();
    await page.reload();
    await page.locator("[data-cell]").first().waitFor();
    assert.equal(await uploadPanel(page).count(), 0);
  });

  describe("that the browser had not saved when the page was closed", () => {
    let other;
    let asked;

    /** A page on which no photo is ever saved, and which never hears what became of one that was sent. */
    const open = async () => {
      other = await opened.context.newPage();
      await other.addInitScript(() => {
        const { encrypt } = crypto.subtle;
        crypto.subtle.encrypt = (how, key, bytes) => (bytes.byteLength > 10_000 ? new Promise(() => undefined) : encrypt.call(crypto.subtle, how, key, bytes));
        const { open: begin, addEventListener: listen } = XMLHttpRequest.prototype;
        XMLHttpRequest.prototype.open = function (method, ...rest) {
          if (method === "POST") this.addEventListener = (name, ...more) => name !== "load" && listen.call(this, name, ...more);
          return begin.call(this, method, ...rest);
        };
      });
      asked = 0;
      other.on("dialog", async (dialog) => {
        if (dialog.type() === "beforeunload") asked += 1;
        await dialog.accept();
      });
      await other.goto(pool());
      await other.locator("[data-cell]").first().waitFor();
    };
    const choose = (files) => other.getByTestId("files").setInputFiles(files);
    /** A browser asks only somebody who has touched the page. */
    const touch = () => uploadPanel(other).getByRole("heading").first().click();
    const close = async () => {
      await clearUploads(other);
      await isEmpty();
      await other.close();
    };

    it("and that had arrived are shown as added: the server is asked for them by their keys", async () => {
      const former = (await stored()).length;
      await open();
      await choose(good.slice(9, 11));
      await uploadPanel(other).getByText(/^Saving 2 photos in this browser – keep this page open\./).waitFor();
      await shoot(other, "resume-saving");
      await checkAccessibility(other, "photos that are being saved");
      await eventually(async () => assert.equal((await stored()).length, former + 2));
      await touch();
      await other.reload();
      assert.equal(asked, 1, "the page asks before it is closed");
      await uploadPanel(other).getByText("2 added", { exact: true }).waitFor();
      assert.equal((await stored()).length, former + 2);
      await close();
    });

    it("and that had not are named, with what was refused: the whole list is noted before any photo is saved", async () => {
      await open();
      await other.route(SENDING, (route) => (route.request().method() === "GET" ? route.continue() : route.abort("connectionreset")));
      const notes = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("Dear colleague") };
      await choose([...good.slice(11, 13).map((path) => ({ name: path.split("/").at(-1), mimeType: "image/jpeg", buffer: readFileSync(path) })), notes]);
      await uploadPanel(other).getByText("1 not added, 2 left", { exact: true }).waitFor();
      await eventually(async () => assert.deepEqual(Object.values(await queueOnDevice(other)).slice(0, 2), [3, 0]));
      await other.reload();
      await uploadPanel(other).getByText("1 not added, 2 being checked", { exact: true }).waitFor();
      await shoot(other, "resume-asked");
      await uploadPanel(other).getByText("3 not added", { exact: true }).waitFor();
      const rows = await uploadPanel(other).getByRole("listitem").allInnerTexts();
      for (const path of good.slice(11, 13)) assert.ok(rows.some((row) => row.includes(path.split("/").at(-1)) && row.includes("before the file was saved")), rows.join());
      assert.ok(rows.some((row) => /notes\.txt[\s\S]*Not added: This is not a photo/.test(row)), rows.join());
      await shoot(other, "resume-lost");
      await close();
    });
  });

  it("wait over the end of a session, and go on when the same person signs in", async () => {
    await cut();
    await pick(good.slice(4, 6));
    await saved();
    assert.equal((await api(page, "DELETE", "/session")).status, 204);
    await page.goto(`${server.url}/`);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    assert.equal((await queueOnDevice(page)).items, 2);
    await mend();
    await signIn(page, server);
    await uploadPanel(page).getByText("2 added", { exact: true }).waitFor();
    await isEmpty();
    await clear();
  });

  it("are neither seen nor sent when another person signs in, and are gone then", async () => {
    await page.goto(pool());
    const former = (await stored()).length;
    await cut();
    await pick(good.slice(6, 8));
    await saved();
    assert.equal((await api(page, "DELETE", "/session")).status, 204);
    await page.goto(`${server.url}/`);
    await mend();
    const sent = [];
    page.on("request", (request) => {
      if (SENDING.test(request.url()) && request.method() !== "GET") sent.push(request.url());
    });
    await page.getByLabel("Username or e-mail").fill(OTHER.username);
    await page.getByLabel("Password", { exact: true }).fill(OTHER.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Patients", level: 1 }).waitFor();
    await isEmpty();
    assert.equal(await uploadPanel(page).count(), 0);
    await shoot(page, "resume-other-person");
    assert.deepEqual(sent, []);
    assert.equal((await api(page, "DELETE", "/session")).status, 204);
    await signIn(page, server);
    await page.goto(pool());
    await page.locator("[data-cell]").first().waitFor();
    assert.equal(await uploadPanel(page).count(), 0);
    assert.equal((await stored()).length, former);
  });

  it("signing out asks first, and deletes them", async () => {
    await cut();
    await pick(good.slice(8, 9));
    await saved();
    const leave = async () => {
      await page.getByRole("button", { name: /^Account:/ }).filter({ visible: true }).click();
      await page.getByRole("menuitem", { name: "Sign out" }).click();
      await page.getByRole("alertdialog", { name: "Sign out before everything is added?" }).waitFor();
    };
    await leave();
    await page.getByText("1 photo has not been added yet. Signing out deletes it from this device.").waitFor();
    await shoot(page, "resume-sign-out");
    await checkAccessibility(page, "signing out while photos wait");
    await page.getByRole("button", { name: "Stay" }).click();
    await saved();
    await leave();
    await page.getByRole("button", { name: "Sign out and delete" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await eventually(async () => assert.deepEqual(await page.evaluate(() => indexedDB.databases()), []));
    await mend();
    await opened.close();
  });
});
