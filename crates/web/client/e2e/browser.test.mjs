// What the other tests lean on.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { chooserFrom, openBrowser, openPage } from "./browser.mjs";
import { checkReflow } from "./reflow.mjs";

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

  it("F10: find text that lies over another, is cut or leaves the page, and nothing where all is well", async () => {
    const opened = await openPage(browser, { size: "phone" });
    const { page } = opened;
    const find = async (body) => {
      await page.setContent(`<!doctype html><meta name="viewport" content="width=device-width"><style>* { margin: 0 } p { font: 16px/1.5 sans-serif }</style><main>${body}</main>`);
      try {
        await checkReflow(page, "what was planted");
        return "";
      } catch (error) {
        return error.message;
      }
    };
    assert.equal(await find(`<p>The first line</p><p>The second line</p>`), "");
    assert.match(await find(`<p>The first line</p><p style="margin-top: -20px">The second line</p>`), /text lies over “The second line”/);
    assert.match(await find(`<div style="position: relative"><p>Seen on 26 Nov</p><p style="position: absolute; top: 4px; left: 60px">21:40</p></div>`), /text lies over/);
    // Lines of one paragraph, boxes that touch, and what is scrolled out of sight are no fault.
    assert.equal(await find(`<p style="inline-size: 80px">Several words in a narrow place</p><p style="line-height: 1">Below</p>`), "");
    assert.equal(await find(`<div style="block-size: 48px; overflow: auto"><p>One</p><p>Two</p><p>Three</p></div><p>Under the list</p>`), "");
    assert.match(await find(`<p style="inline-size: 60px; overflow: hidden; white-space: nowrap">Too long for its place</p>`), /text is cut/);
    assert.match(await find(`<p style="inline-size: 900px">Wide</p>`), /the page is 900 wide|outside the page/);
    assert.match(await find(`<button style="inline-size: 20px; block-size: 20px">x</button>`), /only 20 × 20 to touch/);
    await opened.close();
  });
});
