// I3, I5: what is said of photos, one by one in the viewer and many at once: body site, capture time, view, method, caption, rating.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, eventually, openBrowser, openPage, screenshot, settled, shoot, SIZES } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { addPhotos, api, makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { act, enter, inDialog } from "./steps.mjs";

describe("details of photos", () => {
  let server;
  let browser;
  let opened;
  let page;
  let patient;

  const stored = async () => (await api(page, "GET", `/patients/${patient}/images`)).body.images;
  const first = async () => (await stored())[0];
  const fields = () => page.getByRole("complementary", { name: "Information" });
  const region = (name) => page.locator(`[data-region][aria-label="${name}"]`);
  /** Regions of a drawing are shown only as far as it goes: a tap in the middle of their bounds. */
  const tap = async (name) => region(name).first().click({ force: true });

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser, { size: "ipadLandscape" });
    page = opened.page;
    await enter(page, server);
    patient = await makePatient(page, { uniqueId: "det-1", firstName: "Elsa", lastName: "Lindqvist", birthDate: "1984-03-02" });
    const good = (await photos(page)).filter((it) => !it.isBad && /\.(jpe?g|png)$/i.test(it.name) && it.size < 3_000_000).slice(0, 5);
    await page.goto(`${server.url}/patients/${patient}/photos`);
    await addPhotos(page, good.map((it) => it.path));
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("the whole of each drawing is in sight on a tablet in both of its positions, and every part of it can be hit ", async () => {
    await page.goto(`${server.url}/patients/${patient}/photos`);
    await page.getByRole("button", { name: "Select", exact: true }).click();
    await page.getByRole("button", { name: "Select all" }).click();
    await page.getByRole("button", { name: "Site", exact: true }).click();
    await inDialog(page);
    for (const [position, size] of [["landscape", SIZES.ipadLandscape], ["portrait", SIZES.ipadPortrait]]) {
      // All of it in sight comes first (WCAG 2.5.8 asks for 24); what is small can be typed as well.
      const least = 32;
      await page.setViewportSize(size);
      for (const view of ["Front", "Back", "Head", "Hands", "Feet"]) {
        await page.getByRole("radio", { name: view, exact: true }).click();
        const drawings = page.getByRole("radiogroup", { name: "Drawing" }).getByRole("radio");
        for (let at = 0; at < Math.max(1, await drawings.count()); at += 1) {
          if ((await drawings.count()) > 0) await drawings.nth(at).click();
          await settled(page);
          await shoot(page, `body-map-${view.toLowerCase()}-${at}-${position}`);
          const small = await page.locator("[data-region]").evaluateAll(
            (all, px) => all.flatMap((it) => {
              const { width, height } = it.getBoundingClientRect();
              return Math.min(width, height) < px ? [`${it.getAttribute("aria-label")} ${width} ${height}`] : [];
            }),
            least,
          );
          assert.deepEqual(small, [], `${view} ${at}, ${position}`);
          const { scrolls, outside } = await page.evaluate(() => {
            const body = document.querySelector("[role=dialog] [data-fills]").parentElement;
            const around = body.getBoundingClientRect();
            const all = [...body.querySelectorAll("svg[data-figure]")].map((it) => it.getBoundingClientRect());
            return { scrolls: body.scrollHeight > body.clientHeight + 1, outside: all.filter((it) => it.top < around.top || it.bottom > around.bottom || it.left < around.left || it.right > around.right).length };
          });
          assert.deepEqual([scrolls, outside], [false, 0], `${view} ${at}, ${position}: in sight without scrolling`);
        }
      }
    }
    await page.setViewportSize(SIZES.ipadLandscape);
    await page.keyboard.press("Escape");
  });

  it("F10: on a phone, what is chosen and its side stay in sight beside Save; the search has the focus only where no keyboard comes up for it", async () => {
    const state = await opened.context.storageState();
    for (const size of ["phone", "desktop"]) {
      const other = await openPage(browser, { state, size });
      await other.page.goto(`${server.url}/patients/${patient}/photos`);
      await other.page.getByRole("button", { name: "Select", exact: true }).click();
      await other.page.getByRole("checkbox").first().click();
      await act(other.page, "Site");
      const dialog = other.page.getByRole("dialog");
      await dialog.getByRole("radio", { name: "Back", exact: true }).waitFor();
      const isFine = await other.page.evaluate(() => matchMedia("(pointer: fine)").matches);
      await eventually(async () => assert.equal(await other.page.evaluate(() => document.activeElement?.getAttribute("role")), isFine ? "combobox" : "dialog", size));
      await dialog.getByRole("radio", { name: "Back", exact: true }).click();
      await dialog.getByRole("button", { name: "Lower back, Patient’s left" }).press("Enter");
      await settled(other.page);
      await shoot(other.page, `site-${size}`);
      const { height } = other.page.viewportSize();
      for (const seen of [dialog.getByText("Lower back, left", { exact: true }), dialog.getByRole("radio", { name: "Patient’s left" }), dialog.getByRole("radio", { name: "Not stated" }), dialog.getByRole("button", { name: "Save" })]) {
        const box = await seen.boundingBox();
        assert.ok(box.y >= 0 && box.y + box.height <= height, `${size}: in sight at the lower end`);
      }
      if (size === "desktop") {
        const list = await dialog.getByRole("listbox").boundingBox();
        const row = await dialog.getByRole("option").first().boundingBox();
        assert.ok(list.height >= 4 * row.height, `${list.height} px for rows of ${row.height}`);
      }
      await dialog.getByRole("button", { name: "Back", exact: true }).click();
      await dialog.getByText("Back, left", { exact: true }).waitFor();
      await other.close();
    }
  });

  it("F10: what is found by typing is a list as high as its rows, up to where it scrolls", async () => {
    await page.goto(`${server.url}/patients/${patient}/photos`);
    await page.getByRole("button", { name: "Select", exact: true }).click();
    await page.getByRole("checkbox").first().click();
    await page.getByRole("button", { name: "Site", exact: true }).click();
    const dialog = page.getByRole("dialog");
    const rows = dialog.getByRole("option");
    for (const size of [{ width: 1024, height: 768 }, { width: 768, height: 1024 }]) {
      await page.setViewportSize(size);
      const search = dialog.getByRole("combobox");
      await search.fill("navel");
      await eventually(async () => assert.equal(await rows.count(), 1));
      await settled(page);
      await shoot(page, `site-found-${size.width}`);
      const [list, row] = await Promise.all([dialog.getByRole("listbox"), rows].map((it) => it.boundingBox()));
      assert.ok(row.height >= 44 && row.height < 60 && list.height < row.height + 4, `${list.height} px for a row of ${row.height}`);
      await search.fill("");
      await rows.nth(8).waitFor();
      assert.ok((await dialog.getByRole("listbox").boundingBox()).height >= 4 * row.height);
    }
    await page.setViewportSize(SIZES.ipadLandscape);
    await page.keyboard.press("Escape");
  });

  it("gives many photos a body site, and takes it back", async () => {
    await page.goto(`${server.url}/patients/${patient}/photos`);
    await page.getByRole("button", { name: "Select", exact: true }).click();
    await page.getByRole("button", { name: "Select all" }).click();
    await page.getByRole("button", { name: "Site", exact: true }).click();
    await inDialog(page);
    await page.getByRole("radio", { name: "Back", exact: true }).click();
    await tap("Forearm, back, Patient’s left");
    await page.getByText("Forearm, back, left", { exact: true }).waitFor();
    await settled(page);
    await screenshot(page, "body-map");
    await checkAccessibility(page, "the body map");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByText("Body site of 5 photos changed").waitFor();
    await settled(page);
    await shoot(page, "photos-site-saved");
    assert.ok((await stored()).every((it) => it.site.code === "41550009" && it.site.laterality === "left"));
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText(/^Undone: /).waitFor();
    assert.ok((await stored()).every((it) => it.site === null));
  });

  it("loses no site and no caption where photos differ", async () => {
    const { id, version } = await first();
    await api(page, "PATCH", `/patients/${patient}/images/${id}`, { version, set: { caption: "Rim", site: { code: "41550009", laterality: "left" } } });
    await page.goto(`${server.url}/patients/${patient}/photos`);
    await page.getByRole("button", { name: "Select", exact: true }).click();
    await page.getByRole("button", { name: "Select all" }).click();
    for (const name of ["Site", "Caption"]) {
      await act(page, name);
      await inDialog(page);
      const dialog = page.getByRole("dialog");
      await dialog.getByText(/^The selected photos /).waitFor();
      assert.ok(await dialog.getByRole("button", { name: "Save" }).isDisabled());
      await settled(page);
      await shoot(page, `photos-differ-${name}`);
      await checkAccessibility(page, `${name} of photos that differ`);
      await page.setViewportSize(SIZES.phone);
      await settled(page);
      await shoot(page, `photos-differ-${name}-phone`);
      await page.setViewportSize(SIZES.ipadLandscape);
      if (name === "Site") await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
      else await page.getByRole("dialog").getByRole("button", { name: "Remove all their captions" }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    await page.getByText("Caption of 1 photo changed; 4 photos had this already").waitFor();
    const now = await first();
    assert.deepEqual([now.caption, now.site.code], [null, "41550009"]);
    await api(page, "PATCH", `/patients/${patient}/images/${id}`, { version: now.version, set: { site: null } });
  });

  it("gives many photos a view, a method and a capture time", async () => {
    await page.goto(`${server.url}/patients/${patient}/photos`);
    await page.getByRole("button", { name: "Select", exact: true }).click();
    await page.getByRole("checkbox").first().click();
    const choose = async (item, value) => {
      await page.getByRole("button", { name: "More" }).click();
      await page.getByRole("menuitem", { name: item }).click();
      await inDialog(page);
      if (value) await page.getByRole("dialog").getByRole("button", { name: value }).click();
    };
    await choose("View", "Close-up");
    await page.getByText("View of 1 photo changed").waitFor();
    // It begins with what they have.
    await choose("View", null);
    await eventually(async () => assert.deepEqual(await page.evaluate(() => [document.activeElement.textContent, document.activeElement.getAttribute("aria-current")]), ["Close-up", "true"]));
    await settled(page);
    await shoot(page, "photos-view-now");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await choose("Method", "Dermatoscope");
    await page.getByText("Method of 1 photo changed").waitFor();
    const { view, modality, id } = await first();
    assert.deepEqual([view, modality], ["close_up", "dermoscopic"]);
    await choose("Capture time", null);
    const type = async (year) => {
      for (const [part, value] of [["Day", "3"], ["Month", "4"], ["Year", year], ["Hour", "9"], ["Minute", "05"]]) await page.getByLabel(part, { exact: true }).fill(value);
    };
    await type("2099");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByRole("dialog").getByText("Enter a time that is not in the future.").waitFor();
    await shoot(page, "photos-capture-time-refused");
    await type("2019");
    await shoot(page, "photos-capture-time");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByText("Capture time of 1 photo changed").waitFor();
    assert.equal((await stored()).find((it) => it.id === id).capturedAt.slice(0, 4), "2019");
    await page.getByRole("button", { name: "Undo" }).last().click();
    await page.getByText(/^Undone: /).waitFor();
    await page.getByRole("button", { name: "Done" }).click();
  });

  it("saves each field of a photo as it is entered, and says so", async () => {
    await page.goto(`${server.url}/patients/${patient}/photos`);
    await page.locator("[data-cell]").first().click();
    await page.getByRole("button", { name: "Information" }).click();
    await fields().getByLabel("Caption").fill("Border sharp");
    await fields().getByLabel("View").selectOption({ label: "From the front" });
    await eventually(async () => assert.deepEqual([(await first()).caption, (await first()).view], ["Border sharp", "anterior"]));
    await fields().getByText("4 stars").click({ force: true });
    await fields().getByRole("button", { name: /Body site/ }).click();
    await inDialog(page);
    await page.getByRole("combobox", { name: "Find a body site" }).fill("right nape");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").last().getByRole("button", { name: "Save" }).click();
    await fields().getByText("Nape of the neck, right").waitFor();
    await eventually(async () => assert.equal((await first()).site?.code, "4658004"));
    await eventually(async () => assert.equal(await fields().getByText("Saved", { exact: true }).count(), 4));
    await settled(page);
    await screenshot(page, "photo-details");
    await checkAccessibility(page, "a photo's details");
    await page.setViewportSize(SIZES.phone);
    await settled(page);
    await shoot(page, "photo-details-phone");
    await page.setViewportSize(SIZES.ipadLandscape);
  });

  it("shows both values when another device changed the same field", async () => {
    const { id, version } = await first();
    await api(page, "PATCH", `/patients/${patient}/images/${id}`, { version, set: { caption: "From elsewhere" } });
    await fields().getByLabel("Caption").fill("From here");
    await page.keyboard.press("Tab");
    await fields().getByRole("button", { name: "Save yours: From here" }).waitFor();
    await settled(page);
    await shoot(page, "photo-details-clash");
    await fields().getByRole("button", { name: "Keep the other: From elsewhere" }).click();
    await eventually(async () => assert.equal(await fields().getByLabel("Caption").inputValue(), "From elsewhere"));
    assert.equal((await first()).caption, "From elsewhere");
  });
});
