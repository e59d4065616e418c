// C1–C3: photos are compared, aligned, drawn on and measured; what is saved is there again.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { afterTimers, checkAccessibility, eventually, openBrowser, openPage, screenshot, settled, shoot, SIZES } from "./browser.mjs";
import { addPhotos, api, makePatient } from "./records.mjs";
import { checkReflow, textSize, WAYS } from "./reflow.mjs";
import { startServer } from "./server.mjs";
import { MOLES, seen, skin, TAKES } from "./skin.mjs";
import { act, enter, focused, viewing } from "./steps.mjs";

const DAYS = { "before.jpg": "2026-03-02T09:00:00Z", "between.jpg": "2026-07-14T10:30:00Z", "after.jpg": "2026-11-20T14:05:00Z" };
const MODES = { side_by_side: "Side by side", grid: "Grid", split: "Slider", overlay: "Overlay", blink: "Blink", difference: "Difference", timeline: "Timeline" };

describe("comparing photos", () => {
  let server;
  let browser;
  let opened;
  let page;
  let patient;
  /** By the name of their take. */
  const ids = {};

  const pool = () => `${server.url}/patients/${patient}/photos`;
  const dialog = () => page.getByRole("dialog", { name: /^Elsa Lindqvist · / }).filter({ has: page.locator("[data-mode]") });
  const stage = () => page.getByRole("group", { name: /^Press \+ and/ });
  const tools = () => page.getByRole("toolbar", { name: "Zoom, rotation and link" });
  const chosenMode = () => page.locator("[role=dialog] [data-mode]").getAttribute("data-mode");
  const panel = (name) => page.getByRole("group", { name: "Photos and tools" }).getByRole("button", { name, exact: true }).click();
  const aside = () => page.getByRole("complementary");

  async function mode(name) {
    const inRow = page.getByRole("group", { name: "How to compare" }).getByRole("button", { name: MODES[name], exact: true });
    if (await inRow.isVisible()) await inRow.click();
    else await dialog().locator("select").first().selectOption(name);
    await eventually(async () => assert.equal(await chosenMode(), name));
    await settled(page);
  }

  /** Away from a comparison, whatever of it is not saved. */
  async function leave() {
    if (!(await dialog().isVisible())) return;
    await page.setViewportSize(SIZES.ipadLandscape);
    if (!(await tools().isVisible())) await page.keyboard.press("h");
    await dialog().getByRole("button", { name: "Close", exact: true }).click();
    const question = page.getByRole("alertdialog", { name: "Discard changes?" });
    await eventually(async () => assert.ok((await question.isVisible()) || !(await dialog().isVisible())));
    if (await question.isVisible()) await question.getByRole("button", { name: "Discard changes" }).click();
    await dialog().waitFor({ state: "detached" });
  }

  /** Two or three photos in a comparison that is not saved. */
  async function compare(...names) {
    await leave();
    await page.goto(pool());
    await page.getByRole("button", { name: "Select", exact: true }).click();
    for (const name of names) await page.locator(`[data-cell="${ids[name]}"]`).click();
    await act(page, "Compare");
    await dialog().waitFor();
    await drawn();
  }

  /** All photos in sight are decoded. */
  const drawn = () => page.waitForFunction((n) => [...document.querySelectorAll("[data-pane]:not([hidden]) img[alt^='Photo of']")].filter((it) => it.dataset.state === "shown").length >= n, 2);

  /** Where a place of a take is drawn now, in the window: measured from the photo's own corners. */
  const placeOf = async (name, mole) => {
    const take = TAKES.find((it) => it.name === name);
    const point = seen(take, mole);
    return page.evaluate(
      ([id, share]) => {
        const picture = document.querySelector(`[data-pane="${id}"] [data-testid=picture]`);
        const pane = picture.parentElement.getBoundingClientRect();
        const matrix = new DOMMatrix(picture.style.transform);
        const at = matrix.transformPoint(new DOMPoint(share.x * picture.offsetWidth, share.y * picture.offsetHeight));
        return { x: pane.left + pane.width / 2 + at.x, y: pane.top + pane.height / 2 + at.y, middleX: pane.left + pane.width / 2, middleY: pane.top + pane.height / 2 };
      },
      [ids[name], { x: point.x / take.width, y: point.y / take.height }],
    );
  };
  const matrixOf = (name) => page.evaluate((id) => document.querySelector(`[data-pane="${id}"] [data-testid=picture]`).style.transform, ids[name]);
  const frame = () => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser, { bypassCSP: true });
    page = opened.page;
    await enter(page, server);
    patient = await makePatient(page, { uniqueId: "cmp-1", firstName: "Elsa", lastName: "Lindqvist", birthDate: "1984-03-02" });
    await page.goto(pool());
    await addPhotos(page, await skin(page, TAKES));
    for (const image of (await api(page, "GET", `/patients/${patient}/images`)).body.images) {
      ids[image.fileName.replace(".jpg", "")] = image.id;
      const set = { capturedAt: DAYS[image.fileName], view: "close_up", site: { code: "41550009", laterality: "left" } };
      const { status, body } = await api(page, "PATCH", `/patients/${patient}/images/${image.id}`, { version: image.version, set });
      assert.equal(status, 200, JSON.stringify(body));
    }
  });

  after(async () => {
    await opened?.close();
    await browser?.close();
    await server?.stop();
  });

  it("C2: every way to compare, with dates always on, is accessible and fits", async () => {
    await compare("before", "between", "after");
    await page.setViewportSize(SIZES.ipadLandscape);
    for (const name of Object.keys(MODES)) {
      await mode(name);
      await eventually(async () => assert.equal(await dialog().getByText(/^(2 Mar 2026|20 Nov 2026), /).filter({ visible: true }).count() > 0, true));
      await shoot(page, `compare-${name}-1180`);
      await checkAccessibility(page, `comparing: ${name}`);
      if (name === "split") await screenshot(page, "comparing");
      await page.setViewportSize(SIZES.phone);
      await settled(page);
      await shoot(page, `compare-${name}-390`);
      await page.setViewportSize(SIZES.ipadLandscape);
    }
    await page.getByText("4 months").first().waitFor();
  });

  it("D20: a photo that was loaded is not loaded again when another way to compare is chosen", async () => {
    await compare("before", "after");
    const asked = [];
    page.on("request", (request) => {
      if (/\/(screen|full|thumbnail)(\?|$)/.test(request.url())) asked.push(request.url());
    });
    for (const name of Object.keys(MODES)) await mode(name);
    assert.deepEqual(asked, []);
    page.removeAllListeners("request");
  });

  it("C2: wheel, drag and keys move all photos together; place and zoom stay in another mode", async () => {
    await compare("before", "after");
    const box = await stage().boundingBox();
    await page.mouse.move(box.x + 200, box.y + 300);
    await page.mouse.wheel(0, -400);
    await eventually(async () => assert.notEqual(await tools().getByRole("status").textContent(), "100 %"));
    const zoomed = await tools().getByRole("status").textContent();
    await page.mouse.down();
    await page.mouse.move(box.x + 260, box.y + 340, { steps: 5 });
    await page.mouse.up();
    await frame();
    // oxlint-disable-next-line unicorn/consistent-function-scoping -- beside what it is for
    const offset = async (name) => {
      const it = await placeOf(name, [640, 440]);
      return [it.x - it.middleX, it.y - it.middleY];
    };
    const before = await matrixOf("after");
    await page.keyboard.press("ArrowLeft");
    await frame();
    assert.notEqual(await matrixOf("after"), before);
    await page.keyboard.press("]");
    await page.keyboard.press("+");
    await frame();
    const inPane = await offset("before");
    const percent = await tools().getByRole("status").textContent();
    assert.notEqual(percent, zoomed);
    await mode("split");
    assert.equal(await tools().getByRole("status").textContent(), percent);
    // The frame is wider, so the photo is larger; what was in the middle is in the middle.
    const there = await offset("before");
    const k = Math.hypot(...there) / Math.hypot(...inPane);
    assert.ok(Math.abs(there[0] - inPane[0] * k) < 1 && Math.abs(there[1] - inPane[1] * k) < 1, `${inPane} ${there}`);
    await page.keyboard.press("0");
    await eventually(async () => assert.equal(await tools().getByRole("status").textContent(), "100 %"));
  });

  it("C2: with the link off only one photo moves, and it can be put back", async () => {
    await compare("before", "after");
    await page.keyboard.press("l");
    const before = await matrixOf("before");
    const box = await page.locator(`[data-pane="${ids.after}"]`).boundingBox();
    await page.mouse.move(box.x + 100, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x + 160, box.y + 260, { steps: 4 });
    await page.mouse.up();
    await frame();
    assert.equal(await matrixOf("before"), before);
    await panel("Photos");
    await aside().getByRole("button", { name: "Reset position" }).click();
    await aside().getByRole("button", { name: "Reset position" }).waitFor({ state: "detached" });
    await panel("Photos");
  });

  it("C2: two fingers zoom and turn the photos where they are", async () => {
    await compare("before", "after");
    const session = await page.context().newCDPSession(page);
    const box = await page.locator(`[data-pane="${ids.before}"]`).boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const touch = (type, ...points) => session.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([px, py], id) => ({ x: px, y: py, id })) });
    const before = new Map();
    for (const name of ["before", "after"]) before.set(name, await matrixOf(name));
    await touch("touchStart", [x - 60, y], [x + 60, y]);
    for (let step = 1; step <= 12; step += 1) {
      const angle = (step * 4 * Math.PI) / 180;
      const far = 60 + step * 5;
      await touch("touchMove", [x - far * Math.cos(angle), y - far * Math.sin(angle)], [x + far * Math.cos(angle), y + far * Math.sin(angle)]);
    }
    await touch("touchEnd");
    await frame();
    for (const name of ["before", "after"]) {
      const [a, b] = (await matrixOf(name)).match(/-?[\d.]+(e-?\d+)?/g).map(Number);
      const [a0, b0] = before.get(name).match(/-?[\d.]+(e-?\d+)?/g).map(Number);
      const zoom = Math.hypot(a, b) / Math.hypot(a0, b0);
      const turn = ((Math.atan2(b, a) - Math.atan2(b0, a0)) * 180) / Math.PI;
      assert.ok(Math.abs(zoom - 2) < 0.05, `zoom of ${name}: ${zoom}`);
      // Less what two fingers may turn before the photo does.
      assert.ok(turn > 30 && turn < 48, `turn of ${name}: ${turn}`);
    }
    // One finger moves both.
    const still = await matrixOf("after");
    await touch("touchStart", [x, y]);
    await touch("touchMove", [x + 30, y + 10]);
    await touch("touchMove", [x + 50, y + 20]);
    await touch("touchEnd");
    await frame();
    assert.notEqual(await matrixOf("after"), still);
    await session.detach();
  });

  it("C3, case 13: three pairs of points align a high photo with a wide one, to a pixel in every frame of a pan while pinching", async () => {
    await compare("before", "between");
    await panel("Align");
    const mark = async (name, mole) => {
      const { x, y } = await placeOf(name, mole);
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.getByTestId("loupe").waitFor();
      if (mole === MOLES[0] && name === "before") await shoot(page, "compare-loupe");
      await page.mouse.up();
    };
    for (const mole of MOLES.slice(0, 2)) for (const name of ["before", "between"]) await mark(name, mole);
    await aside().getByText(/cannot be checked with two pairs/).waitFor();
    for (const name of ["before", "between"]) await mark(name, MOLES[2]);
    await aside().getByText(/^Aligned\./).waitFor();
    await aside().getByText(/The points fit within \d+\.\d pixels, 0\.\d\d % of the width/).waitFor();
    await settled(page);
    await screenshot(page, "comparing-align");
    await checkAccessibility(page, "aligning photos");
    // The keyboard moves a point, and the fit follows.
    const point = page.getByRole("button", { name: "Point 2 in this photo" });
    await point.focus();
    const share = await aside().getByText(/The points fit within/).textContent();
    for (let step = 0; step < 4; step += 1) await page.keyboard.press("Shift+ArrowDown");
    await eventually(async () => assert.notEqual(await aside().getByText(/Aligned|Use points that belong/).first().textContent(), share));
    for (let step = 0; step < 4; step += 1) await page.keyboard.press("Shift+ArrowUp");
    await eventually(async () => assert.equal(await aside().getByText(/The points fit within/).textContent(), share));
    await aside().getByRole("button", { name: "Done" }).click();
    await mode("overlay");
    await shoot(page, "compare-aligned-overlay");
    await mode("side_by_side");
    // In every frame of the movement, as the page drew it.
    const box = await page.locator(`[data-pane="${ids.before}"]`).boundingBox();
    await page.evaluate(([first, second, share1, share2]) => {
      globalThis.worst = 0;
      globalThis.frames = 0;
      globalThis.watching = true;
      // oxlint-disable-next-line unicorn/consistent-function-scoping -- this runs in the page
      const where = (id, share) => {
        const picture = document.querySelector(`[data-pane="${id}"] [data-testid=picture]`);
        return new DOMMatrix(picture.style.transform).transformPoint(new DOMPoint(share.x * picture.offsetWidth, share.y * picture.offsetHeight));
      };
      const look = () => {
        for (const [index, share] of share1.entries()) {
          const [one, other] = [where(first, share), where(second, share2[index])];
          globalThis.worst = Math.max(globalThis.worst, Math.hypot(one.x - other.x, one.y - other.y));
        }
        globalThis.frames += 1;
        if (globalThis.watching) requestAnimationFrame(look);
      };
      look();
    }, [ids.before, ids.between, ...["before", "between"].map((name) => MOLES.slice(0, 3).map((mole) => {
      const take = TAKES.find((it) => it.name === name);
      const at = seen(take, mole);
      return { x: at.x / take.width, y: at.y / take.height };
    }))]);
    const session = await page.context().newCDPSession(page);
    const touch = (type, ...points) => session.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([px, py], id) => ({ x: px, y: py, id })) });
    const [x, y] = [box.x + 200, box.y + 300];
    await touch("touchStart", [x - 50, y], [x + 50, y]);
    for (let step = 1; step <= 30; step += 1) await touch("touchMove", [x - 50 - step + step * 3, y + step], [x + 50 + step * 4, y + step * 2]);
    await touch("touchEnd");
    await session.detach();
    await frame();
    const { worst, frames } = await page.evaluate(() => {
      globalThis.watching = false;
      return { worst: globalThis.worst, frames: globalThis.frames };
    });
    assert.ok(frames > 5, `${frames} frames`);
    assert.ok(worst <= 1, `the mapped point is ${worst} px off`);
  });

  it("the slider: only its handle moves it, and the arrow keys do", async () => {
    await compare("before", "after");
    await mode("split");
    const slider = page.getByRole("slider", { name: "Position of the slider" });
    const box = await stage().boundingBox();
    await page.mouse.move(box.x + 100, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + 180, box.y + box.height / 2, { steps: 3 });
    await page.mouse.up();
    assert.equal(await slider.inputValue(), "50");
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + box.height / 2, { steps: 5 });
    await page.mouse.up();
    const moved = Number(await slider.inputValue());
    assert.ok(moved > 70 && moved < 80, String(moved));
    await slider.focus();
    await page.keyboard.press("ArrowLeft");
    assert.ok(Number(await slider.inputValue()) < moved);
  });

  it("blink: the space bar shows the other photo while it is held, which is told", async () => {
    await compare("before", "after");
    await mode("blink");
    const other = page.getByRole("button", { name: "Show the other" });
    await other.waitFor();
    const seenNow = () => page.evaluate(() => [...document.querySelectorAll("[data-pane]:not([hidden])")].find((it) => !it.hasAttribute("data-unseen")).dataset.pane);
    await stage().focus();
    assert.equal(await seenNow(), ids.before);
    await page.keyboard.down(" ");
    await eventually(async () => assert.equal(await seenNow(), ids.after));
    await page.getByText("Now showing: 20 Nov 2026, 15:05").waitFor({ state: "attached" });
    await page.keyboard.up(" ");
    await eventually(async () => assert.equal(await seenNow(), ids.before));
    await other.click();
    await eventually(async () => assert.equal(await seenNow(), ids.after));
    // A person who wants less motion is offered no automatic change.
    await page.getByRole("button", { name: "Alternate" }).waitFor();
    const calm = await openPage(browser, { state: await opened.context.storageState() });
    await calm.page.emulateMedia({ reducedMotion: "reduce" });
    await calm.close();
  });

  it("a tap hides everything but the photos, Tab brings the controls back", async () => {
    await compare("before", "after");
    const box = await stage().boundingBox();
    await page.mouse.click(box.x + 200, box.y + 300);
    await tools().waitFor({ state: "hidden" });
    await settled(page);
    await shoot(page, "compare-bare");
    await dialog().getByText(/^2 Mar 2026, /).first().waitFor();
    await page.keyboard.press("Tab");
    await tools().waitFor();
    await page.keyboard.press("h");
    await tools().waitFor({ state: "hidden" });
    assert.match(await focused(page), /^Press \+/);
    await page.keyboard.press("h");
    await tools().waitFor();
  });

  it("from the viewer: the newest earlier photo of the same site and view, and back to where it was", async () => {
    await page.goto(pool());
    await page.locator(`[data-cell="${ids.after}"]`).click();
    await viewing(page, 1);
    await page.getByRole("button", { name: "Compare with previous" }).click();
    await dialog().getByText(/^14 Jul 2026, /).first().waitFor();
    assert.equal(await page.getByText(/no earlier photo with the same body site/).count(), 0);
    assert.equal(await page.evaluate(() => location.pathname), `/patients/${patient}/compare`);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").getByText(/^1 of /).waitFor();
    // The first photo of all has none before it.
    await page.goto(`${pool()}/${ids.before}`);
    await page.getByRole("button", { name: "Compare with previous" }).click();
    await page.getByText("There is no earlier photo of this patient.").waitFor();
  });

  it("R0: what was entered and not saved is asked about, and is there after a reload", async () => {
    await compare("before", "after");
    await panel("Photos");
    await aside().getByLabel("Label").first().fill("Before laser");
    await dialog().locator("strong", { hasText: "Before laser" }).first().waitFor();
    await page.keyboard.press("Escape");
    const question = page.getByRole("alertdialog", { name: "Discard changes?" });
    await question.getByRole("button", { name: "Keep editing" }).click();
    // Kept shortly after the last key. The browser asks, too, before it leaves the page.
    await afterTimers(page, 500);
    page.removeAllListeners("dialog");
    page.once("dialog", (asked) => void asked.accept());
    await page.reload();
    await dialog().locator("strong", { hasText: "Before laser" }).first().waitFor();
  });

  it("C1: saved in a visit, it saves by itself; it is there after a reload; a clash shows both values", async () => {
    await compare("before", "after");
    await mode("split");
    await panel("Photos");
    await aside().getByLabel("Label").first().fill("Before laser");
    await page.getByRole("button", { name: "Save to a visit…" }).click();
    const save = page.getByRole("dialog", { name: "Save the comparison" });
    await save.getByLabel("Title of the visit").fill("Follow-up");
    await save.getByLabel("Title", { exact: false }).last().fill("Forearm");
    await settled(page);
    await shoot(page, "compare-save");
    await checkAccessibility(page, "saving a comparison");
    await save.getByRole("button", { name: "Save", exact: true }).click();
    await save.waitFor({ state: "detached" });
    await page.getByText(/^Saved( \d\d:\d\d)?$/).waitFor();
    const path = await page.evaluate(() => location.pathname);
    const [, comparison] = /\/compare\/([^/]+)$/.exec(path) ?? [];
    assert.ok(comparison, path);
    const stored = async () => (await api(page, "GET", `/patients/${patient}/comparisons/${comparison}`)).body;
    await eventually(async () => {
      const it = await stored();
      assert.deepEqual([it.title, it.mode, it.views[0].label, it.images], ["Forearm", "split", "Before laser", [ids.before, ids.after]]);
    });
    // Everything that changes is sent: the mode, a drawing, the order.
    await mode("overlay");
    await eventually(async () => assert.equal((await stored()).mode, "overlay"));
    await aside().getByRole("button", { name: "Move down" }).first().click();
    await eventually(async () => assert.deepEqual((await stored()).images, [ids.after, ids.before]));
    await aside().getByRole("button", { name: "Move up" }).last().click();
    await eventually(async () => assert.deepEqual((await stored()).images, [ids.before, ids.after]));
    await panel("Details");
    await aside().getByLabel("Note").fill("Less red.");
    await eventually(async () => assert.equal((await stored()).note, "Less red."));
    await page.getByText(/^Saved \d\d:\d\d$/).waitFor();
    await page.reload();
    await dialog().waitFor();
    await drawn();
    assert.equal(await chosenMode(), "overlay");
    await dialog().locator("strong", { hasText: "Before laser" }).first().waitFor();
    // Another device changes the title that is being changed here.
    const { version } = await stored();
    await panel("Details");
    await api(page, "PATCH", `/patients/${patient}/comparisons/${comparison}`, { version, title: "Theirs" });
    await aside().getByLabel("Title").fill("Mine");
    await page.getByRole("button", { name: "Needs your choice" }).click();
    const clash = page.getByRole("dialog", { name: "Changed on another device" });
    await clash.getByText("Theirs", { exact: true }).waitFor();
    assert.ok(await clash.getByRole("button", { name: "Continue" }).isDisabled(), "none is chosen beforehand");
    await settled(page);
    await shoot(page, "compare-clash");
    await checkAccessibility(page, "a clash of comparisons");
    await clash.getByText("Mine", { exact: true }).click();
    await clash.getByRole("button", { name: "Continue" }).click();
    await eventually(async () => assert.equal((await stored()).title, "Mine"));
    await page.getByText(/^Saved \d\d:\d\d$/).waitFor();
  });

  it("C1, C3: drawings and a ruler are layers beside the photo; lengths have their uncertainty; undo, hide, delete", async () => {
    await compare("before", "after");
    await panel("Draw");
    const tool = (name) => aside().getByText(name, { exact: true }).click();
    const drag = async (from, to) => {
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
      await page.mouse.move(to.x, to.y);
      await page.mouse.up();
    };
    await tool("Ruler");
    await drag(await placeOf("before", [420, 850]), await placeOf("before", [820, 850]));
    const length = page.getByRole("dialog", { name: "Length of the ruler" });
    await length.getByLabel("Millimetres between the two points").fill("50");
    await length.getByRole("button", { name: "Apply" }).click();
    await aside().getByText("Ruler: 50 mm").waitFor();
    await tool("Measure");
    await drag(await placeOf("before", [500, 450]), await placeOf("before", [740, 450]));
    // 240 units at 8 to a millimetre.
    await aside().getByText(/1\. (29|30)\.\d ± \d\.\d mm, Yellow/).waitFor();
    await tool("Red");
    await tool("Arrow");
    await drag(await placeOf("before", [380, 300]), await placeOf("before", [560, 400]));
    await tool("Circle");
    await drag(await placeOf("before", [640, 440]), await placeOf("before", [770, 440]));
    await tool("Text");
    const at = await placeOf("before", [800, 240]);
    await page.mouse.click(at.x, at.y);
    await page.getByRole("dialog", { name: "Text on the photo" }).getByLabel("Text").fill("Rim");
    await page.getByRole("dialog", { name: "Text on the photo" }).getByRole("button", { name: "Apply" }).click();
    await tool("Freehand");
    await drag(await placeOf("before", [300, 500]), await placeOf("before", [420, 640]));
    const list = aside().getByRole("list", { name: "Drawings on this photo" }).getByRole("listitem");
    await eventually(async () => assert.equal(await list.count(), 5));
    await settled(page);
    await screenshot(page, "comparing-draw");
    await shoot(page, "compare-draw");
    await checkAccessibility(page, "drawing");
    await aside().getByRole("button", { name: "Undo" }).click();
    await eventually(async () => assert.equal(await list.count(), 4));
    // The keyboard: from the middle, moved, resized, deleted.
    await tool("Circle");
    await aside().getByRole("button", { name: "Circle: add in the middle" }).click();
    await eventually(async () => assert.equal(await list.count(), 5));
    const last = list.last().getByRole("button").first();
    await last.focus();
    const shape = () => page.evaluate(() => [...document.querySelectorAll("[data-drawn]")].at(-1).innerHTML);
    const start = await shape();
    await page.keyboard.press("Shift+ArrowRight");
    await eventually(async () => assert.notEqual(await shape(), start));
    await page.keyboard.press("Delete");
    await eventually(async () => assert.equal(await list.count(), 4));
    // Chosen and moved by hand.
    await tool("Select");
    const rim = await placeOf("before", [640, 310]);
    await drag(rim, { x: rim.x + 40, y: rim.y });
    await aside().getByText("Show the drawings").click();
    assert.equal(await page.locator("[data-drawn]").count(), 0);
    await aside().getByText("Show the drawings").click();
    await eventually(async () => assert.equal(await page.locator("[data-drawn]").count(), 4));
  });

  it("C1: crop, rotation and scale in numbers, and by the corners of the crop", async () => {
    await compare("before", "after");
    await panel("Photos");
    await aside().getByRole("button", { name: "Adjust" }).first().click();
    const adjust = page.getByRole("dialog", { name: /^Adjust the photo/ });
    await adjust.getByLabel("Rotation in degrees").fill("400");
    await adjust.getByRole("button", { name: "Apply" }).click();
    await adjust.getByText("Enter a number from -180 to 180.").waitFor();
    await adjust.getByLabel("Rotation in degrees").fill("15");
    await adjust.getByRole("button", { name: "Upper left corner" }).focus();
    for (let step = 0; step < 4; step += 1) await page.keyboard.press("Shift+ArrowRight");
    assert.equal(await adjust.getByLabel("Crop from the left in per cent").inputValue(), "20");
    await settled(page);
    await shoot(page, "compare-adjust");
    await checkAccessibility(page, "adjusting a photo");
    await adjust.getByRole("button", { name: "Apply" }).click();
    await adjust.waitFor({ state: "detached" });
    await settled(page);
    await shoot(page, "compare-adjusted");
    const clip = await page.evaluate((id) => document.querySelector(`[data-pane="${id}"] [data-testid=picture]`).style.clipPath, ids.before);
    assert.match(clip, /20%/);
  });

  it("C1: photos are added and removed, two at least", async () => {
    await compare("before", "after");
    await panel("Photos");
    assert.ok(await aside().getByRole("button", { name: "Remove" }).first().isDisabled());
    await aside().getByRole("button", { name: "Add photos" }).click();
    const add = page.getByRole("dialog", { name: "Add photos to the comparison" });
    await add.getByText(/14 Jul 2026/).click();
    await settled(page);
    await shoot(page, "compare-add");
    await checkAccessibility(page, "adding photos to a comparison");
    await add.getByRole("button", { name: "Add 1 photo" }).click();
    await aside().getByText(/^Photo 3 of 3/).waitFor();
    await aside().getByRole("button", { name: "Remove" }).first().click();
    await aside().getByText(/^Photo 2 of 2/).waitFor();
  });

  for (const { name, size, text } of WAYS) {
    it(`F10: the comparison and its panels, ${name}`, async () => {
      await textSize(page, 100);
      await page.setViewportSize(SIZES.ipadLandscape);
      await compare("before", "between", "after");
      await page.setViewportSize(size);
      await textSize(page, text);
      for (const one of ["side_by_side", "split", "blink", "timeline"]) {
        await mode(one);
        await shoot(page, `compare-reflow-${size.width}-${text}-${one}`);
        await checkReflow(page, `comparing: ${one}`);
      }
      for (const one of ["Photos", "Align", "Draw", "Details"]) {
        await panel(one);
        await settled(page);
        await shoot(page, `compare-reflow-${size.width}-${text}-${one.toLowerCase()}`);
        await checkReflow(page, `the panel ${one}`);
      }
      await textSize(page, 100);
      await page.setViewportSize(SIZES.ipadLandscape);
    });
  }
});
