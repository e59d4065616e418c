// S1, E3, R0: what is typed into a visit is stored once, whatever happens to the network, the server, the page and the session.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { afterTimers, checkStorage, eventually, openBrowser, openPage } from "./browser.mjs";
import { api, makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { enter, PERSON, signOut } from "./steps.mjs";


const lines = (text) => text.split("\n").toSorted();
const client = (view) => view.evaluate(() => sessionStorage.getItem("cutis.client"));

describe("live sync", () => {
  let server;
  let browser;
  let opened;
  let page;
  let patient;
  let visit;

  const notes = (view = page) => view.getByRole("textbox", { name: "Notes" });
  const status = (view = page) => view.getByTestId("save-status");
  /** What it says to everybody; beside it stands what only a screen reader says. */
  const says = (words, view = page) => status(view).getByText(words).first().waitFor();
  const saved = (view = page) => says(/^Saved/, view);
  const stored = async (view = page) => (await api(view, "GET", `/patients/${patient}/entries/${visit}`)).body.notes;
  const open = async (view = page) => {
    await view.goto(`${server.url}/patients/${patient}/visits/${visit}`);
    await notes(view).waitFor();
    await saved(view);
  };
  /** Types at the end of the notes. */
  const type = async (text, view = page) => {
    await notes(view).press("Control+End");
    await notes(view).pressSequentially(text);
  };
  const newVisit = async () => {
    visit = (await api(page, "POST", `/patients/${patient}/entries`, {})).body.id;
    await open();
  };
  const second = async () => openPage(browser, { state: await opened.context.storageState() });

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser);
    page = opened.page;
    await enter(page, server);
    patient = await makePatient(page, { uniqueId: "live-1", firstName: "Elsa", lastName: "Lindqvist" });
    await newVisit();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("two devices type into one visit at the same time: each sees both, and nothing is lost", async () => {
    const other = await second();
    await open(other.page);
    await type("First line");
    await eventually(async () => assert.equal(await notes(other.page).inputValue(), "First line"));
    await Promise.all([type("\nfrom the desk, a longer sentence"), (async () => {
      await notes(other.page).press("Control+Home");
      await notes(other.page).pressSequentially("from the tablet, another sentence\n");
    })()]);
    await saved();
    await saved(other.page);
    const both = lines("from the tablet, another sentence\nFirst line\nfrom the desk, a longer sentence");
    for (const view of [page, other.page]) await eventually(async () => assert.deepEqual(lines(await notes(view).inputValue()), both));
    assert.deepEqual(lines(await stored()), both);
    await other.close();
  });

  it("case 9: undo takes back what was typed here and leaves what came from elsewhere", async () => {
    await newVisit();
    const other = await second();
    await open(other.page);
    await type("mine");
    await saved();
    await eventually(async () => assert.equal(await notes(other.page).inputValue(), "mine"));
    await notes(other.page).press("Control+Home");
    await notes(other.page).pressSequentially("theirs\n");
    await eventually(async () => assert.equal(await notes().inputValue(), "theirs\nmine"));
    await notes().press("Control+z");
    await eventually(async () => assert.equal((await notes().inputValue()).trim(), "theirs"));
    await saved();
    await other.close();
  });

  it("cases 2 and 3: the server is stopped while something is typed: it is kept, and stored once when it is back", async () => {
    await newVisit();
    await type("before");
    await server.halt();
    await type(" and while it was away");
    await says(/^Offline, 1 change kept on this device$/);
    assert.doesNotMatch(await status().textContent(), /Saved/);
    await server.resume();
    await saved();
    await eventually(async () => assert.equal(await stored(), "before and while it was away"));
  });

  it("the network is cut under the page: nothing is lost when it is back", async () => {
    await newVisit();
    await type("before");
    await saved();
    await opened.context.setOffline(true);
    await type(" and without a network");
    await opened.context.setOffline(false);
    await saved();
    await eventually(async () => assert.equal(await stored(), "before and without a network"));
  });

  it("R0: the visit is signed on one device before the text of another arrives: it is told, stays over a reload, and becomes an addendum", async () => {
    await newVisit();
    const other = await second();
    await open(other.page);
    await other.context.setOffline(true);
    await type("Typed offline.", other.page);
    await says(/^Offline, 1 change kept on this device$/, other.page);
    await page.getByRole("button", { name: "Sign visit" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Sign", exact: true }).click();
    await says("Read-only");
    await other.context.setOffline(false);
    await says(/^Not saved/, other.page);
    await other.page.getByTestId("late").getByText("Typed offline.").waitFor();
    await other.page.reload();
    await says(/^Not saved/, other.page);
    await other.page.getByTestId("late").getByText("Typed offline.").waitFor();
    await other.page.getByRole("button", { name: "Add as addendum" }).click();
    await says("Read-only", other.page);
    await eventually(async () => assert.deepEqual((await api(page, "GET", `/patients/${patient}/entries/${visit}`)).body.addenda.map((it) => it.text), ["Typed offline."]));
    assert.equal(await other.page.getByTestId("late").count(), 0);
    await other.close();
  });

  it("a page is closed with something unsent, while the server is away: another page sends it, once", async () => {
    await newVisit();
    const doomed = await opened.context.newPage();
    await open(doomed);
    await type("left behind", doomed);
    await saved(doomed);
    await server.halt();
    await type(", and more", doomed);
    await says(/^Offline, 1 change/, doomed);
    // It is on the device a quarter of a second after it was typed.
    await doomed.waitForFunction(async () => {
      const request = indexedDB.open("cutis-queue");
      const database = await new Promise((resolve) => request.addEventListener("success", () => resolve(request.result)));
      const all = database.transaction("edits").objectStore("edits").getAll();
      await new Promise((resolve) => all.addEventListener("success", resolve));
      database.close();
      return all.result.length > 0;
    });
    await checkStorage(page, { isSignedIn: true, words: /left behind|and more|Lindqvist/ });
    await doomed.close();
    await server.resume();
    await eventually(async () => assert.equal(await stored(), "left behind, and more"));
    await eventually(async () => assert.equal(await notes().inputValue(), "left behind, and more"));
  });

  it("a reload while the server is away loses nothing: what was typed is there with the page", async () => {
    await newVisit();
    await type("typed");
    await saved();
    await server.halt();
    await type(" and kept");
    await says(/^Offline, 1 change/);
    const id = await client(page);
    // What was typed in the last quarter of a second is asked about before the page goes.
    await afterTimers(page, 300);
    await page.reload().catch(() => undefined);
    await server.resume();
    await open();
    assert.equal(await client(page), id, "a reload keeps its id");
    await eventually(async () => assert.equal(await notes().inputValue(), "typed and kept"));
    await eventually(async () => assert.equal(await stored(), "typed and kept"));
  });

  it("case 6: a duplicated tab, whose storage is copied, is another client, and both keep what is typed", async () => {
    await newVisit();
    const [copy] = await Promise.all([opened.context.waitForEvent("page"), page.evaluate(() => void window.open(location.href))]);
    await notes(copy).waitFor();
    await saved(copy);
    assert.notEqual(await client(copy), await client(page));
    await Promise.all([type("one"), type("two", copy)]);
    await saved();
    await saved(copy);
    await eventually(async () => assert.deepEqual(lines(await stored()), ["one", "two"]));
    await copy.close();
  });

  it("case 11: the session is ended elsewhere: the page is locked at once, what was typed stays, and goes on after signing in", async () => {
    await newVisit();
    const other = await openPage(browser);
    await enter(other.page, server);
    await open(other.page);
    const { sessions } = (await api(page, "GET", "/sessions")).body;
    const theirs = sessions.find((it) => !it.current && Date.parse(it.createdAt) === Math.max(...sessions.filter((one) => !one.current).map((one) => Date.parse(one.createdAt))));
    await type("typed before the end", other.page);
    const began = Date.now();
    assert.ok((await api(page, "DELETE", `/sessions/${theirs.id}`)).status < 300);
    const sheet = other.page.getByRole("dialog", { name: "Sign in again" });
    await sheet.waitFor();
    assert.ok(Date.now() - began < 3000, `locked after ${Date.now() - began} ms`);
    await sheet.getByLabel("Password", { exact: true }).fill(PERSON.password);
    await sheet.getByRole("button", { name: "Sign in" }).click();
    await sheet.waitFor({ state: "detached" });
    await saved(other.page);
    assert.equal(await notes(other.page).inputValue(), "typed before the end");
    await eventually(async () => assert.equal(await stored(), "typed before the end"));
    await other.close();
  });

  it("signing out at once after typing: it is stored first, and nothing stays in the browser", async () => {
    await newVisit();
    await type("last words");
    await signOut(page);
    await checkStorage(page);
    await enter(page, server);
    await eventually(async () => assert.equal(await stored(), "last words"));
    await opened.close();
  });
});
