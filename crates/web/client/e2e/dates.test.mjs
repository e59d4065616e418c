// F13, P2, E1: dates are typed and shown in the order of the practice's language, whatever the browser's is.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, openBrowser, openPage, shoot } from "./browser.mjs";
import { makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { discard, enter } from "./steps.mjs";

/** What the page's parts of a date are called, in their order on the screen. */
const partsOf = async (group) => {
  // A dialog may come in a file of its own, after the press that opens it.
  await group.waitFor();
  return group.locator("label > span").allTextContents();
};
const DATE = ["Day", "Month", "Year"];
/** A date as the browser's own field, or a function without the practice's language, would write it: 11/22/2026, 22.11.2026. */
const FOREIGN = /\b\d{1,2}[/.]\d{1,2}[/.]\d{4}\b/;

describe("dates", () => {
  let server;
  let browser;
  let patient;
  let state;

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    const { page, context, close } = await openPage(browser);
    await enter(page, server);
    patient = await makePatient(page, { uniqueId: "dates-1", firstName: "Elsa", lastName: "Lindqvist", birthDate: "1984-11-22" });
    const sent = { label: "Next recall", kind: "date" };
    assert.equal(await page.evaluate(async (body) => (await fetch("/api/v1/patient-fields", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })).status, sent), 201);
    state = await context.storageState();
    await close();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  for (const locale of ["en-US", "de-DE", "sv-SE"]) {
    it(`in a browser that is set to ${locale}`, async () => {
      const opened = await openPage(browser, { state, locale, size: "desktop" });
      const { page } = opened;
      const dialog = () => page.getByRole("dialog");
      const shows = async (where, text) => {
        await page.getByText(text).first().waitFor();
        assert.doesNotMatch(await page.locator("body").innerText(), FOREIGN, where);
      };
      assert.equal(await page.evaluate(() => navigator.language), locale);

      await page.goto(`${server.url}/patients`);
      await shows("the list", "22 Nov 1984 (");
      await page.getByRole("button", { name: "New patient" }).first().click();
      assert.deepEqual(await partsOf(dialog().getByRole("group", { name: "Date of birth" })), DATE);
      assert.deepEqual(await partsOf(dialog().getByRole("group", { name: "Next recall" })), DATE);
      assert.equal(await page.locator("input[type=date], input[type=time], input[type=datetime-local], input[type=month]").count(), 0);
      await page.keyboard.press("Escape");

      await page.goto(`${server.url}/patients/${patient}/details`);
      await shows("the details", "22 Nov 1984");
      await page.getByRole("button", { name: "Edit", exact: true }).click();
      const birth = dialog().getByRole("group", { name: "Date of birth" });
      assert.deepEqual(await partsOf(birth), DATE);
      assert.deepEqual(await birth.getByRole("textbox").evaluateAll((all) => all.map((it) => it.value)), ["22", "11", "1984"]);
      await page.keyboard.press("Escape");

      await page.goto(`${server.url}/patients/${patient}/consent?record=1`);
      await dialog().getByText("Another way", { exact: true }).click();
      assert.deepEqual(await partsOf(dialog().getByRole("group", { name: /^Expires on/ })), DATE);
      await page.keyboard.press("Escape");
      await discard(page);
      await page.goto(`${server.url}/patients/${patient}`);
      await page.getByRole("button", { name: "New visit" }).click();
      const at = page.getByRole("group", { name: "Date and time" });
      await at.waitFor();
      assert.deepEqual(await partsOf(at), [...DATE, "Hour", "Minute"]);
      await at.getByLabel("Day").click();
      await page.keyboard.type("3.2.2027 905");
      assert.deepEqual(await at.getByRole("textbox").evaluateAll((all) => all.map((it) => it.value)), ["3", "2", "2027", "9", "05"]);
      await page.getByText("Wednesday, 3 February 2027.").waitFor();
      await page.getByLabel("Title").fill(`Seen in ${locale}`);
      await page.getByTestId("save-status").getByText(/^Saved \d/).waitFor();
      await page.getByRole("link", { name: /^All visits/ }).click();
      await shows("the visits", "3 Feb 2027, 09:05");
      await opened.close();
    });
  }

  it("a date is pasted as people and programs write it, and what is not a date is reported at its field", async () => {
    const opened = await openPage(browser, { state, locale: "en-US" });
    const { page, context } = opened;
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto(`${server.url}/patients/${patient}/details`);
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    const form = page.getByRole("dialog");
    const birth = form.getByRole("group", { name: "Date of birth" });
    const part = (name) => birth.getByLabel(name);
    for (const [into, text] of [["Day", "1984-03-02"], ["Month", "02/03/1984"], ["Year", "2 March 1984"]]) {
      await part("Day").fill("9");
      await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
      await part(into).focus();
      await page.keyboard.press("Control+v");
      assert.deepEqual(await birth.getByRole("textbox").evaluateAll((all) => all.map((it) => it.value)), ["02", "03", "1984"], text);
    }
    await part("Day").fill("30");
    await part("Month").fill("2");
    await form.getByRole("button", { name: "Save" }).click();
    await birth.getByText("Enter a day from 1 to 29 for February 1984.").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.labels?.[0]?.textContent), "Day");
    assert.equal(await part("Day").getAttribute("inputmode"), "numeric");
    await part("Day").fill("29");
    await form.getByRole("button", { name: "Save" }).click();
    await form.waitFor({ state: "detached" });
    await page.getByText("29 Feb 1984", { exact: true }).waitFor();
    await opened.close();
  });

  it("typed fast on a slow device, no digit is lost or misplaced, in whatever order a date is typed", async () => {
    const opened = await openPage(browser, { state, locale: "de-DE", size: "desktop" });
    const { page, context } = opened;
    const devtools = await context.newCDPSession(page);
    await page.goto(`${server.url}/patients/${patient}`);
    await page.getByRole("button", { name: "New visit" }).click();
    const at = page.getByRole("group", { name: "Date and time" });
    await at.waitFor();
    const title = page.getByLabel("Title");
    for (const rate of [1, 6, 10]) {
      await devtools.send("Emulation.setCPUThrottlingRate", { rate });
      for (const [text, expected] of [
        ["3.2.2027 905", ["3", "2", "2027", "9", "05"]],
        ["271120261430", ["27", "11", "2026", "14", "30"]],
        ["27.11.2026 2:30 pm", ["27", "11", "2026", "14", "30"]],
        ["2026-11-27T14:30", ["27", "11", "2026", "14", "30"]],
        ["5 March 2027 8:15", ["05", "03", "2027", "08", "15"]],
      ]) {
        await at.getByLabel("Day").click();
        // All keys are sent before the page has answered one.
        await Promise.all([...text].flatMap((key) => [
          devtools.send("Input.dispatchKeyEvent", { type: "keyDown", key, text: key }),
          devtools.send("Input.dispatchKeyEvent", { type: "keyUp", key }),
        ]));
        await title.click();
        assert.deepEqual(await at.getByRole("textbox").evaluateAll((all) => all.map((it) => it.value)), expected, `${text}, ${rate} times slower`);
      }
    }
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: 1 });
    await opened.close();
  });

  it("P2: a date of birth is shown in words with the age, and what can't be one is reported as soon as it is left", async () => {
    const opened = await openPage(browser, { state, locale: "en-US" });
    const { page } = opened;
    await page.goto(`${server.url}/patients`);
    await page.getByRole("button", { name: "New patient" }).first().click();
    const birth = page.getByRole("dialog").getByRole("group", { name: "Date of birth" });
    await birth.getByLabel("Day").click();
    await page.keyboard.type("1984-11-22");
    await birth.getByText(/^Thursday,? 22 November 1984 \(\d\d years old\)\.$/).waitFor();
    await birth.getByLabel("Day").click();
    await page.keyboard.type("19.8.4112");
    await page.getByRole("dialog").getByLabel("First name").click();
    await birth.getByText("Enter a date of birth that is not in the future.").waitFor();
    await opened.close();
  });

  it("WCAG 2.2 AA: in both themes, on a tablet, a phone and at 320 px", async () => {
    for (const [theme, size] of [["light", "ipadLandscape"], ["dark", "ipadPortrait"], ["light", "phone"], ["dark", "phone"]]) {
      const opened = await openPage(browser, { state, theme, size, bypassCSP: true });
      const { page } = opened;
      if (theme === "dark" && size === "phone") await page.setViewportSize({ width: 320, height: 640 });
      await page.goto(`${server.url}/patients/${patient}`);
      await page.getByRole("button", { name: "New visit" }).click();
      const at = page.getByRole("group", { name: "Date and time" });
      await at.getByLabel("Day").fill("31");
      await at.getByLabel("Month").fill("4");
      await page.getByLabel("Title").focus();
      await at.getByText(/^Enter a day from 1 to 30/).waitFor();
      for (const field of await at.getByRole("textbox").all()) {
        const box = await field.boundingBox();
        assert.ok(box.height >= 44 && box.width >= 44, `can be touched: ${box.width} × ${box.height}`);
      }
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false);
      await checkAccessibility(page, `a visit's date, ${theme}, ${size}`);
      await shoot(page, `dates-visit-${theme}-${page.viewportSize().width}`);
      // R0: a date that is not one yet is asked about.
      await page.getByRole("link", { name: /^All visits/ }).click();
      await discard(page);
      await page.goto(`${server.url}/patients/${patient}/details`);
      await page.getByRole("button", { name: "Edit", exact: true }).click();
      await page.getByRole("group", { name: "Date of birth" }).scrollIntoViewIfNeeded();
      await checkAccessibility(page, `a date of birth, ${theme}, ${size}`);
      await shoot(page, `dates-details-${theme}-${page.viewportSize().width}`);
      await opened.close();
    }
  });
});
