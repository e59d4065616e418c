// I3: the manual order of a pool, by mouse, by finger and by keyboard; and back.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, eventually, openBrowser, openPage, screenshot, settled, shoot } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { addPhotos, api, makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { enter } from "./steps.mjs";

describe("the manual order", () => {
  let server;
  let browser;
  let opened;
  let page;
  let patient;

  const shown = () => page.locator("[data-cell]").evaluateAll((all) => all.map((it) => it.dataset.cell));
  const stored = async () => (await api(page, "GET", `/patients/${patient}/images?order=manual`)).body.images.map((it) => it.id);
  const middle = async (at) => {
    const box = await page.locator("[data-cell]").nth(at).boundingBox();
    return [box.x + box.width / 2, box.y + box.height / 2, box.width];
  };
  const isNow = async (ids) => {
    await eventually(async () => assert.deepEqual(await shown(), ids));
    await eventually(async () => assert.deepEqual(await stored(), ids));
  };

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser, { size: "ipadLandscape" });
    page = opened.page;
    await enter(page, server);
    patient = await makePatient(page, { uniqueId: "arr-1", firstName: "Elsa", lastName: "Lindqvist", birthDate: "1984-03-02" });
    const good = (await photos(page)).filter((it) => !it.isBad && /\.(jpe?g|png)$/i.test(it.name) && it.size < 3_000_000).slice(0, 6);
    await page.goto(`${server.url}/patients/${patient}/photos`);
    await addPhotos(page, good.map((it) => it.path));
    await page.getByRole("combobox", { name: "Order of the photos" }).selectOption("manual");
    await page.getByRole("heading", { name: /Manual order/ }).waitFor();
    await settled(page);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("each photo shows the day on which it was captured", async () => {
    const stamps = await page.locator("[data-cell] > span:last-child").evaluateAll((all) => all.map((it) => [it.textContent, getComputedStyle(it).opacity]));
    assert.equal(stamps.length, 6);
    for (const [text, opacity] of stamps) {
      assert.match(text, /^(\d{1,2} \w+ \d{4}|no capture date)/);
      assert.equal(opacity, "1", text);
    }
  });

  it("a photo is dragged with the mouse, which saves it at once and opens nothing", async () => {
    const ids = await shown();
    const [x, y] = await middle(0);
    const [toX, toY, width] = await middle(2);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 20, y + 4, { steps: 3 });
    await page.mouse.move(toX + width / 4, toY, { steps: 8 });
    await shoot(page, "photos-dragged");
    await page.mouse.up();
    await isNow([ids[1], ids[2], ids[0], ...ids.slice(3)]);
    await page.getByText("1 photo moved").waitFor();
    assert.ok(!page.url().includes("/photos/"), page.url());
    await settled(page);
    await screenshot(page, "arranging-photos");
    await checkAccessibility(page, "the manual order");
    await page.getByRole("button", { name: "Undo" }).click();
    await isNow(ids);
    assert.equal(await page.evaluate(() => document.activeElement?.dataset.cell), ids[0], "the focus is on the photo that was moved");
  });

  it("a photo is dragged with a finger that rested on it", async () => {
    const ids = await shown();
    const [x, y] = await middle(3);
    const [toX, toY, width] = await middle(0);
    const session = await page.context().newCDPSession(page);
    const touch = (type, at) => session.send("Input.dispatchTouchEvent", { type, touchPoints: at ? [{ x: at[0], y: at[1] }] : [] });
    await touch("touchStart", [x, y]);
    await page.locator("[data-lifted]").waitFor();
    await touch("touchMove", [x - 10, y]);
    await touch("touchMove", [toX - width / 4, toY]);
    await touch("touchEnd");
    await session.detach();
    await isNow([ids[3], ids[0], ids[1], ids[2], ...ids.slice(4)]);
  });

  it("a photo is moved by keyboard, keeps the focus, and the order is there after a reload", async () => {
    const ids = await shown();
    await page.locator("[data-cell]").nth(1).focus();
    await page.keyboard.press("Shift+ArrowRight");
    await isNow([ids[0], ids[2], ids[1], ...ids.slice(3)]);
    assert.equal(await page.evaluate(() => document.activeElement?.dataset.cell), ids[1]);
    await page.keyboard.press("Shift+Home");
    const now = [ids[1], ids[0], ids[2], ...ids.slice(3)];
    await isNow(now);
    await page.reload();
    await isNow(now);
    await page.locator("[data-cell]").nth(1).focus();
    await page.keyboard.press("Shift+ArrowRight");
    await isNow([now[0], now[2], now[1], ...now.slice(3)]);
    await page.getByRole("button", { name: "Undo" }).focus();
    await page.keyboard.press("Enter");
    await isNow(now);
    assert.equal(await page.evaluate(() => document.activeElement?.dataset.cell), now[1], "the focus is on the photo again");
  });

  it("what is selected is moved from the menu", async () => {
    const ids = await shown();
    await page.getByRole("button", { name: "Select", exact: true }).click();
    await page.getByRole("checkbox").nth(0).click();
    await page.getByRole("checkbox").nth(1).click();
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: /Move to the end/ }).waitFor();
    await settled(page);
    await shoot(page, "photos-move-menu");
    await page.getByRole("menuitem", { name: /Move to the end/ }).click();
    await isNow([...ids.slice(2), ids[0], ids[1]]);
  });
});
