// What the other tests lean on.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { chooserFrom, openBrowser, openPage } from "./browser.mjs";

describe("the helpers", () => {
  let browser;

  before(async () => {
    browser = await openBrowser();
  });

  after(async () => {
    await browser?.close();
  });

  it("hear of a file chooser that opens while the page is busy", async () => {
    const opened = await openPage(browser, { size: "desktop" });
    const { page } = opened;
    await page.setContent(`<input type="file">`);
    const input = page.locator("input");
    await input.focus();
    // Key presses come first when the page has time again.
    await page.evaluate(() => {
      setTimeout(() => {
        const end = performance.now() + 400;
        while (performance.now() < end);
      });
    });
    const chooser = await chooserFrom(page, () => page.keyboard.press("Enter"));
    assert.equal(chooser.isMultiple(), false);
    await opened.close();
  });
});
