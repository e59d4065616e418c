// How smoothly two photos of 24 megapixels move together: frames and long tasks while they are panned and zoomed. A measurement and no
// test, as its figures depend on the machine. Run with CUTIS_BIN, as the tests.
import { openBrowser, openPage } from "./browser.mjs";
import { addPhotos, api, makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { skin } from "./skin.mjs";
import { act, enter } from "./steps.mjs";

const SIZE = { width: 6000, height: 4000, scale: 4.6, grain: 900 };
const STEPS = 240;

const said = (all) => `longest ${all.slice(0, 3).map((it) => it.toFixed(1)).join(", ")} ms, ${all.filter((it) => it > 16).length} over 16 ms`;

const server = await startServer();
const browser = await openBrowser();
try {
  const { page } = await openPage(browser);
  await enter(page, server);
  const patient = await makePatient(page, { uniqueId: "bench-1" });
  await page.goto(`${server.url}/patients/${patient}/photos`);
  await addPhotos(page, await skin(page, [{ name: "one", ...SIZE }, { name: "two", ...SIZE, turn: 3, lesion: 0.6 }]));
  const sizes = (await api(page, "GET", `/patients/${patient}/images`)).body.images.map((it) => `${it.width} × ${it.height}`);
  await page.goto(`${server.url}/patients/${patient}/photos`);
  await page.getByRole("button", { name: "Select", exact: true }).click();
  await page.getByRole("button", { name: "Select all" }).click();
  await act(page, "Compare");
  await page.waitForFunction(() => [...document.querySelectorAll("[data-pane] img[alt^='Photo of']")].filter((it) => it.dataset.state === "shown").length === 2);
  const stage = await page.getByRole("group", { name: /^Press \+ and/ }).boundingBox();
  const session = await page.context().newCDPSession(page);

  /** What the page's main thread did between start and end, from the browser's own trace, in milliseconds: by the clock, which counts what others on the machine do, and by the processor. */
  const traced = async (work) => {
    const events = [];
    session.on("Tracing.dataCollected", ({ value }) => events.push(...value));
    await session.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["toplevel", "disabled-by-default-devtools.timeline", "devtools.timeline"] } });
    await work();
    const done = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
    await session.send("Tracing.end");
    await done;
    session.removeAllListeners("Tracing.dataCollected");
    const mains = new Set(events.filter((it) => it.name === "thread_name" && it.args?.name === "CrRendererMain").map((it) => `${it.pid} ${it.tid}`));
    const tasks = events.filter((it) => it.ph === "X" && it.name === "RunTask" && mains.has(`${it.pid} ${it.tid}`));
    const longest = (key) => tasks.map((it) => (it[key] ?? 0) / 1000).toSorted((a, b) => b - a);
    return { wall: longest("dur"), processor: longest("tdur") };
  };
  const framed = (work) =>
    page
      .evaluate(() => {
        globalThis.gaps = [];
        globalThis.longTasks = [];
        globalThis.isMeasuring = true;
        globalThis.observer = new PerformanceObserver((list) => globalThis.longTasks.push(...list.getEntries().map((it) => it.duration)));
        globalThis.observer.observe({ entryTypes: ["longtask"] });
        let last = performance.now();
        const look = (now) => {
          globalThis.gaps.push(now - last);
          last = now;
          if (globalThis.isMeasuring) requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      })
      .then(work)
      .then(() =>
        page.evaluate(() => {
          globalThis.isMeasuring = false;
          globalThis.observer.disconnect();
          return { gaps: globalThis.gaps.slice(2), longTasks: globalThis.longTasks };
        }),
      );

  const pan = async () => {
    await page.mouse.move(stage.x + 200, stage.y + 300);
    await page.mouse.down();
    for (let step = 0; step < STEPS; step += 1) await page.mouse.move(stage.x + 200 + Math.sin(step / 12) * 120, stage.y + 300 + Math.cos(step / 9) * 90);
    await page.mouse.up();
  };
  const zoom = async () => {
    await page.mouse.move(stage.x + 250, stage.y + 320);
    for (let step = 0; step < 60; step += 1) await page.mouse.wheel(0, step < 30 ? -60 : 60);
  };
  console.log(`photos: ${sizes.join(", ")}`);
  for (const [name, work] of Object.entries({ pan, zoom, "pan of full sizes": pan })) {
    if (name === "pan of full sizes") {
      await page.mouse.move(stage.x + 250, stage.y + 320);
      for (let step = 0; step < 18; step += 1) await page.mouse.wheel(0, -100);
      await page.waitForFunction(() => [...document.querySelectorAll("[data-pane] img[src*='/full']")].filter((it) => it.dataset.state === "shown").length === 2);
    }
    let frames;
    const tasks = await traced(async () => {
      frames = await framed(work);
    });
    const gaps = frames.gaps.toSorted((a, b) => a - b);
    const at = (share) => gaps[Math.min(gaps.length - 1, Math.floor(gaps.length * share))]?.toFixed(1);
    console.log(`${name}: ${gaps.length} frames, ${at(0.5)} ms median, ${at(0.99)} ms at 99 %; ${said(tasks.wall)}, of the processor's time ${said(tasks.processor)}, of ${tasks.wall.length} tasks of the main thread; long tasks (over 50 ms) told by the page: ${frames.longTasks.length}`);
  }
} finally {
  await browser.close();
  await server.stop();
}
