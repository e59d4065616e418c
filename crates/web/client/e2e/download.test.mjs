// I5, R1: selected photos are saved by the browser as one ZIP, which is opened here by an unpacker that is not ours.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, eventually, openBrowser, openPage, screenshot, settled, shoot } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { addPhotos, api, makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { act, enter, inDialog, PERSON, viewing } from "./steps.mjs";
import { unpacked } from "./unpack.mjs";

const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");

describe("downloading photos", () => {
  let server;
  let browser;
  let opened;
  let page;
  let patient;
  let files;

  const dialog = () => page.getByRole("dialog");
  const select = async () => {
    await page.goto(`${server.url}/patients/${patient}/photos`);
    await page.getByRole("button", { name: "Select", exact: true }).click();
    await page.getByRole("button", { name: "Select all" }).click();
  };
  const open = async () => {
    await act(page, "Download");
    await inDialog(page);
  };
  const start = async () => {
    const [saved] = await Promise.all([page.waitForEvent("download"), dialog().getByRole("button", { name: "Download", exact: true }).click()]);
    assert.equal(saved.suggestedFilename(), "photos.zip");
    assert.ok(!saved.url().includes(patient), "the address says nothing of the patient");
    return saved.path();
  };

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser);
    page = opened.page;
    await enter(page, server);
    patient = await makePatient(page, { uniqueId: "zip-1", firstName: "Elsa", lastName: "Lindqvist", birthDate: "1984-03-02" });
    files = (await photos(page)).filter((it) => !it.isBad && /\.(jpe?g|png)$/i.test(it.name) && it.size < 3_000_000).slice(0, 4);
    await page.goto(`${server.url}/patients/${patient}/photos`);
    await addPhotos(page, files.map((it) => it.path));
  });

  after(async () => {
    await opened?.close();
    await browser?.close();
    await server?.stop();
  });

  it("asks what for and the password, and saves the originals byte for byte", async () => {
    await select();
    await open();
    await checkAccessibility(page, "downloading photos");
    await settled(page);
    await screenshot(page, "downloading-photos");
    await dialog().getByRole("radio", { name: /Original files/ }).check();
    await dialog().getByRole("button", { name: "Download", exact: true }).click();
    await dialog().getByText("Choose a purpose.").waitFor();
    await dialog().getByLabel("Purpose").selectOption("Copy for the patient");
    await dialog().getByLabel("Your password", { exact: true }).fill("Wrong-horse-9");
    await dialog().getByRole("button", { name: "Download", exact: true }).click();
    await dialog().getByText("Enter the correct password.").waitFor();
    await shoot(page, "download-password-wrong");
    await dialog().getByLabel("Your password", { exact: true }).fill(PERSON.password);
    const found = unpacked(await start());
    assert.deepEqual(new Set(found.map(([, sha]) => sha)), new Set(files.map((it) => digest(readFileSync(it.path)))));
    for (const [name] of found) assert.match(name, /^\d{3}_\d{4}-\d\d-\d\d\.(jpg|png)$/);
    await dialog().getByText(`${found.length} photos were sent as photos.zip.`).waitFor();
    await settled(page);
    await screenshot(page, "downloading-photos-sent");
    await dialog().getByRole("button", { name: "Close", exact: true }).last().click();
    const { events } = (await api(page, "GET", `/patients/${patient}/activity`)).body;
    assert.equal(events.filter(({ action }) => action === "image.exported").length, found.length);
  });

  it("does not ask for the password again, even after a reload, and saves what is displayed", async () => {
    await select();
    await open();
    await dialog().getByLabel("Purpose").selectOption("Care in this practice");
    assert.equal(await dialog().getByLabel("Your password", { exact: true }).count(), 0);
    const found = unpacked(await start());
    assert.equal(found.length, files.length);
    for (const [, , head] of found) assert.ok(["ffd8ff", "89504e"].includes(head), head);
    await dialog().getByText(`${found.length} photos were sent`).waitFor();
    await dialog().getByRole("button", { name: "Close", exact: true }).last().click();
  });

  it("asks a second tab for no password that the server remembers, and one original as several", async () => {
    // A tab of its own: what the first one remembers is not there.
    const other = await opened.context.newPage();
    await other.goto(`${server.url}/patients/${patient}/photos`);
    await other.locator("[data-cell]").first().click();
    await viewing(other, 1);
    await other.keyboard.press("i");
    await other.getByRole("button", { name: "Download original" }).click();
    const ask = other.getByRole("dialog", { name: "Download 1 photo" });
    assert.ok(await ask.getByRole("radio", { name: /Original files/ }).isChecked());
    await settled(other);
    await shoot(other, "download-original");
    await ask.getByLabel("Purpose").selectOption("Care in this practice");
    assert.equal(await ask.getByLabel("Your password", { exact: true }).count(), 0);
    const [saved] = await Promise.all([other.waitForEvent("download"), ask.getByRole("button", { name: "Download", exact: true }).click()]);
    const [[name, sha]] = unpacked(await saved.path());
    assert.match(name, /^001_\d{4}-\d\d-\d\d\.(jpg|png)$/);
    assert.ok(files.some((it) => digest(readFileSync(it.path)) === sha), "byte for byte");
    await other.close();
  });

  it("refuses a purpose that the patient has not agreed to", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open();
    await dialog().getByLabel("Purpose").selectOption("Teaching (no consent)");
    const record = dialog().getByRole("link", { name: "Record a consent" });
    await record.waitFor();
    assert.ok(await dialog().getByRole("button", { name: "Download", exact: true }).isDisabled());
    await checkAccessibility(page, "a download that was refused");
    await settled(page);
    await shoot(page, "download-refused-phone");
    // Agreed to since, and taken back behind the dialog: the server has the last word.
    await page.route(/\/consents$/, async (route) => {
      const answer = await route.fetch();
      const body = await answer.json();
      for (const it of body.consents) it.purposes.push("teaching");
      await route.fulfill({ response: answer, json: body });
    });
    await page.keyboard.press("Escape");
    await eventually(async () => assert.equal(await dialog().count(), 0));
    await open();
    await dialog().getByRole("option", { name: "Teaching", exact: true }).waitFor({ state: "attached" });
    await dialog().getByLabel("Purpose").selectOption("Teaching");
    await dialog().getByRole("button", { name: "Download", exact: true }).click();
    await dialog().getByText(/cannot be downloaded for this purpose/).waitFor();
    await page.keyboard.press("Escape");
    await eventually(async () => assert.equal(await dialog().count(), 0));
  });
});
