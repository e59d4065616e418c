// I5: many photos are chosen, changed at once, and changed back.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, eventually, openBrowser, openPage, screenshot, settled, shoot, SIZES } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { addPhotos, api, makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { enter, inDialog } from "./steps.mjs";

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
    await page.goto(`${server.url}/patients/${patient}`);
    await addPhotos(page, good.map((it) => it.path));
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("chooses by click, by Shift and by drawing over them; turns them, and turns them back", async () => {
    await page.goto(`${server.url}/patients/${patient}`);
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
    await page.goto(`${server.url}/patients/${patient}`);
    await page.getByRole("button", { name: "Select", exact: true }).click();
    await boxes().first().click();
    await page.getByRole("button", { name: "Caption" }).click();
    await inDialog(page);
    await page.keyboard.type("Left forearm, before treatment");
    await shoot(page, "photos-caption");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByText("Caption of 1 photo changed").waitFor();
    await page.getByRole("button", { name: "Rate" }).click();
    await page.getByRole("button", { name: "4 stars" }).click();
    await page.getByText("1 photo rated").waitFor();
    await settled(page);
    await screenshot(page, "selecting-photos");
    const desk = page.viewportSize();
    // On a tablet in both of its positions, how many there are and all actions stand in one row.
    for (const size of [SIZES.ipadLandscape, SIZES.ipadPortrait]) {
      await page.setViewportSize(size);
      const bar = page.getByRole("region", { name: "Selected photos" });
      await eventually(async () => {
        const tops = await bar.locator("button, p").evaluateAll((all) => all.filter((it) => it.checkVisibility() && !it.closest("ol")).map((it) => it.getBoundingClientRect()).map((box) => Math.round(box.y + box.height / 2)));
        assert.ok(Math.max(...tops) - Math.min(...tops) < 6, `rows at ${size.width}: ${tops.join(", ")}`);
      });
      await settled(page);
      await shoot(page, `select-bar-${size.width}`);
    }
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Caption" }).waitFor();
    await page.keyboard.press("Escape");
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
});
