// What reflows and what does not: measured in the page (F10; WCAG 1.4.4, 1.4.10, 2.5.8).
import assert from "node:assert/strict";
import { settled } from "./browser.mjs";

/** Narrow, and with text twice as large on both sides of a tablet. */
export const WAYS = [
  { name: "320 px", size: { width: 320, height: 640 }, text: 100 },
  { name: "200 % on an iPad held upright", size: { width: 820, height: 1180 }, text: 200 },
  { name: "200 % on a wide iPad", size: { width: 1180, height: 820 }, text: 200 },
];

/** The text as large as a person set it in the browser, in per cent of the usual. */
export async function textSize(page, percent) {
  const session = await page.context().newCDPSession(page);
  await session.send("Page.enable");
  await session.send("Page.setFontSizes", { fontSizes: { standard: Math.round((16 * percent) / 100), fixed: Math.round((13 * percent) / 100) } });
}

/** Nothing scrolls sideways, no text is cut or lies over another, and what can be touched is large enough. */
export async function checkReflow(page, name, { targets = true } = {}) {
  await settled(page);
  const found = await page.evaluate((withTargets) => {
    const faults = [];
    const root = document.documentElement;
    // What lies over everything else: a sheet, else the dialog that was opened last.
    const sheets = document.querySelectorAll("[data-react-aria-top-layer] :is(main, [role=dialog])");
    const modal = [...(sheets.length > 0 ? sheets : document.querySelectorAll('[role="dialog"], [role="alertdialog"]'))].at(-1);
    const around = modal ?? document.body;
    const say = (what, element) => faults.push(`${what}: <${element.tagName.toLowerCase()} class="${String(element.className?.baseVal ?? element.className).slice(0, 40)}"> ${(element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 50)}`);
    if (root.scrollWidth > root.clientWidth + 1) faults.push(`the page is ${root.scrollWidth} wide on ${root.clientWidth}`);
    /* oxlint-disable unicorn/consistent-function-scoping -- this runs in the page, which knows nothing from outside */
    const layerOf = (element) => {
      for (let up = element; up; up = up.parentElement) if (getComputedStyle(up).zIndex !== "auto") return Number(getComputedStyle(up).zIndex);
      return 0;
    };
    const isScroller = (style) => /auto|scroll/.test(style.overflowX);
    const isHidden = (element) => {
      if (element.closest(".visually-hidden, [hidden]") || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return true;
      // What is said and not shown: a box of one pixel around it.
      for (let up = element; up && up !== document.body; up = up.parentElement) if (up.offsetWidth === 1 && up.offsetHeight === 1) return true;
      return false;
    };
    /* oxlint-enable unicorn/consistent-function-scoping */
    // What is inert lets clicks through, so that a dialog beneath another one works and cannot be seen.
    for (const other of sheets.length > 0 ? [] : document.querySelectorAll('[role="dialog"], [role="alertdialog"]')) {
      if (layerOf(other) > layerOf(modal)) say("lies over the dialog that was opened last", other);
    }
    for (const element of around.querySelectorAll("*")) {
      if (element.closest("svg, select, [data-cell], [data-reflow=scrolls]") || isHidden(element)) continue;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      if (box.width < 2 || style.clipPath !== "none") continue;
      const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");
      if (hasText) {
        const isCut = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 && style.display !== "inline" && /hidden|clip/.test(style.overflowX) && style.textOverflow !== "ellipsis";
        const isTall = element.scrollHeight > element.clientHeight + 2 && /hidden|clip/.test(style.overflowY) && style.webkitLineClamp === "none";
        if (isCut || isTall) say("text is cut", element);
        // Beyond the edge, and nothing around it scrolls.
        let scrolls = false;
        for (let up = element; up && up !== document.body; up = up.parentElement) scrolls ||= isScroller(getComputedStyle(up));
        if (!scrolls && (box.right > root.clientWidth + 1 || box.left < -1)) say("text lies outside the page", element);
      }
      if (isScroller(style) && element.scrollWidth > element.clientWidth + 1 && !/strip|tabs/.test(String(element.className))) say("scrolls sideways", element);
    }
    // A word of a button in two lines.
    for (const label of around.querySelectorAll("button, a[role=button]")) {
      if (isHidden(label)) continue;
      const words = document.createTreeWalker(label, NodeFilter.SHOW_TEXT);
      const piece = document.createRange();
      for (let node = words.nextNode(); node; node = words.nextNode()) {
        if (isHidden(node.parentElement)) continue;
        for (const { index, 0: word } of node.data.matchAll(/[\p{L}\p{N}]+/gu)) {
          piece.setStart(node, index);
          piece.setEnd(node, index + word.length);
          if (word.length <= 14 && new Set([...piece.getClientRects()].map((box) => Math.round(box.top))).size > 1) say(`“${word}” is broken`, label);
        }
      }
    }
    // Two texts in one place: each line's box, as far as what it lies in shows it.
    const lines = [];
    const walker = document.createTreeWalker(around, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (node.data.trim() === "" || element.closest("svg, select, option, textarea, script, style") || isHidden(element)) continue;
      const clips = [];
      let layer = null;
      for (let up = element; up && up !== around.parentElement; up = up.parentElement) {
        const { overflowX, overflowY, position, clipPath } = getComputedStyle(up);
        if (overflowX !== "visible" || overflowY !== "visible" || clipPath !== "none") clips.push(up.getBoundingClientRect());
        // What stays in sight lies over what is scrolled beneath it.
        if (layer === null && (position === "fixed" || position === "sticky")) layer = up;
      }
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        const [left, top] = [Math.max(box.left, ...clips.map((it) => it.left)), Math.max(box.top, ...clips.map((it) => it.top))];
        const [right, bottom] = [Math.min(box.right, ...clips.map((it) => it.right)), Math.min(box.bottom, ...clips.map((it) => it.bottom))];
        if (right - left > 2 && bottom - top > 2) lines.push({ node, element, layer, left, top, right, bottom });
      }
    }
    lines.sort((a, b) => a.top - b.top);
    for (const [at, one] of lines.entries()) {
      for (let next = at + 1; next < lines.length && lines[next].top < one.bottom; next += 1) {
        const other = lines[next];
        if (other.node === one.node || other.layer !== one.layer) continue;
        const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        // A line's box is a little higher than its letters.
        const high = Math.min(one.bottom, other.bottom) - other.top;
        if (wide > 2 && high > Math.min(one.bottom - one.top, other.bottom - other.top) * 0.3) say(`text lies over “${other.node.data.trim().slice(0, 40)}”`, one.element);
      }
    }
    if (withTargets) {
      for (const element of around.querySelectorAll("button, a[href], summary, input:not([type=hidden]):not([type=file]), select, textarea, [role=menuitem]")) {
        if (isHidden(element)) continue;
        const style = getComputedStyle(element);
        // A link in a sentence is as large as its line (WCAG 2.5.8).
        if (style.display === "inline") continue;
        // A box or a dot is touched with its label.
        const touched = element.matches("input[type=checkbox], input[type=radio]") ? element.closest("label") : element;
        const box = touched?.getBoundingClientRect();
        if (!box || box.width < 2 || getComputedStyle(touched).clipPath !== "none") continue;
        if (box.height < 43.5 || box.width < 43.5) say(`only ${Math.round(box.width)} × ${Math.round(box.height)} to touch`, touched);
      }
    }
    return [...new Set(faults)];
  }, targets);
  assert.deepEqual(found, [], `reflow of ${name}`);
}
