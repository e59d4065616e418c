// S1, case 12 of live sync: thousands of photos, an upward flick, and ten that another device adds above: what is in sight stays where it is.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { afterTimers, eventually, openBrowser, openPage, PATIENCE_MS, settled } from "./browser.mjs";
import { pretend } from "./pretend.mjs";
import { api, makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { enter } from "./steps.mjs";

/**
 * A debug build stores ten small photos a second, so by default the list is answered by the test, all but those that are added
 * meanwhile; what tells of them and what is fetched then is real. With CUTIS_REAL_PHOTOS=5000 all of them are stored.
 */
const REAL = Number(process.env.CUTIS_REAL_PHOTOS ?? 0);
const MANY = 5000;
const HOUR = 3_600_000;

/** Adds small photos, each another one, captured one hour apart, the first at `newest`. */
const add = (page, patient, count, newest) =>
  page.evaluate(
    async ([whose, amount, at, step]) => {
      const canvas = new OffscreenCanvas(96, 64);
      const pen = canvas.getContext("2d");
      let next = 0;
      const lane = async () => {
        while (next < amount) {
          const index = next;
          next += 1;
          canvas.width = index % 3 ? 96 : 48;
          pen.fillStyle = `rgb(${index % 256} ${index >> 8} ${(at / step) % 256})`;
          pen.fillRect(0, 0, 96, 64);
          const form = new FormData();
          form.append("details", JSON.stringify({ capturedAt: new Date(at - index * step).toISOString() }));
          form.append("file", await canvas.convertToBlob({ type: "image/png" }), `${index}.png`);
          const answer = await fetch(`/api/v1/patients/${whose}/images`, { method: "POST", body: form, headers: { "Idempotency-Key": crypto.randomUUID() } });
          const [result] = answer.ok ? (await answer.json()).results : [];
          if (result?.outcome !== "stored") throw new Error(`${index}: ${answer.status} ${JSON.stringify(result)}`);
        }
      };
      await Promise.all([lane(), lane()]);
    },
    [patient, count, newest, HOUR],
  );

describe("a long list of photos while another device adds some", () => {
  let server;
  let browser;
  let opened;
  let other;
  let page;
  let session;
  let patient;
  let newest = Date.UTC(2026, 10, 26, 9);

  /** The topmost photo that is whole in sight: its id, and where it is. */
  const topmost = () =>
    page.evaluate(() => {
      const bar = document.querySelector("nav[aria-label='Parts of the patient record']").getBoundingClientRect().bottom;
      const cells = [...document.querySelectorAll("[data-cell]")].map((it) => ({ id: it.dataset.cell, top: it.getBoundingClientRect().top, left: it.getBoundingClientRect().left }));
      return cells.filter(({ top }) => top > bar).toSorted((one, two) => one.top - two.top || one.left - two.left)[0];
    });
  const topOf = (id) => page.evaluate((name) => document.querySelector(`[data-cell="${CSS.escape(name)}"]`)?.getBoundingClientRect().top ?? null, id);
  const total = () => page.getByRole("main").getByRole("status").first().textContent();
  const showsTotal = async (amount) => eventually(async () => assert.equal((await total()).replaceAll(/\D/g, ""), String(amount)));
  const touch = (type, ...points) => session.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y]) => ({ x, y, id: 0 })) });
  /** One finger down the screen, and off it while it moves: the list goes on by itself. */
  const flick = async () => {
    await touch("touchStart", [500, 260]);
    for (let step = 1; step <= 8; step += 1) await touch("touchMove", [500, 260 + step * 40]);
    await touch("touchEnd");
  };
  /** The list has come to rest: a flick goes on for a while after the finger has left. */
  const rested = async () => {
    await page.waitForFunction(async () => {
      const from = scrollY;
      for (let frame = 0; frame < 20; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
      return scrollY === from;
    });
    await settled(page);
  };
  const addTen = async () => {
    newest += 20 * HOUR;
    await add(other.page, patient, 10, newest);
  };

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser);
    page = opened.page;
    await enter(page, server);
    other = await openPage(browser);
    await enter(other.page, server);
    patient = await makePatient(page, { uniqueId: "many-1", firstName: "Elsa", lastName: "Lindqvist" });
    await add(page, patient, REAL || 5, newest);
    if (!REAL) {
      const [first] = (await api(page, "GET", `/patients/${patient}/images?limit=1`)).body.images;
      const bytes = await page.evaluate(async (address) => [...new Uint8Array(await (await fetch(address)).arrayBuffer())], `/api/v1/patients/${patient}/images/${first.id}/thumbnail`);
      await pretend(page, MANY - 5, Buffer.from(bytes), { isMixed: true });
    }
    session = await opened.context.newCDPSession(page);
    await page.goto(`${server.url}/patients/${patient}/photos`);
    await page.locator("[data-cell]").first().waitFor();
    await showsTotal(REAL || MANY);
    // All of it is loaded, page by page, as by somebody who goes down to the first photo.
    await page.locator("[data-cell]").first().focus();
    const more = page.getByRole("main").getByRole("button", { name: "Show more" });
    while ((await more.count()) > 0) {
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.keyboard.press("End");
      await page.waitForFunction((old) => document.documentElement.scrollHeight > old, height);
    }
    await page.evaluate(() => scrollTo(0, Math.round(document.documentElement.scrollHeight / 2)));
    await settled(page);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("case 12: at rest, the topmost photo stays to a pixel when ten come above it", async () => {
    const before = await topmost();
    await addTen();
    await showsTotal((REAL || MANY) + 10);
    await rested();
    const after = await topOf(before.id);
    assert.ok(Math.abs(after - before.top) <= 1, `${before.id} moved from ${before.top} to ${after}`);
    assert.equal((await topmost()).id, before.id);
  });

  it("case 12: in the middle of an upward flick it moves by the flick only", async (t) => {
    await page.evaluate(() => {
      const watch = { frames: [], changes: [], isOn: true, tops: new Map() };
      globalThis.watch = watch;
      const pool = document.querySelector("[data-cell]").closest("section").parentElement;
      // oxlint-disable-next-line unicorn/consistent-function-scoping -- this runs in the page
      const tops = () => new Map([...document.querySelectorAll("[data-cell]")].map((it) => [it.dataset.cell, it.getBoundingClientRect().top]).filter(([, top]) => top > 0 && top < innerHeight));
      const frame = () => {
        const now = tops();
        const moves = [...now].flatMap(([id, top]) => (watch.tops.has(id) ? [top - watch.tops.get(id)] : []));
        watch.frames.push(moves[0] ?? 0);
        watch.tops = now;
        if (watch.isOn) requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
      // Told after the rows were laid out anew and before anything else: no frame lies between, so nothing that moves then is the flick.
      new MutationObserver(() => {
        const now = tops();
        const moves = [...now].flatMap(([id, top]) => (watch.tops.has(id) ? [top - watch.tops.get(id)] : []));
        watch.changes.push({ at: watch.frames.length, moved: moves.length > 0 ? Math.max(...moves.map(Math.abs)) : null });
      }).observe(pool, { attributes: true, attributeFilter: ["style"] });
    });
    const from = await page.evaluate(() => scrollY);
    const added = addTen();
    const done = { isAdded: false };
    void added.finally(() => {
      done.isAdded = true;
    });
    // Flicks, one after the other, until the ten are there.
    let flicks = 0;
    const begun = await page.evaluate(() => globalThis.watch.changes.length);
    while ((await page.evaluate(() => globalThis.watch.changes.length)) === begun || !done.isAdded) {
      await flick();
      flicks += 1;
      // The list goes on by itself meanwhile.
      await afterTimers(page, 300);
      assert.ok((await page.evaluate(() => scrollY)) > 2000, "the ten came before the beginning of the list was reached");
    }
    await added;
    await showsTotal((REAL || MANY) + 20);
    await rested();
    const { frames, changes } = await page.evaluate(() => {
      globalThis.watch.isOn = false;
      return globalThis.watch;
    });
    t.diagnostic(JSON.stringify({ flicks, frames: frames.length, changes, scrolled: from - (await page.evaluate(() => scrollY)) }));
    assert.ok(changes.some(({ moved }) => moved !== null), "ten came above");
    assert.ok(frames.filter((it) => it > 1).length > 10, "it was flicked");
    for (const { moved } of changes) assert.ok(moved === null || moved <= 1, `moved by ${moved} px`);
    // Upwards only, and without a leap.
    const least = Math.min(...frames);
    assert.ok(least >= -1, `${least} px against the flick`);
  });

  it("case 12: the viewer and back: the same place, also when ten came meanwhile", async () => {
    await rested();
    const before = await topmost();
    await page.locator(`[data-cell="${before.id}"]`).click();
    await page.getByRole("dialog").waitFor();
    await addTen();
    await page.getByRole("dialog").getByText(new RegExp(`of ${((REAL || MANY) + 30).toLocaleString("en")}$|of ${(REAL || MANY) + 30}$`)).waitFor({ timeout: PATIENCE_MS });
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.waitForFunction((id) => document.activeElement?.dataset.cell === id, before.id);
    await rested();
    const after = await topOf(before.id);
    assert.ok(Math.abs(after - before.top) <= 1, `${before.id} moved from ${before.top} to ${after}`);
    await other.close();
    await opened.close();
  });
});
