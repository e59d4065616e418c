// I5: many photos are chosen, changed at once, and changed back.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, eventually, openBrowser, openPage, screenshot, settled, shoot, SIZES } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { addPhotos, api, makePatient } from "./records.mjs";
import { textSize } from "./reflow.mjs";
import { startServer } from "./server.mjs";
import { act, clearUploads, enter, focused, inDialog } from "./steps.mjs";

/** Inside of the window, not cut, and large enough to be touched. */
const isWhole = async (them, what) => {
  const faults = await them.evaluateAll((all) => all.filter((it) => {
    const { left, right, width, height } = it.getBoundingClientRect();
    return left < 0 || right > innerWidth || it.scrollWidth > it.clientWidth + 1 || width < 43.5 || height < 43.5;
  }).map((it) => it.textContent));
  assert.deepEqual(faults, [], what);
};

describe("selecting photos", () => {
  let server;
  let browser;
  let opened;
  let page;
  let patient;

  const boxes = () => page.getByRole("checkbox");
  const stored = async () => (await api(page, "GET", `/patients/${patient}/images`)).body.images;
  const sides = async () => (await stored()).map((it) => [it.width, it.height]);

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser);
    page = opened.page;
    await enter(page, server);
    patient = await makePatient(page, { uniqueId: "sel-1", firstName: "Elsa", lastName: "Lindqvist", birthDate: "1984-03-02" });
    const good = (await photos(page)).filter((it) => !it.isBad && /\.(jpe?g|png)$/i.test(it.name) && it.size < 3_000_000).slice(0, 5);
    await page.goto(`${server.url}/patients/${patient}/photos`);
    await addPhotos(page, good.map((it) => it.path));
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("chooses by click, by Shift and by drawing over them; turns them, and turns them back", async () => {
    await page.goto(`${server.url}/patients/${patient}/photos`);
    const before = await sides();
    const amount = before.length;
    await page.getByRole("button", { name: "Select", exact: true }).click();
    await eventually(async () => assert.equal(await boxes().count(), amount));
    await boxes().first().click();
    await boxes().last().click({ modifiers: ["Shift"] });
    await page.getByText(`${amount} photos selected`).waitFor();
    await page.getByRole("button", { name: "Rotate right" }).click();
    await page.getByText(`${amount} photos rotated`).waitFor();
    await settled(page);
    await shoot(page, "photos-rotated");
    await checkAccessibility(page, "selecting photos");
    assert.deepEqual(await sides(), before.map(([width, height]) => [height, width]));
    const shown = await page.locator("[data-cell] img").first().evaluate((it) => it.naturalWidth / it.naturalHeight);
    const [width, height] = (await sides())[0];
    assert.ok(Math.abs(shown - width / height) < 0.05, "the thumbnail on screen is the turned one");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText(/^Undone: /).waitFor();
    assert.deepEqual(await sides(), before);
  });

  it("gives a caption and stars, which the viewer shows; R turns there", async () => {
    await page.goto(`${server.url}/patients/${patient}/photos`);
    await page.getByRole("button", { name: "Select", exact: true }).click();
    await boxes().first().click();
    await act(page, "Caption");
    await inDialog(page);
    await page.keyboard.type("Left forearm, before treatment");
    await shoot(page, "photos-caption");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByText("Caption of 1 photo changed").waitFor();
    await act(page, "Rate");
    await page.getByRole("dialog").getByText("4 stars").click({ force: true });
    await settled(page);
    await shoot(page, "photos-rate");
    await checkAccessibility(page, "the rating of photos");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByText("1 photo rated 4 stars").waitFor();
    await settled(page);
    await screenshot(page, "selecting-photos");
    const desk = page.viewportSize();
    // On a tablet, turned both ways, how many there are and all actions stand in one row, inside of the page.
    const bar = page.getByRole("region", { name: "Selected photos" });
    const inRow = () => bar.getByRole("button").count();
    let atFirst = 0;
    for (const size of [SIZES.ipadLandscape, SIZES.ipadPortrait, SIZES.ipadLandscape]) {
      await page.setViewportSize(size);
      await eventually(async () => assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `as wide as the window of ${size.width}`));
      await isWhole(bar.getByRole("button"), `turned to ${size.width} px`);
      await eventually(async () => {
        const tops = await bar.locator("button, p").evaluateAll((all) => all.filter((it) => it.checkVisibility() && !it.closest("ol")).map((it) => it.getBoundingClientRect()).map((box) => Math.round(box.y + box.height / 2)));
        assert.ok(Math.max(...tops) - Math.min(...tops) < 6, `rows at ${size.width}: ${tops.join(", ")}`);
      });
      await settled(page);
      await shoot(page, `select-bar-${size.width}`);
      atFirst ||= await inRow();
    }
    // What had no room upright is back in the row.
    await eventually(async () => assert.equal(await inRow(), atFirst));
    await page.setViewportSize({ width: 390, height: 844 });
    await settled(page);
    await shoot(page, "photos-selected-phone");
    await page.setViewportSize(desk);
    await page.getByRole("button", { name: "Done" }).click();
    await page.locator("[data-cell]").first().click();
    await page.getByRole("button", { name: "Information" }).click();
    await eventually(async () => assert.equal(await page.getByLabel("Caption").inputValue(), "Left forearm, before treatment"));
    assert.ok(await page.getByRole("radio", { name: "4 stars" }).isChecked());
    const [width, height] = (await sides())[0];
    await page.keyboard.press("r");
    await eventually(async () => assert.deepEqual((await sides())[0], [height, width]));
    await settled(page);
    await shoot(page, "viewer-rotated");
    // The photo beside the name is the same one, turned.
    const { coverEdition } = (await api(page, "GET", `/patients/${patient}`)).body;
    assert.ok(coverEdition > 0);
    await eventually(async () => assert.ok(await page.locator(`img[src*="edition=${coverEdition}"]`).count()));
  });

  it("WCAG 2.4.3: the focus stays on what was used, or beside what is gone", async () => {
    await page.goto(`${server.url}/patients/${patient}/photos`);
    const press = async (name, scope = page) => {
      await scope.getByRole("button", { name, exact: true }).focus();
      await page.keyboard.press("Enter");
    };
    const has = (name) => eventually(async () => assert.match(await focused(page), name));
    await press("Select");
    await press("Select all");
    await has(/^Select none$/);
    await press("Select none");
    await page.getByText("0 photos selected").waitFor();
    await has(/^Select all$/);
    await press("Select all");
    const stars = async () => {
      // The group has the focus from the start: the arrows choose, Enter saves.
      await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.type), "radio"));
      for (let step = 0; step < 3; step += 1) await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
    };
    const overview = () => page.getByRole("dialog").getByRole("button", { name: "Overview" }).click();
    for (const [open, choose, said] of [[() => act(page, "Rate"), stars, /photos? rated \d stars?/], [() => act(page, "View"), overview, /View of \d+ photos changed/]]) {
      await open();
      await choose();
      await page.getByText(said).waitFor();
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await has(/^(Rate|More)$/);
      await press("Undo");
      await page.getByText(/^Undone: /).waitFor();
      await has(/^(Rate|More)$/);
    }
    await press("Rotate right");
    await page.getByText(/photos rotated/).waitFor();
    await has(/^Rotate right$/);
    await press("Dismiss");
    await has(/^Rotate right$/);
    await press("Done");
    await has(/^Select$/);
  });

  it("while photos are selected the list of uploads covers no action, opened by hand neither after the next press", async () => {
    const bar = page.getByRole("region", { name: "Selected photos" });
    const list = page.getByRole("list", { name: "Adding photos" });
    const isFree = () => eventually(async () => {
      const covered = await bar.getByRole("button").evaluateAll((all) => all.filter((it) => {
        const { left, top, width, height } = it.getBoundingClientRect();
        return !it.contains(document.elementFromPoint(left + width / 2, top + height / 2));
      }).map((it) => it.getAttribute("aria-label") ?? it.textContent));
      assert.deepEqual(covered, []);
    });
    await page.goto(`${server.url}/patients/${patient}/photos`);
    await page.getByTestId("files").setInputFiles({ name: "notes.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no photo") });
    await page.getByRole("region", { name: "No photos added" }).waitFor();
    for (const size of [SIZES.ipadLandscape, SIZES.ipadPortrait, SIZES.phone]) {
      await page.setViewportSize(size);
      await page.getByRole("button", { name: "Select", exact: true }).click();
      await boxes().first().click();
      await list.waitFor({ state: "detached" });
      await settled(page);
      await shoot(page, `select-bar-uploads-${size.width}`);
      await isFree();
      await page.getByRole("button", { name: "Show the list" }).click();
      await list.waitFor();
      await bar.getByRole("button", { name: "Done" }).focus();
      await list.waitFor({ state: "detached" });
      await isFree();
      await page.keyboard.press("Enter");
    }
    await page.setViewportSize(SIZES.ipadLandscape);
    // As before: what was refused is in sight.
    await list.waitFor();
    await clearUploads(page);
  });

  it("F10: on small screens the bar leaves two thirds of the height to the photos, and every action is in it", async () => {
    const bar = page.getByRole("region", { name: "Selected photos" });
    for (const [width, height, text] of [[390, 844, 100], [320, 640, 100], [320, 640, 200], [820, 1180, 200], [1180, 820, 200]]) {
      await page.setViewportSize({ width, height });
      await textSize(page, text);
      await page.goto(`${server.url}/patients/${patient}/photos`);
      await page.getByRole("button", { name: "Select", exact: true }).click();
      // With the focus it comes out from beneath the heading of its day, which stays in sight.
      await boxes().first().focus();
      await boxes().first().click();
      await page.getByText("1 photo selected").waitFor();
      await settled(page);
      await shoot(page, `select-bar-${width}-${text}`);
      const box = await bar.boundingBox();
      assert.ok(box.height <= height / 3, `${width} px, ${text} %: the bar takes ${box.height} of ${height}`);
      await isWhole(bar.getByRole("button"), `${width} px, ${text} %`);
      if (text === 100) {
        const middles = await bar.locator("button, p").evaluateAll((all) => all.filter((it) => it.checkVisibility() && !it.closest("ol")).map((it) => it.getBoundingClientRect()).map((box) => box.y + box.height / 2));
        assert.ok(Math.max(...middles) - Math.min(...middles) < 6, `one row at ${width} px: ${middles.join(", ")}`);
        assert.ok(box.height <= 64, `${width} px: ${box.height} px high`);
      }
      await bar.getByRole("button", { name: /^(More|Actions)$/ }).click();
      await page.getByRole("menu").waitFor();
      await shoot(page, `select-menu-${width}-${text}`);
      await isWhole(page.getByRole("menuitem"), `the menu, ${width} px, ${text} %`);
      const all = [...(await bar.getByRole("button", { includeHidden: true }).evaluateAll((them) => them.map((it) => it.getAttribute("aria-label") ?? it.textContent))), ...(await page.getByRole("menuitem").allTextContents())];
      for (const name of ["Select all", "Site", "Compare", "Tag", "Caption", "Rate", "Rotate left", "Rotate right", "Download", "Capture time", "View", "Method"]) assert.equal(all.filter((it) => it === name).length, 1, `${name} at ${width} px, ${text} %`);
      await page.keyboard.press("Escape");
      await act(page, "Tag");
      await page.getByRole("dialog", { name: "Tag 1 photo" }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    await textSize(page, 100);
    await page.setViewportSize(SIZES.ipadLandscape);
  });
});
