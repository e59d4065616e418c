// P4: the database of patients: search, sorts, filters, cards, long lists, and the way back to all of that.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { afterTimers, checkAccessibility, checkStorage, eventually, openBrowser, openPage, screenshot, settled, shoot } from "./browser.mjs";
import { api, makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { enter, PERSON, tab } from "./steps.mjs";

const MANY = 260;

describe("the database of patients", () => {
  let server;
  let browser;
  let opened;
  let page;

  const search = () => page.getByRole("searchbox");
  const rows = () => page.locator("main ul[aria-label^='Patients'] > li");
  const firstName = () => rows().first().textContent();
  const focusedEntry = (name) => eventually(async () => assert.match(await page.evaluate(() => document.activeElement.textContent), name));

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser, { bypassCSP: true });
    page = opened.page;
    await enter(page, server);
    const people = [
      { uniqueId: "em-1", firstName: "Emma", lastName: "Müller", birthDate: "1980-02-29", sexAtBirth: "female" },
      { uniqueId: "ob-2", firstName: "Sean", lastName: "O’Brien", birthDate: "1955-06-01", sexAtBirth: "male", fitzpatrick: "II" },
      { uniqueId: "wa-3", firstName: "明", lastName: "王", birthDate: "2015-01-05", sexAtBirth: "male" },
      { uniqueId: "aa-4", firstName: "Åse", lastName: "Berg", sexAtBirth: "female" },
    ];
    for (const person of people) await makePatient(page, person);
    await page.goto(`${server.url}/patients`);
    await page.getByText("4 patients", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Hide first steps" }).click();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("P4: finds people however their names are typed, and by the date of birth", async () => {
    for (const [typed, who] of [
      ["mueller", "Emma Müller"],
      ["obrien sean", "Sean O’Brien"],
      ["王明", "王"],
      ["aase", "Åse Berg"],
      ["29.2.1980", "Emma Müller"],
    ]) {
      await search().fill(typed);
      await eventually(async () => {
        assert.equal(await rows().count(), 1, typed);
        assert.ok((await firstName()).includes(who), typed);
      });
    }
    await page.getByText("Best match first").waitFor();
    await search().fill("anzzzz");
    await page.getByRole("button", { name: "Create “anzzzz”" }).waitFor();
    await shoot(page, "database-no-match");
    await page.getByRole("button", { name: "Clear search" }).click();
    await page.getByText("4 patients", { exact: true }).waitFor();
  });

  it("P4: sorts, filters by chips, and comes back to both on Back and after a reload; no address tells", async () => {
    await page.getByLabel("Sort by").selectOption({ label: "Name" });
    await eventually(async () => assert.match(await firstName(), /Åse Berg/));
    await page.getByRole("button", { name: "Filters" }).click();
    const sheet = page.getByRole("dialog", { name: "Filters" });
    await sheet.getByRole("group", { name: "Age in years" }).getByLabel("At least").fill("18");
    await sheet.getByText("Male", { exact: true }).click();
    await settled(page);
    await checkAccessibility(page, "filters");
    await shoot(page, "database-filters");
    await sheet.getByRole("combobox", { name: "None of these tags" }).waitFor();
    // What is asked for most stands first, and no date is asked for before it is wanted.
    assert.deepEqual(await sheet.getByRole("combobox").evaluateAll((all) => all.map((it) => it.labels[0].textContent)), [
      "All of these tags",
      "Any of these tags",
      "None of these tags",
      "Last visit",
      "Last changed",
      "Added",
      "Photo taken",
    ]);
    assert.equal(await sheet.getByRole("textbox", { name: "Year" }).count(), 0);
    await sheet.getByLabel("Added").focus();
    await page.keyboard.type("Last 30");
    await sheet.getByRole("button", { name: "Show patients" }).click();
    await page.getByText("1 patient found", { exact: true }).waitFor();
    assert.ok((await firstName()).includes("O’Brien"));
    await settled(page);
    await screenshot(page, "finding-patients");
    await page.getByRole("link", { name: /O’Brien/ }).click();
    await page.getByRole("heading", { name: /O’Brien/ }).waitFor();
    await page.goBack();
    await page.getByRole("button", { name: "Filters (3)" }).waitFor();
    await focusedEntry(/O’Brien/);
    await checkStorage(page, { isSignedIn: true, words: /brien|lastModified|female/i });
    await page.reload();
    await page.getByRole("button", { name: "Filters (3)" }).waitFor();
    await page.getByRole("button", { name: "Remove filter: Added: last 30 days" }).click();
    await page.getByRole("button", { name: "Filters (2)" }).waitFor();
    assert.equal(await page.getByLabel("Sort by").inputValue(), "name");
    assert.equal(new URL(page.url()).search, "");
    await page.getByRole("button", { name: /^Remove filter: Age/ }).click();
    await page.getByText("2 patients found", { exact: true }).waitFor();
    await page.getByRole("button", { name: /^Remove filter: Sex/ }).click();
    await page.getByText("4 patients", { exact: true }).waitFor();
  });

  it("F11: from the search to the patients by arrows alone", async () => {
    await page.getByRole("heading", { level: 1 }).click();
    await page.keyboard.press("/");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const second = await rows().nth(1).getByRole("link").getAttribute("href");
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), second);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**${second}`);
    await page.goBack();
    await page.getByText("4 patients", { exact: true }).waitFor();
    // Back on the row that was opened, also from another part of the record; a page that is new begins at its heading.
    const there = () => page.evaluate(() => document.activeElement.getAttribute("href"));
    await eventually(async () => assert.equal(await there(), second));
    await page.keyboard.press("Enter");
    await tab(page, "Details").click();
    await page.getByRole("button", { name: "Edit", exact: true }).waitFor();
    await page.goBack();
    await page.goBack();
    await eventually(async () => assert.equal(await there(), second));
    await page.keyboard.press("Enter");
    await tab(page, "Photos").waitFor();
    await page.getByRole("link", { name: "Patients", exact: true }).first().click();
    await page.getByText("4 patients", { exact: true }).waitFor();
    await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.textContent), "Patients"));
  });

  it("R0: Escape closes the list of tags and not the sheet, which asks before choices are lost", async () => {
    const tags = (await api(page, "GET", "/tags")).body.categories;
    assert.equal((await api(page, "POST", "/tags", { categoryId: tags[0].id, name: "Acne" })).status, 201);
    await page.reload();
    await page.getByRole("button", { name: "Filters" }).click();
    const sheet = page.getByRole("dialog", { name: "Filters" });
    await sheet.getByText("Male", { exact: true }).click();
    await sheet.getByRole("combobox", { name: "All of these tags" }).click();
    await sheet.getByRole("option", { name: /Acne/ }).waitFor();
    await shoot(page, "database-filter-tags");
    await page.keyboard.press("Escape");
    await sheet.getByRole("option", { name: /Acne/ }).waitFor({ state: "detached" });
    assert.equal(await sheet.getByRole("checkbox", { name: "Male", exact: true }).isChecked(), true);
    await page.keyboard.press("Escape");
    await page.getByRole("alertdialog", { name: "Apply these filters?" }).waitFor();
    await shoot(page, "database-filters-left");
    await page.keyboard.press("Escape");
    await page.getByRole("alertdialog").waitFor({ state: "detached" });
    await settled(page);
    await sheet.getByRole("button", { name: "Clear all" }).click();
    assert.equal(await sheet.getByRole("checkbox", { name: "Male", exact: true }).isChecked(), false);
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });
    await page.getByText("4 patients", { exact: true }).waitFor();
  });

  it("P4, F10: on a phone the patients begin near the top, the tools are one row of signs with names, and a row says the last visit", async () => {
    const { patients } = (await api(page, "POST", "/patients/search", { query: "em-1", limit: 1 })).body;
    assert.equal((await api(page, "POST", `/patients/${patients[0].id}/entries`, { appointmentAt: "2026-03-12T10:00:00Z", title: null, notes: "" })).status, 201);
    const state = await opened.context.storageState();
    for (const size of [{ width: 390, height: 844 }, { width: 320, height: 640 }]) {
      const other = await openPage(browser, { state, size: "phone", bypassCSP: true });
      const view = other.page;
      await view.setViewportSize(size);
      await view.goto(`${server.url}/patients`);
      const row = view.getByRole("link", { name: /Emma Müller/ });
      await row.waitFor();
      await view.getByRole("button", { name: "Filters" }).waitFor();
      await settled(view);
      await shoot(view, `database-phone-${size.width}`);
      const bar = [view.getByRole("combobox", { name: "Sort by" }), view.getByRole("button", { name: "Newest first" }), view.getByRole("button", { name: "Filters" }), view.getByRole("button", { name: "Show as cards" }), view.getByRole("button", { name: "Select", exact: true })];
      const boxes = await Promise.all(bar.map((it) => it.boundingBox()));
      assert.equal(new Set(boxes.map((box) => Math.round(box.y + box.height / 2))).size, 1, "one row");
      const heading = await view.getByRole("heading", { level: 1 }).boundingBox();
      const list = await view.locator("main ul[aria-label='Patients']").boundingBox();
      const search = await view.getByRole("searchbox").boundingBox();
      assert.ok(list.y - search.y <= 120, `${size.width} px: search and tools take ${list.y - search.y} px`);
      assert.ok(list.y - heading.y <= 190, `${size.width} px: the list begins ${list.y - heading.y} px below the heading`);
      const label = row.getByText("Last visit:");
      assert.ok((await label.boundingBox()).width > 20, "said, not only told");
      assert.match(await label.locator("..").innerText(), /Last visit:\s*12 Mar 2026/);
      await checkAccessibility(view, `patients at ${size.width} px`);
      await other.close();
    }
  });

  it("P4: long lists load as one scrolls, never more than 200 rows are drawn, and it is said that there are more", async () => {
    for (let first = 0; first < MANY; first += 20) {
      const some = Array.from({ length: 20 }, (_, at) => ({ uniqueId: `many-${String(first + at).padStart(3, "0")}`, lastName: "Meier" }));
      const made = await Promise.all(some.map((patient) => api(page, "POST", "/patients", patient)));
      assert.ok(made.every(({ status }) => status === 201));
    }
    await page.reload();
    await page.getByText(`${MANY + 4} patients`, { exact: true }).waitFor();
    let most = 0;
    await eventually(async () => {
      await page.mouse.wheel(0, 3000);
      most = Math.max(most, await rows().count());
      assert.equal(await page.getByText(/ of 264 patients shown/).count(), 0);
    });
    assert.ok(most <= 200, `${most} rows at once`);
    // F11: a reload finds the place again, also one in a record that is left by Back.
    const place = await page.evaluate(() => scrollY);
    assert.ok(place > 5000, `scrolled to ${place}`);
    const isThere = () => eventually(async () => assert.ok(Math.abs((await page.evaluate(() => scrollY)) - place) < 400, "the same place"));
    await afterTimers(page, 400);
    await checkStorage(page, { isSignedIn: true, words: /meier|many-|patients\.place/i });
    await page.reload();
    await isThere();
    await settled(page);
    await shoot(page, "database-place-again");
    const near = rows().last();
    await near.getByRole("link").evaluate((it) => it.click());
    const parts = page.getByRole("navigation", { name: "Parts of the patient record" });
    await parts.waitFor();
    await page.reload();
    await parts.waitFor();
    const link = new URL(page.url()).pathname.split("/").slice(0, 3).join("/");
    await page.goBack();
    await isThere();
    await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), link, "the row that was opened"));
    await isThere();
    // A new visit of the page begins at its top.
    await page.getByRole("link", { name: "My activity" }).first().click();
    await page.getByRole("heading", { name: "My activity", level: 1 }).waitFor();
    await page.getByRole("link", { name: "Patients", exact: true }).first().click();
    await page.getByText(`${MANY + 4} patients`, { exact: true }).waitFor();
    await settled(page);
    assert.equal(await page.evaluate(() => scrollY), 0);
    await search().fill("meier");
    await page.getByText("More than 200 patients found").waitFor();
    await page.getByRole("button", { name: "Clear search" }).click();
  });

  it("WCAG 2.2 AA: list, cards and chips in both themes and on a phone", async () => {
    await page.getByRole("button", { name: "Show as cards" }).click();
    await search().fill("em");
    await page.getByText(/found$/).waitFor();
    await settled(page);
    await checkAccessibility(page, "cards");
    // What is said of a person stands on one line, whichever typeface it has.
    const spans = rows().first().locator("span:has(> .mono) > span");
    await spans.nth(1).waitFor();
    const baselines = await spans.evaluateAll((facts) =>
      facts.map((it) => {
        const mark = document.createElement("span");
        mark.style.cssText = "display: inline-block; inline-size: 0; block-size: 0";
        it.append(mark);
        const { bottom } = mark.getBoundingClientRect();
        mark.remove();
        return Math.round(bottom);
      }),
    );
    assert.ok(baselines.length > 1);
    assert.equal(new Set(baselines).size, 1, `baselines at ${baselines.join(", ")}`);
    // A name of the practice that has no room can be read in the title.
    const brand = page.getByRole("link", { name: PERSON.practice });
    assert.equal(await brand.getAttribute("title"), PERSON.practice);
    const isCut = await brand.getByText(PERSON.practice).evaluate((it) => it.scrollWidth > it.clientWidth && getComputedStyle(it).textOverflow === "ellipsis");
    assert.ok(isCut, "an ellipsis says so");
    await shoot(page, "database-cards");
    const state = await opened.context.storageState();
    for (const [theme, size] of [
      ["dark", "desktop"],
      ["light", "phone"],
    ]) {
      const other = await openPage(browser, { state, theme, size, bypassCSP: true });
      await other.page.goto(`${server.url}/patients`);
      await other.page.getByText("264 patients", { exact: true }).waitFor();
      await settled(other.page);
      await checkAccessibility(other.page, `patients ${theme}`);
      await shoot(other.page, `database-${theme}`);
      await other.context.close();
    }
    assert.equal((await api(page, "POST", "/patients/search", { sort: "colour" })).status, 422);
  });
});
