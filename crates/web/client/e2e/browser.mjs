// A browser, pages that report what goes wrong in them, and the accessibility check.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

export const ARGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RESULTS = new URL("../test-results/", import.meta.url);
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export const SIZES = {
  ipadLandscape: { width: 1180, height: 820 },
  ipadPortrait: { width: 820, height: 1180 },
  phone: { width: 390, height: 844 },
  desktop: { width: 1440, height: 900 },
};
/** What the client may keep in the browser (C40). */
const KEPT = new Set(["cutis.theme", "cutis.sidebar", "cutis.photos", "cutis.photo-order", "cutis.camera", "cutis.hand-over", "cutis.first-day"]);

/** The path of a browser: the named one, the machine's own, or the one that ensure-browser.mjs fetched. */
export async function findBrowser() {
  const named = process.env.CUTIS_CHROMIUM;
  if (named && !existsSync(named)) throw new Error(`CUTIS_CHROMIUM names ${named}, which isn't there.`);
  const candidates = [named, "/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/chromium-browser"];
  const found = candidates.find((path) => path && existsSync(path));
  if (found) return found;
  try {
    const { default: fetched } = await import("@sparticuz/chromium");
    return await fetched.executablePath();
  } catch {
    throw new Error("No browser for the tests: install Debian's chromium, or set CUTIS_CHROMIUM to one.");
  }
}

export const openBrowser = async (more = []) => chromium.launch({ executablePath: await findBrowser(), args: [...ARGS, ...more] });

/** A camera that the browser draws itself; whether a page may have it is for its context to say. */
export const FAKE_CAMERA = ["--use-fake-device-for-media-stream"];

/** Failed requests that a test brings about on purpose are printed by the browser; they are no error of the page. */
const EXPECTED = /^(?:Failed to load resource: (the server responded with a status of (401|403|404|409|413|415|422|429)|net::ERR_(CONNECTION_RESET|CONNECTION_REFUSED|EMPTY_RESPONSE|INTERNET_DISCONNECTED|FAILED))|WebSocket connection to '[^']*\/api\/v1\/live' failed: (\s*$|Error in connection establishment: net::ERR_|Error during WebSocket handshake: (net::ERR_|Unexpected response code: 40[13])|WebSocket is closed))/;

/** The page has a part of the processor only (CUTIS_SLOW): times that are measured mean nothing then. */
export const isSlowed = Number(process.env.CUTIS_SLOW ?? 1) > 1;

/** How long a test waits for what must come. Long, because it costs time only where something is wrong. */
export const PATIENCE_MS = Number(process.env.CUTIS_PATIENCE ?? 60_000);

/** With CUTIS_SLOW=8 the page has an eighth of the processor: what holds then holds on a slow machine too. */
export async function slowDown(page) {
  if (!isSlowed) return;
  // The session stays: with its end the page would be as fast as before.
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: Number(process.env.CUTIS_SLOW) });
}

/** A page with a list of everything that must not happen in it. */
export async function openPage(browser, options = {}) {
  const { size = "ipadLandscape", theme = "light", state, bypassCSP = false, locale } = options;
  const context = await browser.newContext({
    viewport: SIZES[size],
    colorScheme: theme,
    ignoreHTTPSErrors: true,
    hasTouch: size !== "desktop",
    storageState: state,
    bypassCSP,
    ...(locale ? { locale } : {}),
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const faults = [];
  await context.exposeBinding("reportViolation", (_source, text) => faults.push(text));
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      globalThis.reportViolation(`policy violation: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ""}:${event.lineNumber ?? ""}`);
    });
  });
  const page = await context.newPage();
  await slowDown(page);
  page.on("console", (message) => {
    if (message.type() === "error" && !EXPECTED.test(message.text())) faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`uncaught: ${error.message}`));
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return {
    page,
    context,
    close: async () => {
      await context.close();
      assert.deepEqual(faults, [], "the page must stay free of errors and policy violations");
    },
  };
}

/** Repeats a check until it holds; what it says in the end is why it never did. */
export async function eventually(check) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  }
}

/** Everything that moves or fades has come to its end and is drawn, and the pictures in sight are there. */
export async function settled(page) {
  await page.waitForFunction(async () => {
    /* oxlint-disable unicorn/consistent-function-scoping -- this runs in the page, which knows nothing from outside */
    const isStill = () => {
      // What turns without end, such as the sign of waiting, is left out.
      const moves = document.getAnimations().some((it) => it.playState === "running" && Number.isFinite(it.effect?.getComputedTiming().endTime));
      const loads = [...document.images].some((it) => {
        const { top, bottom, width } = it.getBoundingClientRect();
        return !it.complete && width > 0 && bottom > 0 && top < innerHeight && it.checkVisibility({ visibilityProperty: true });
      });
      return !moves && !loads;
    };
    /* oxlint-enable unicorn/consistent-function-scoping */
    await document.fonts.ready;
    // The frame in which an animation ends is followed by the one that draws its end.
    for (let frame = 0; frame < 4; frame += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      if (!isStill()) return false;
    }
    return true;
  });
}

/**
 * Every timer of the page that was set for so many milliseconds or fewer has run: timers come in the order of their times,
 * however slow the machine is.
 */
export const afterTimers = (page, ms) => page.evaluate((after) => new Promise((resolve) => setTimeout(resolve, after + 1)), ms);

/**
 * For pictures only, which nothing depends on: the browser draws apart from the page, and where both are busy a dialog that is
 * there already may still be missing in what is drawn.
 */
async function drawn(page) {
  await settled(page);
  await afterTimers(page, 350);
}

export async function shoot(page, name) {
  mkdirSync(RESULTS, { recursive: true });
  await drawn(page);
  await page.screenshot({ path: new URL(`${name}.png`, RESULTS).pathname });
}

/** No screenshot of the manual weighs more, so that its pages open at once and the repository stays small. */
const MANUAL_SCREENSHOT_BYTES = 60_000;
const MANUAL = new URL("../../../../docs/manual/img/", import.meta.url);

/**
 * A screenshot for the manual, as WebP. The suite always takes it and checks its size; it replaces the committed one only when
 * `CUTIS_MANUAL_SCREENSHOTS` is set (`just manual-screenshots`), because no two browsers draw the same pixels.
 */
export async function screenshot(page, name) {
  await drawn(page);
  const session = await page.context().newCDPSession(page);
  // Photographs of real cameras, where the suite has some, weigh more than drawn ones.
  let bytes;
  for (const quality of [80, 60, 40]) {
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality });
    bytes = Buffer.from(data, "base64");
    if (bytes.length < MANUAL_SCREENSHOT_BYTES) break;
  }
  await session.detach();
  assert.ok(bytes.length < MANUAL_SCREENSHOT_BYTES, `${name}.webp has ${bytes.length} bytes`);
  const file = new URL(`${name}.webp`, MANUAL);
  if (process.env.CUTIS_MANUAL_SCREENSHOTS) writeFileSync(file, bytes);
  assert.ok(existsSync(file), `docs/manual/img/${name}.webp is missing; make it with just manual-screenshots`);
}

/** No violation of WCAG 2.2 A or AA, nor of axe's best practices. The page must have been opened with `bypassCSP`. */
export async function checkAccessibility(page, name) {
  await page.evaluate(AXE);
  let found = [];
  // What fades in has its final colours only at the end, and on a slow machine it may begin while axe looks.
  for (let look = 0; look < 3; look += 1) {
    await settled(page);
    found = await violations(page);
    if (found.length === 0) break;
  }
  assert.deepEqual(found, [], `accessibility of ${name}`);
}

const violations = (page) =>
  page.evaluate(async (tags) => {
    // While a dialog is open the page behind it is inert; axe then misses the landmark and heading that are there.
    const isModal = document.querySelector("[role=dialog], [role=alertdialog]") !== null;
    const rules = Object.fromEntries(["landmark-one-main", "page-has-heading-one"].map((id) => [id, { enabled: !isModal }]));
    const { violations: all } = await globalThis.axe.run(document, { runOnly: tags, rules });
    return all.map((it) => `${it.id}: ${it.nodes.map((node) => node.target.join(" ")).join(", ")}`);
  }, TAGS);

/** C40: nothing about a patient or a session stays in the browser; while someone is signed in, only what nobody can read without them. */
export async function checkStorage(page, { isSignedIn = false, words = /$^/ } = {}) {
  const kept = await page.evaluate(async () => ({
    local: Object.keys(localStorage),
    session: { ...sessionStorage },
    caches: globalThis.caches ? await caches.keys() : [],
    cookies: document.cookie,
  }));
  assert.deepEqual(kept.local.filter((key) => !KEPT.has(key)), [], "localStorage");
  const sealed = isSignedIn ? ["cutis.sealed", "cutis.client"] : [];
  assert.deepEqual(Object.keys(kept.session).filter((key) => !sealed.includes(key)), [], "sessionStorage");
  for (const [name, value] of Object.entries(kept.session)) {
    // Who this page is to live sync: chance, which names nobody.
    if (name === "cutis.client") {
      assert.match(value, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/, "an id by chance");
      continue;
    }
    assert.match(value, /^[A-Za-z0-9+/=]{40,}$/, "what is kept is sealed");
    assert.doesNotMatch(Buffer.from(value, "base64").toString("latin1"), words, "and holds nothing that can be read");
  }
  assert.deepEqual([kept.caches, kept.cookies], [[], ""], "other storages");
  // What waits to be sent is deleted with the session of whoever signs out, which the page does not wait for.
  if (isSignedIn) assert.doesNotMatch((await queueOnDevice(page)).text, words, "photos that wait are sealed");
  else await eventually(async () => assert.deepEqual(await page.evaluate(() => indexedDB.databases()), [], "nothing waits on the device"));
}

/** What waits on the device to be sent: how many files and pieces, and everything of it as text. */
export async function queueOnDevice(page) {
  const found = await page.evaluate(async () => {
    const names = (await indexedDB.databases()).map((it) => it.name);
    if (!names.includes("cutis-queue")) return { names, items: 0, chunks: 0, bytes: [] };
    // oxlint-disable-next-line unicorn/consistent-function-scoping -- this runs inside the page
    const done = (request) =>
      new Promise((resolve, reject) => {
        request.addEventListener("success", () => resolve(request.result));
        request.addEventListener("error", () => reject(request.error));
      });
    const opening = indexedDB.open("cutis-queue");
    // Deleted since it was listed: looking must not make an empty one, in which the page could keep nothing.
    opening.addEventListener("upgradeneeded", () => opening.transaction.abort());
    const database = await done(opening).catch(() => null);
    if (!database) return { names: [], items: 0, chunks: 0, bytes: [] };
    const all = (store) => done(database.transaction(store).objectStore(store).getAll());
    const [box, items, chunks] = [await all("box"), await all("items"), await all("chunks")];
    database.close();
    // oxlint-disable-next-line unicorn/consistent-function-scoping
    const text = (buffer) => new TextDecoder("latin1").decode(buffer);
    const rest = JSON.stringify([box, items], (_key, value) => (value instanceof ArrayBuffer ? text(value) : value));
    return { names, items: items.length, chunks: chunks.length, bytes: [rest, ...chunks.map((it) => text(it))] };
  });
  assert.deepEqual(found.names.filter((it) => it !== "cutis-queue"), [], "other databases");
  return { items: found.items, chunks: found.chunks, text: found.bytes.join("\n") };
}

/** Presses Tab until the element in focus has that role or tag and name. */
export async function tabTo(page, name, limit = 80) {
  for (let step = 0; step < limit; step += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element) return "";
      const label = element.labels?.[0]?.textContent;
      return (element.getAttribute("aria-label") ?? label ?? element.textContent ?? "").trim();
    });
    if (typeof name === "string" ? focused.startsWith(name) : name.test(focused)) return;
  }
  throw new Error(`the Tab key did not reach ${name} in ${limit} steps`);
}

/**
 * The file chooser that `act` opens. Playwright asks the browser to hand choosers over, and doesn't wait for the yes; a key press
 * overtakes the question while the page is busy, and its chooser is then lost to the test, though the page did open it.
 */
export async function chooserFrom(page, act) {
  // Any answer of the page means that it has dealt with what was asked before.
  const isArmed = () => page.evaluate(() => undefined);
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), isArmed().then(act)]);
  return chooser;
}

/** Keeps back what the page asks for at that address, until `release`; `asked` says that it did ask. */
export async function holdBack(page, address) {
  let release;
  let heard;
  const released = new Promise((resolve) => {
    release = resolve;
  });
  const asked = new Promise((resolve) => {
    heard = resolve;
  });
  await page.route(address, async (route) => {
    heard();
    await released;
    await route.continue();
  });
  return { asked, release };
}
