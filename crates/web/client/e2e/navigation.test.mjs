// F11, F3, F8, F13: finding one's way, a server that is away and comes back, a clash, the set-up code.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, checkStorage, openBrowser, openPage, shoot } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { addPhotos, api, makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { enter, signOut, tab } from "./steps.mjs";

describe("finding one's way", () => {
  let server;
  let browser;
  let opened;
  let page;
  let elsa;

  const path = () => new URL(page.url()).pathname;
  const search = () => page.getByRole("searchbox");
  const focusedHeading = (name) => page.waitForFunction((wanted) => document.activeElement?.tagName === "H1" && document.activeElement.textContent.includes(wanted), name);

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser, { bypassCSP: true });
    page = opened.page;
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("F13: a wrong set-up code is refused in its own step, before anything else is filled in", async () => {
    await page.goto(`${server.url}/setup`);
    await page.getByLabel("Set-up code").fill("ABCD-EFGH-JKLM");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("Enter the set-up code that this server shows; this code is not correct.").waitFor();
    assert.equal(await page.getByLabel("Name of the practice").count(), 0);
    await checkAccessibility(page, "wrong set-up code");
    await shoot(page, "setup-code-wrong");
    await page.getByLabel("Set-up code").fill(server.setupCode);
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByLabel("Name of the practice").waitFor();
    await enter(page, server);
    elsa = await makePatient(page, { uniqueId: "nav-1", firstName: "Elsa", lastName: "Lindqvist", allergies: "Penicillin" });
    await makePatient(page, { uniqueId: "nav-2", firstName: "Otto", lastName: "Brandt" });
  });

  it("F11: search comes back on Back and after a reload; no address and no title names anyone", async () => {
    await page.goto(`${server.url}/patients`);
    await search().fill("lindq");
    await page.getByText("1 patient found").waitFor();
    await page.getByRole("link", { name: /Lindqvist/ }).click();
    await focusedHeading("Elsa Lindqvist");
    assert.equal(await page.title(), "Patient · Cutis");
    await page.goBack();
    await page.getByText("1 patient found").waitFor();
    assert.equal(await search().inputValue(), "lindq");
    await checkStorage(page, { isSignedIn: true, words: /lindq/i });
    await page.reload();
    await page.getByText("1 patient found").waitFor();
    assert.equal(await search().inputValue(), "lindq");
    assert.doesNotMatch(page.url(), /lindq/i);
    assert.equal(await page.title(), "Patients · Cutis");
  });

  it("F11: the focus goes to the heading of each page; / and Ctrl-K lead to the search from anywhere", async () => {
    await page.getByRole("link", { name: "My activity" }).click();
    await focusedHeading("My activity");
    await page.keyboard.press("/");
    await page.waitForFunction(() => document.activeElement?.getAttribute("type") === "search");
    assert.equal(path(), "/patients");
    // In a field it is a character. What was there is selected, so that it takes its place.
    await page.keyboard.press("/");
    assert.equal(await search().inputValue(), "/");
    await search().fill("");
    await page.getByRole("link", { name: "Settings" }).click();
    await focusedHeading("Settings");
    await page.keyboard.press("Control+k");
    await page.waitForFunction(() => document.activeElement?.getAttribute("type") === "search");
  });

  it("F11: the empty search offers the patients opened last; a search in vain offers to create one", async () => {
    const recent = page.getByRole("navigation", { name: "Recent patients" });
    await recent.getByRole("link", { name: /Elsa Lindqvist/ }).waitFor();
    await checkAccessibility(page, "recent patients");
    await shoot(page, "recent-patients");
    await search().fill("anzzzz");
    await page.getByRole("button", { name: "Create “anzzzz”" }).click();
    const dialog = page.getByRole("dialog", { name: "New patient" });
    assert.equal(await dialog.getByLabel("Last name").inputValue(), "anzzzz");
    assert.equal(await dialog.getByLabel("Unique ID").inputValue(), "");
    await dialog.getByLabel("Unique ID").fill("cr-1");
    await dialog.getByRole("button", { name: "Create patient" }).click();
    await page.getByRole("heading", { name: "anzzzz", level: 1 }).waitFor();
  });

  it("F8, P6: a clash on allergies: nothing is chosen beforehand, who and when are said, and both can be kept", async () => {
    await page.goto(`${server.url}/patients/${elsa}/details`);
    await page.getByRole("button", { name: "Edit" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Allergies").fill("Penicillin, latex");
    const { version } = (await api(page, "GET", `/patients/${elsa}`)).body;
    assert.equal((await api(page, "PATCH", `/patients/${elsa}`, { version, allergies: "Penicillin, nickel" })).status, 200);
    await dialog.getByRole("button", { name: "Save" }).click();
    const choice = dialog.getByRole("group", { name: "Allergies" });
    await choice.waitFor();
    assert.equal(await choice.getByRole("radio", { checked: true }).count(), 0);
    assert.equal(await dialog.getByRole("button", { name: "Save my choices" }).isDisabled(), true);
    await choice.getByText(/^Changed by Amal Okafor, /).waitFor();
    await checkAccessibility(page, "clash");
    await shoot(page, "clash");
    await choice.getByRole("radio", { name: /^Keep both/ }).check();
    await dialog.getByRole("button", { name: "Save my choices" }).click();
    await page.getByText("The details were saved.").waitFor();
    assert.equal((await api(page, "GET", `/patients/${elsa}`)).body.allergies, "Penicillin, nickel\nPenicillin, latex");
  });

  it("F3: a server that is away is told of in one line; when it is back, everything is loaded by itself", async () => {
    const good = (await photos(page)).filter((it) => !it.isBad && /\.(jpe?g|png)$/i.test(it.name) && it.size < 3_000_000).slice(0, 3);
    await page.goto(`${server.url}/patients/${elsa}/photos`);
    await addPhotos(page, good.map((it) => it.path));
    await page.locator("[data-cell] img").first().waitFor();
    await server.halt();
    await tab(page, "Activity").click();
    const line = page.getByRole("status").filter({ hasText: /^Server not reachable since \d\d:\d\d, retrying$/ });
    await line.waitFor();
    await checkAccessibility(page, "server away");
    await shoot(page, "server-away");
    await page.getByRole("heading", { name: "This could not be loaded" }).waitFor();
    await server.resume();
    await line.waitFor({ state: "detached" });
    await page.getByText(/added .*photo/).first().waitFor();
    await page.getByText("This could not be loaded").waitFor({ state: "detached" });
    await tab(page, "Photos").click();
    await page.waitForFunction(() => [...document.querySelectorAll("[data-cell] img")].some((it) => it.complete && it.naturalWidth > 0));
  });

  it("C40: what was remembered goes with the session", async () => {
    await checkStorage(page, { isSignedIn: true, words: /nav-1|Lindqvist/ });
    await signOut(page);
    await checkStorage(page);
    await enter(page, server);
    await search().click();
    assert.equal(await page.getByRole("navigation", { name: "Recent patients" }).count(), 0);
    await opened.close();
  });
});
