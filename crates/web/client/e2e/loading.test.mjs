// What is loaded when: little at first, the rest while the browser is idle; and what a person sees when it cannot be.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, openBrowser, openPage, shoot } from "./browser.mjs";
import { makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { enter, inDialog, tab } from "./steps.mjs";

const SCRIPT = /\/assets\/[^/]+\.js$/;
/** As decided for the first page (experience.md, figures to keep). */
const FIRST_REQUESTS = 10;

/** Resolves once everything that comes in files of its own is there. */
const allParts = async (page, asked) => {
  for (const name of ["UserMenuList", "PatientPage", "SettingsPage", "ConsentTab", "Viewer", "NewPatientDialog", "UploadPanel"]) {
    await page.waitForFunction((part) => performance.getEntriesByType("resource").some(({ name: url, responseEnd }) => url.includes(`/assets/${part}-`) && responseEnd > 0), name);
  }
  assert.equal(asked.some((url) => url.includes("SetupPage")), false, "set-up is behind this practice");
};
const watch = (page) => {
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  return asked;
};

describe("loading", () => {
  let server;
  let browser;
  let patient;
  let state;

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    const { page, context, close } = await openPage(browser);
    await enter(page, server);
    patient = await makePatient(page, { uniqueId: "loading-1", firstName: "Elsa", lastName: "Lindqvist" });
    state = await context.storageState();
    await close();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("the sign-in page needs few requests, and the other scripts come when it is shown", async () => {
    const { page, close } = await openPage(browser);
    const asked = watch(page);
    await page.goto(`${server.url}/`);
    await page.getByLabel("Username or e-mail").waitFor();
    const first = [...asked];
    const later = first.filter((path) => SCRIPT.test(path) && !/\/(index|rolldown-runtime)-/.test(path));
    assert.ok(first.length - later.length <= FIRST_REQUESTS, `${first.length} requests: ${first.join(", ")}`);
    const scripts = await page.evaluate(() => performance.getEntriesByType("resource").filter((it) => it.initiatorType === "script" || it.initiatorType === "link").map((it) => new URL(it.name).pathname));
    assert.ok(scripts.some((path) => path.startsWith("/assets/index-")));
    await allParts(page, asked);
    await close();
  });

  it("with the server away, everything opens that was fetched beforehand", async () => {
    const { page, close } = await openPage(browser, { state });
    const asked = watch(page);
    await page.goto(`${server.url}/patients`);
    await page.getByText("Lindqvist").waitFor();
    await allParts(page, asked);
    await server.halt();
    await page.getByRole("button", { name: /^Account:/ }).filter({ visible: true }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
    await page.waitForFunction(() => document.activeElement?.closest("[role=menu]"));
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "New patient" }).first().click();
    await page.getByRole("dialog").getByLabel("Unique ID").waitFor();
    await inDialog(page);
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Settings" }).filter({ visible: true }).first().click();
    await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor();
    await server.resume();
    await page.getByRole("region", { name: "Patient fields" }).waitFor();
    await close();
  });

  for (const [theme, size] of [["light", "ipadLandscape"], ["dark", "phone"]]) {
    it(`after an update of the server that has no such file any more: reload (${theme}, ${size})`, async () => {
      const { page, close } = await openPage(browser, { state, theme, size, bypassCSP: true });
      const gone = /\/assets\/(SettingsPage|NewPatientDialog)-/;
      await page.route(gone, (route) => route.fulfill({ status: 404, body: "" }));
      await page.goto(`${server.url}/patients`);
      await page.getByText("Lindqvist").waitFor();
      await page.getByRole("button", { name: "New patient" }).first().click();
      await page.getByRole("dialog", { name: "Not loaded yet" }).getByRole("button", { name: "Reload" }).waitFor();
      await checkAccessibility(page, `a dialog that cannot be loaded, ${theme}, ${size}`);
      await shoot(page, `loading-dialog-${theme}-${size}`);
      await page.keyboard.press("Escape");
      await page.getByRole("link", { name: "Settings" }).filter({ visible: true }).first().click();
      await page.getByRole("heading", { name: "Reload to continue" }).waitFor();
      await checkAccessibility(page, `a page that cannot be loaded, ${theme}, ${size}`);
      await shoot(page, `loading-page-${theme}-${size}`);
      await page.unroute(gone);
      await page.getByRole("button", { name: "Reload" }).click();
      await page.getByRole("region", { name: "Patient fields" }).waitFor();
      await close();
    });
  }

  it("with the server away before a part was fetched: it opens as soon as the server answers", async () => {
    const { page, close } = await openPage(browser, { state });
    const refused = /\/assets\/PatientPage-/;
    await page.route(refused, (route) => route.abort("connectionrefused"));
    await page.goto(`${server.url}/patients`);
    await page.getByText("Lindqvist").waitFor();
    await server.halt();
    await page.getByText("Lindqvist").click();
    await page.getByRole("heading", { name: "This could not be loaded" }).waitFor();
    await shoot(page, "loading-away");
    await page.unroute(refused);
    await server.resume();
    await tab(page, "Photos").waitFor();
    assert.equal(new URL(page.url()).pathname, `/patients/${patient}`);
    await close();
  });
});
