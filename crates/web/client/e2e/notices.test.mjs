// O2: what the installation has to tell its administrators, in a bar at the top of every page but the settings, and at length there.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, checkStorage, openBrowser, openPage, screenshot, shoot } from "./browser.mjs";
import { checkReflow } from "./reflow.mjs";
import { startServer } from "./server.mjs";
import { enter } from "./steps.mjs";

const SIZES = [["light", "ipadLandscape"], ["dark", "ipadPortrait"], ["light", "phone"]];
const ADDRESS = "**/api/v1/practice/notices";

// As the server says them (bins/cutis: disk.rs, upkeep.rs): the picture is the manual's.
const FOUND = [
  {
    code: "disk_full",
    severity: "critical",
    message: "The disk is full: 14 MiB are free. Photos and changes are refused; viewing, signing in and signing out still work. 96 MiB are kept for that.",
    remedy: "Make room on the disk that holds the data folder, or move the folder to a larger one. Nothing has to be restarted once there is room.",
    since: "2026-11-22T09:30:00Z",
  },
  {
    code: "checkpoint",
    severity: "warning",
    message: "The second folder for checkpoints of the trail, /media/stick, does not exist or is not a folder.",
    remedy:
      "Connect the disk or create the folder, and make sure that Cutis may write there. Once it is available again, a checkpoint is written within a minute; otherwise the next is due tomorrow and when Cutis is stopped.",
    since: "2026-11-20T16:05:00Z",
  },
];

const section = (page) => page.getByRole("region", { name: "Notices" });

describe("notices to administrators", () => {
  let server;
  let browser;
  let notices = [];
  const asked = [];

  const answer = async (page) =>
    page.route(ADDRESS, async (route) => {
      asked.push(route.request().headers()["x-cutis-background"]);
      await route.fulfill({ status: 200, contentType: "application/json", body: JSON.stringify({ notices }) });
    });
  const settings = async (page) => {
    await page.goto(`${server.url}/settings`);
    await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor();
  };

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("F13: after the set-up a list says what is left to do; it keeps its ticks and stays away once it is put away", async () => {
    const opened = await openPage(browser, { bypassCSP: true });
    const { page } = opened;
    await enter(page, server);
    const list = page.getByRole("region", { name: "First steps" });
    await list.waitFor();
    const box = list.getByRole("checkbox", { name: "Print the recovery key" });
    await box.focus();
    await page.keyboard.press("Space");
    await list.getByText("1 of 4 done").waitFor();
    await list.locator("summary").first().focus();
    await page.keyboard.press("Enter");
    await list.getByText("cutis key show --data FOLDER").waitFor();
    await checkAccessibility(page, "first steps");
    await shoot(page, "first-day");
    await screenshot(page, "first-day");
    await page.setViewportSize({ width: 320, height: 640 });
    for (const more of await list.locator("summary").all()) if (!(await more.evaluate((it) => it.parentElement.open))) await more.click();
    await checkReflow(page, "first steps");
    await shoot(page, "first-day-320");
    await page.reload();
    await list.getByText("1 of 4 done").waitFor();
    await checkStorage(page, { isSignedIn: true });
    await list.getByRole("button", { name: "Hide first steps" }).click();
    await page.reload();
    await page.getByRole("heading", { name: "No patients yet" }).waitFor();
    assert.equal(await list.count(), 0);
    await settings(page);
    await page.getByRole("button", { name: "Show first steps" }).click();
    await list.getByText("1 of 4 done").waitFor();
    await opened.close();
  });

  it("F13, W2: Add a device shows the code, the address and the server's own fingerprint", async () => {
    const opened = await openPage(browser, { bypassCSP: true });
    const { page } = opened;
    await enter(page, server);
    const facts = await (await page.request.get(`${server.url}/certificate/facts.json`)).json();
    await settings(page);
    await page.getByRole("region", { name: "Add a device" }).getByRole("link").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Add a device", level: 1 }).waitFor();
    assert.match(facts.fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    assert.equal(await page.getByTestId("fingerprint").textContent(), facts.fingerprint);
    const link = page.getByRole("link", { name: facts.page });
    assert.equal(await link.getAttribute("href"), facts.page);
    const code = page.getByRole("img", { name: `QR code for ${facts.page}` });
    await code.evaluate((image) => image.decode());
    assert.ok(await code.evaluate((image) => image.naturalWidth > 0), "the code is drawn");
    await page.getByText("works on this computer only").waitFor();
    await checkAccessibility(page, "add a device");
    await page.setViewportSize({ width: 320, height: 640 });
    await checkReflow(page, "add a device");
    await shoot(page, "add-device-320");
    await page.emulateMedia({ colorScheme: "dark" });
    await checkAccessibility(page, "add a device, dark");
    await shoot(page, "add-device-dark-320");
    await opened.close();
    // For the manual, as under the name of a practice's server.
    const other = await openPage(browser);
    await enter(other.page, server);
    await other.page.route("**/certificate/facts.json", (route) => route.fulfill({ json: { ...facts, page: "http://cutis.local:15015/certificate" } }));
    await other.page.goto(`${server.url}/devices/add`);
    await other.page.getByTestId("fingerprint").waitFor();
    await shoot(other.page, "add-device");
    await screenshot(other.page, "add-device");
    await other.close();
  });

  it("stands above the pages and at length in the settings, and goes when its cause is gone", async () => {
    const opened = await openPage(browser);
    const { page } = opened;
    await answer(page);
    await enter(page, server);
    assert.equal(await page.getByText("The disk is full").count(), 0);
    notices = FOUND;
    await page.reload();
    const strip = page.getByRole("status").filter({ hasText: "The disk is full" });
    await strip.waitFor();
    await strip.getByText("1 more notice").waitFor();
    await shoot(page, "notices-strip");
    await strip.getByRole("link", { name: "Show Notices" }).click();
    await section(page).getByText("Make room on the disk").waitFor();
    // The same is not said twice.
    await strip.waitFor({ state: "detached" });
    const rows = await section(page).getByRole("listitem").allTextContents();
    assert.deepEqual(rows.map((row) => row.slice(0, 7)), ["Act now", "Act soo"]);
    await shoot(page, "notices");
    await screenshot(page, "notices");
    notices = [];
    await page.reload();
    await section(page).getByText("No notices: disk").waitFor();
    await shoot(page, "notices-none");
    assert.ok(asked.length > 0 && asked.every((header) => header === "1"), "asking keeps no session alive (A7)");
    await opened.close();
  });

  for (const [theme, size] of SIZES) {
    it(`WCAG 2.2 AA: ${theme}, ${size}`, async () => {
      const opened = await openPage(browser, { theme, size, bypassCSP: true });
      const { page } = opened;
      notices = FOUND;
      await answer(page);
      await enter(page, server);
      await page.getByText("The disk is full").waitFor();
      await checkAccessibility(page, `notices strip ${theme} ${size}`);
      await shoot(page, `notices-strip-${theme}-${size}`);
      await settings(page);
      await section(page).getByText("Make room on the disk").waitFor();
      await checkAccessibility(page, `notices ${theme} ${size}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
      assert.equal(wide, false, "nothing is scrolled sideways");
      await shoot(page, `notices-${theme}-${size}`);
      notices = [];
      await opened.close();
    });
  }
});
