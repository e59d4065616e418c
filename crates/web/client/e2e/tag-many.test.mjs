// T1: many patients, and many visits of a patient, are selected and get tags together; Undo takes them back.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, eventually, openBrowser, openPage, screenshot, settled, shoot } from "./browser.mjs";
import { api, makePatient } from "./records.mjs";
import { checkReflow, textSize, WAYS } from "./reflow.mjs";
import { startServer } from "./server.mjs";
import { enter, focused } from "./steps.mjs";

const SIZES = [{ width: 1024, height: 768 }, { width: 390, height: 844 }];
const PEOPLE = [["em-1", "Emma", "Müller"], ["ob-2", "Sean", "O’Brien"], ["wa-3", "Ming", "Wang"], ["aa-4", "Åse", "Berg"], ["ad-5", "Ada", "Lovelace"]];

describe("tags for many patients and visits", () => {
  let server;
  let browser;
  let opened;
  let page;
  let patient;

  const boxes = () => page.getByRole("checkbox");
  const box = (name) => page.getByRole("checkbox", { name });
  const bar = (of) => page.getByRole("region", { name: `Selected ${of}` });
  const dialog = () => page.getByRole("dialog");
  const select = () => page.getByRole("button", { name: "Select", exact: true });
  const chosen = () => page.getByRole("checkbox", { checked: true }).count();
  const tagIt = async (of, amount, tag) => {
    await bar(of).getByRole("button", { name: "Tag", exact: true }).click();
    await page.getByRole("dialog", { name: `Tag ${amount} ${of}` }).waitFor();
    await dialog().getByRole("combobox", { name: "Add a tag" }).fill(tag);
    await dialog().getByRole("option", { name: new RegExp(`^${tag}`) }).first().waitFor();
    await page.keyboard.press("Enter");
    await dialog().getByRole("button", { name: `Remove ${tag}` }).waitFor();
    await shoot(page, `tag-many-${of}-dialog`);
    await dialog().getByRole("button", { name: "Save" }).click();
    await dialog().waitFor({ state: "detached" });
  };
  const filter = async (which, tag) => {
    await page.getByRole("button", { name: /^Filters/ }).click();
    await dialog().getByRole("combobox", { name: which }).fill(tag);
    await dialog().getByRole("option", { name: new RegExp(`^${tag}`) }).first().waitFor();
    await page.keyboard.press("Enter");
    await dialog().getByRole("button", { name: "Show patients" }).click();
    await dialog().waitFor({ state: "detached" });
  };
  const visitsOf = async () => (await api(page, "GET", `/patients/${patient}/entries`)).body.entries;

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser, { bypassCSP: true });
    page = opened.page;
    await page.setViewportSize(SIZES[0]);
    await enter(page, server);
    for (const [uniqueId, firstName, lastName] of PEOPLE) patient = await makePatient(page, { uniqueId, firstName, lastName, birthDate: "1984-03-02", sexAtBirth: "female" });
    for (const month of ["02", "03", "04"]) {
      const made = await api(page, "POST", `/patients/${patient}/entries`, { appointmentAt: `2026-${month}-20T10:00:00Z`, title: `Consultation ${month}`, notes: "Six by four millimetres." });
      assert.equal(made.status, 201);
    }
    const { categories } = (await api(page, "GET", "/tags")).body;
    for (const name of ["Study A", "Check-up"]) assert.equal((await api(page, "POST", "/tags", { categoryId: categories[0].id, name })).status, 201);
    await page.goto(`${server.url}/patients`);
    await page.getByText("5 patients", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Hide first steps" }).click();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("T1, P4: three patients get a tag at once, in the list and as cards; what a filter no longer shows stays selected; Undo brings them back", async () => {
    await filter("None of these tags", "Study A");
    await select().click();
    await box(/Emma Müller/).click();
    await page.getByRole("button", { name: "Show as cards" }).click();
    await box(/Ming Wang/).click({ modifiers: ["Shift"] });
    await page.getByText("3 patients selected").waitFor();
    assert.equal(page.url(), `${server.url}/patients`);
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await settled(page);
      await shoot(page, `tag-many-cards-${size.width}`);
      await checkAccessibility(page, "selected cards");
    }
    await page.setViewportSize(SIZES[0]);
    await page.getByRole("button", { name: "Show as list" }).click();
    await tagIt("patients", 3, "Study A");
    await page.getByText("Tag added to 3 patients.").waitFor();
    // The filter that is on leaves them out now.
    await page.getByText("3 patients selected, 3 not shown").waitFor();
    assert.match(await focused(page), /^Tag$/);
    await bar("patients").getByRole("button", { name: "Undo" }).click();
    await page.getByText("Undone: tags of 3 patients changed.").waitFor();
    await eventually(async () => assert.equal(await chosen(), 3));
    assert.equal(await boxes().count(), 5);
  });

  it("P4: those who got the tag are found by it; Done ends the selection, and a row opens its record again", async () => {
    await page.getByRole("button", { name: /^Remove filter/ }).click();
    await page.getByText("5 patients", { exact: true }).waitFor();
    await tagIt("patients", 3, "Study A");
    await page.getByText("Tag added to 3 patients.").waitFor();
    await settled(page);
    await screenshot(page, "tags-many");
    await checkAccessibility(page, "selected patients");
    await filter("All of these tags", "Study A");
    await page.getByText("3 patients found", { exact: true }).waitFor();
    assert.equal(await boxes().count(), 3);
    assert.equal(await chosen(), 3);
    await bar("patients").getByRole("button", { name: "Done" }).click();
    assert.equal(await focused(page), "Select");
    await page.getByRole("link", { name: /Ming Wang/ }).click();
    await page.getByRole("heading", { name: /Wang/, level: 1 }).waitFor();
    await page.goBack();
    await select().click();
    await bar("patients").getByText("0 patients selected").waitFor();
    await page.getByRole("button", { name: /^Remove filter/ }).click();
  });

  it("F9: by the keyboard alone: arrows with Shift select, the space bar takes back, Escape ends it on the same row", async () => {
    await page.getByText("5 patients", { exact: true }).waitFor();
    await boxes().nth(1).focus();
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press(" ");
    await page.getByText("2 patients selected").waitFor();
    // The filters are closed first.
    await page.getByRole("button", { name: "Filters" }).focus();
    await page.keyboard.press("Enter");
    await dialog().waitFor();
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    await page.getByText("2 patients selected").waitFor();
    await boxes().nth(3).focus();
    const name = await focused(page);
    await page.keyboard.press("Escape");
    await bar("patients").waitFor({ state: "detached" });
    assert.equal(await focused(page), name);
  });

  it("T1: three visits get a tag at once, and lose it by Undo", async () => {
    await page.goto(`${server.url}/patients/${patient}/visits`);
    await select().click();
    await box(/^Consultation 04/).click();
    await box(/^Consultation 02/).click({ modifiers: ["Shift"] });
    await page.getByText("3 visits selected").waitFor();
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await settled(page);
      await shoot(page, `tag-many-visits-${size.width}`);
      await checkAccessibility(page, "selected visits");
      await checkReflow(page, "selected visits");
    }
    await page.setViewportSize(SIZES[0]);
    await tagIt("visits", 3, "Check-up");
    await page.getByText("Tag added to 3 visits.").waitFor();
    await eventually(async () => assert.equal(await page.getByRole("main").getByRole("listitem").filter({ hasText: "Check-up" }).filter({ has: boxes() }).count(), 3));
    assert.deepEqual((await visitsOf()).map((it) => it.tags.map((tag) => tag.name)), [["Check-up"], ["Check-up"], ["Check-up"]]);
    await bar("visits").getByRole("button", { name: "Undo" }).click();
    await page.getByText("Undone: tags of 3 visits changed.").waitFor();
    assert.deepEqual((await visitsOf()).map((it) => it.tags), [[], [], []]);
    await page.keyboard.press("Escape");
    await bar("visits").waitFor({ state: "detached" });
    assert.equal(await focused(page), "Select");
  });

  for (const { name, size, text } of [...WAYS, { name: "200 % on a phone", size: SIZES[1], text: 200 }]) {
    it(`WCAG 1.4.4, 1.4.10: selecting patients fits, ${name}`, async () => {
      await page.setViewportSize(size);
      await textSize(page, text);
      await page.goto(`${server.url}/patients`);
      await select().click();
      await boxes().nth(1).click();
      await bar("patients").getByText(/1 (patient )?selected/).first().waitFor();
      await shoot(page, `tag-many-${size.width}-${text}`);
      await checkReflow(page, "selected patients");
      const height = (await bar("patients").boundingBox()).height;
      assert.ok(height <= size.height / 3, `the bar takes ${height} of ${size.height}`);
      await textSize(page, 100);
    });
  }
});
