// I4: gigabytes of photos chosen at once on one laptop. Not part of the suite, because it takes minutes and three times the
// size on the disk; `just large-queue` runs it. The server is restarted and the page loaded again while they are on their way;
// in the end every file must be stored as it was, once. Prints the time and the memory of the browser and the server.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { ARGS, findBrowser } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { api, makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { enter, uploadPanel } from "./steps.mjs";

const MEBIBYTE = 2 ** 20;
const GIGABYTES = Number(process.env.CUTIS_QUEUE_GIB ?? 5);
/** What a photo of a camera with 24 megapixels takes. */
const EACH = 10 * MEBIBYTE;
const SENDING = /\/api\/v1\/patients\/[^/]+\/(images$|uploads\/)/;
const HOUR_MS = 3_600_000;

const folder = mkdtempSync(join(tmpdir(), "cutis-queue-"));

/** The same picture as often as needed, with other comments in its head each time, so that no two files are alike. */
function makeFiles(photo, count) {
  const digests = new Map();
  const paths = [];
  for (let file = 0; file < count; file += 1) {
    const comments = [];
    for (let size = photo.length; size < EACH; size += 0xffff + 2) {
      const comment = Buffer.alloc(0xffff + 2, file & 0xff);
      comment.writeUInt32BE(0xfffeffff);
      comment.writeUInt32BE(file, 4);
      comments.push(comment);
    }
    const bytes = Buffer.concat([photo.subarray(0, 2), ...comments, photo.subarray(2)]);
    const path = join(folder, `queue-${file}.jpg`);
    writeFileSync(path, bytes);
    paths.push(path);
    digests.set(createHash("sha256").update(bytes).digest("hex"), path);
  }
  return { paths, digests };
}

/** The processes that this one started, and theirs. */
function descendants() {
  const parents = new Map();
  for (const name of readdirSync("/proc").filter((it) => /^\d+$/.test(it))) {
    try {
      const [, command, parent] = /\((.*)\) . (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, "utf8"));
      parents.set(Number(name), { command, parent: Number(parent) });
    } catch {
      // It has ended.
    }
  }
  const isOurs = (id) => id === process.pid || (parents.has(id) && isOurs(parents.get(id).parent));
  return [...parents].filter(([id]) => id !== process.pid && isOurs(id)).map(([id, { command }]) => ({ id, command }));
}

/** Memory that is theirs alone or their share of what several use, in MiB. */
function memoryOf(isCounted) {
  let kibibytes = 0;
  for (const { id, command } of descendants()) {
    if (!isCounted(command)) continue;
    try {
      kibibytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, "utf8"))[1]);
    } catch {
      // It has ended.
    }
  }
  return Math.round(kibibytes / 1024);
}

const isServer = (command) => command === "cutis";
const most = { browser: 0, server: 0 };
const look = setInterval(() => {
  most.server = Math.max(most.server, memoryOf(isServer));
  most.browser = Math.max(most.browser, memoryOf((command) => !isServer(command)));
}, 1000);

const free = statfsSync(tmpdir());
const needed = GIGABYTES * 3.2;
assert.ok((free.bavail * free.bsize) / 2 ** 30 > needed, `${needed.toFixed(0)} GiB must be free in ${tmpdir()}`);

const server = await startServer();
// A profile on the disk: without one a browser keeps everything in memory.
const context = await chromium.launchPersistentContext(join(folder, "profile"), { executablePath: await findBrowser(), args: ARGS, ignoreHTTPSErrors: true });
try {
  context.setDefaultTimeout(HOUR_MS);
  const page = context.pages()[0] ?? (await context.newPage());
  await enter(page, server);
  const patient = await makePatient(page, { uniqueId: "queue-1", firstName: "Elsa", lastName: "Lindqvist" });
  const picture = (await photos(page)).find((it) => !it.isBad && /\.jpe?g$/i.test(it.name) && it.size < 3_000_000).path;
  const count = Math.ceil((GIGABYTES * 2 ** 30) / EACH);
  const { paths, digests } = makeFiles(readFileSync(picture), count);
  await page.goto(`${server.url}/patients/${patient}`);
  const stored = async () => (await api(page, "GET", `/patients/${patient}/images?limit=1`)).body.total;
  const say = (text) => console.log(`${((Date.now() - began) / 1000).toFixed(0)} s: ${text}; browser ${most.browser} MiB, server ${most.server} MiB at most`);
  const reach = async (share) => {
    for (let there = 0; there < count * share; there = await stored()) await page.waitForTimeout(500);
  };
  const began = Date.now();
  // Nothing is sent before everything is saved: what is measured is the longest queue that these files can make.
  await page.route(SENDING, (route) => (route.request().method() === "GET" ? route.continue() : route.abort("connectionreset")));
  await page.getByTestId("files").setInputFiles(paths);
  await uploadPanel(page).getByText(/saved on this device, encrypted/).waitFor();
  say(`${count} files are saved on the device`);
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await reach(0.25);
  say("a quarter is stored; the server is restarted");
  await server.halt();
  await server.resume();
  await reach(0.5);
  say("half is stored; the page is loaded again");
  await page.reload();
  await reach(1);
  say("all are stored");
  let cursor = null;
  do {
    const { body } = await api(page, "GET", `/patients/${patient}/images?limit=100${cursor ? `&cursor=${cursor}` : ""}`);
    for (const image of body.images) assert.ok(digests.delete(image.sha256), `${image.fileName} is stored twice, or is none of the files`);
    cursor = body.nextCursor;
  } while (cursor);
  assert.deepEqual([...digests.values()], [], "files that are missing");
  const seconds = (Date.now() - began) / 1000;
  console.log(`${count} files, ${GIGABYTES} GiB, each stored once as it was: ${seconds.toFixed(0)} s, ${((GIGABYTES * 1024) / seconds).toFixed(1)} MiB/s`);
  console.log(`memory at most: browser ${most.browser} MiB, server ${most.server} MiB`);
} finally {
  clearInterval(look);
  await context.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
