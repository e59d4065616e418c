// F2, N6: a consent is a document, and signing it leaves the person alone with it.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, eventually, openBrowser, openPage, screenshot, shoot } from "./browser.mjs";
import { api, makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { discard, drawSignature, enter, handedOver, handOver, PERSON, tab, takeBack } from "./steps.mjs";

const SIZES = [["light", "ipadLandscape"], ["dark", "ipadPortrait"], ["light", "phone"], ["dark", "phone"]];

describe("a consent", () => {
  let server;
  let browser;
  let opened;
  let page;
  let patient;
  let record;

  const dialog = () => page.getByRole("dialog");
  const sheet = () => handedOver(page);
  const prepare = async (view = page, of = record) => {
    await view.goto(`${of}?record=1`);
    await view.getByRole("button", { name: "Hand over for signing" }).waitFor();
  };
  const consents = async () => (await api(page, "GET", `/patients/${patient}/consents`)).body.consents;

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser, { bypassCSP: true });
    page = opened.page;
    await enter(page, server);
    patient = await makePatient(page, { uniqueId: "consent-1", firstName: "Elsa", lastName: "Lindqvist", allergies: "Penicillin" }, { consent: false });
    record = `${server.url}/patients/${patient}/consent`;
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("F2: the text is a document with headings, the purposes under what is agreed to, no sentence twice", async () => {
    await prepare();
    await dialog().getByText("Another way", { exact: true }).click();
    const paper = dialog().getByRole("region", { name: "Consent to clinical photography" });
    for (const heading of ["What is photographed", "Why", "Your choice", "Your rights"]) await paper.getByRole("heading", { name: heading, exact: true }).waitFor();
    const agreed = paper.getByRole("group", { name: "What I agree to" });
    assert.equal(await agreed.getByRole("checkbox").count(), 6);
    const words = await paper.innerText();
    assert.equal(words.split("What I agree to").length - 1, 1);
    const sentences = words.split(/(?<=[.!?])\s+/).map((it) => it.trim()).filter((it) => it.length > 25);
    const twice = sentences.filter((it, at) => sentences.indexOf(it) !== at);
    // One sentence stands in two purposes of the form itself.
    assert.deepEqual(twice.filter((it) => !it.startsWith("It is possible that somebody")), []);
    assert.equal(/Required for taking photos/.test(words), false);
    await shoot(page, "consent-document");
    await checkAccessibility(page, "consent given elsewhere");
    await dialog().getByRole("button", { name: "Cancel" }).click();
    await discard(page);
  });

  it("N6: handed over, the form is alone: larger text, all else inert, no Back, no shortcut", async () => {
    await prepare();
    await shoot(page, "consent-prepare");
    await handOver(page);
    const sizes = await page.evaluate(() => [getComputedStyle(document.querySelector("[data-react-aria-top-layer] p + p, [data-react-aria-top-layer] section p")).fontSize, getComputedStyle(document.body).fontSize]);
    assert.ok(Number.parseFloat(sizes[0]) >= Number.parseFloat(sizes[1]) * 1.2, `${sizes}`);
    await eventually(async () => {
      const box = await sheet().boundingBox();
      assert.deepEqual([box.x, box.y, box.width, box.height], [0, 0, 1180, 820]);
    });
    // C41, and for a curious reader: nothing of the record is within reach of the keyboard, a pointer or a screen reader.
    const reachable = await page.evaluate(() => {
      const form = document.querySelector("[data-react-aria-top-layer]");
      return [...document.querySelectorAll("a, button, input, [tabindex]")].filter((it) => !form.contains(it) && !it.closest("[inert]")).length;
    });
    assert.equal(reachable, 0);
    assert.doesNotMatch(await page.title(), /Elsa|Lindqvist|consent-1/);
    for (let step = 0; step < 14; step += 1) {
      await page.keyboard.press("Tab");
      const inside = await page.evaluate(() => document.activeElement === document.body || document.querySelector("[data-react-aria-top-layer]").contains(document.activeElement));
      assert.ok(inside, `step ${step}`);
    }
    for (const keys of ["Escape", "/", "Control+k", "h", "Alt+ArrowLeft"]) await page.keyboard.press(keys);
    const address = page.url();
    for (let times = 0; times < 2; times += 1) {
      const after = await page.evaluate(
        () =>
          new Promise((resolve) => {
            // Whoever listens for Back has been heard when the next task comes.
            const went = () => setTimeout(() => resolve(location.href));
            globalThis.navigation.addEventListener("currententrychange", went, { once: true });
            history.back();
          }),
      );
      assert.equal(after, address);
    }
    await sheet().getByRole("button", { name: "I agree and sign" }).waitFor();
    await shoot(page, "consent-handed-over");
    await page.setViewportSize({ width: 900, height: 700 });
    await screenshot(page, "consent-hand-over");
    await page.setViewportSize({ width: 1180, height: 820 });
    await checkAccessibility(page, "handed over");
  });

  it("N6: neither a reload nor another tab leads past the password", async () => {
    const other = await opened.context.newPage();
    await other.goto(`${server.url}/patients`);
    await other.getByRole("heading", { name: "Please give the device back" }).waitFor();
    assert.equal(await other.getByText("Lindqvist").count(), 0);
    const [heading, text] = [await other.getByRole("heading", { level: 1 }).boundingBox(), await other.getByText(/^For Amal Okafor/).boundingBox()];
    assert.ok(text.y - heading.y - heading.height >= 12, "there is room below the heading");
    // The server knows it too: whoever clears the browser's memory or asks by hand gets no further.
    await other.evaluate(() => localStorage.clear());
    for (const path of ["/patients", `/patients/${patient}`, `/patients/${patient}/images`, "/sessions", "/account/activity"]) {
      const answer = await api(other, "GET", path);
      assert.deepEqual([answer.status, answer.body.code], [403, "handed_over"], path);
    }
    await other.reload();
    await other.getByRole("heading", { name: "Please give the device back" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Please give the device back" }).waitFor();
    assert.equal(await page.getByText("Lindqvist").count(), 0);
    await shoot(page, "consent-locked");
    await page.getByLabel("Password", { exact: true }).fill("Wrong-Horse7battery");
    await page.getByRole("button", { name: "Return to the record" }).click();
    await page.getByText("Incorrect password").waitFor();
    await page.getByLabel("Password", { exact: true }).fill(PERSON.password);
    await page.getByRole("button", { name: "Return to the record" }).click();
    await page.getByRole("heading", { name: "Elsa Lindqvist", exact: true, level: 1, includeHidden: true }).waitFor();
    // Taken back here, it is back everywhere.
    await other.getByRole("heading", { name: "Patients", level: 1 }).waitFor();
    await other.close();
    assert.deepEqual(await consents(), []);
  });

  it("N6: who does not want to sign leaves nothing; who signs is thanked, and only the password returns", async () => {
    await prepare();
    await handOver(page);
    await sheet().getByRole("button", { name: "I do not want to sign" }).click();
    await sheet().getByRole("heading", { name: "Nothing was recorded." }).waitFor();
    await takeBack(page);
    await page.getByText("The consent was not signed.").waitFor();
    assert.deepEqual(await consents(), []);

    await handOver(page);
    await sheet().getByText("Research", { exact: true }).click();
    await drawSignature(page, sheet());
    await shoot(page, "consent-drawn");
    await sheet().getByRole("button", { name: "I agree and sign" }).click();
    await sheet().getByRole("heading", { name: "Thank you. Your consent is recorded." }).waitFor();
    await shoot(page, "consent-thanks");
    await checkAccessibility(page, "given back");
    await takeBack(page);
    assert.equal((await consents()).length, 1);
    await tab(page, "Consent").waitFor();
    await page.getByRole("heading", { name: "Elsa Lindqvist, patient" }).waitFor();
    await page.getByText("Show consent text").click();
    await page.getByRole("heading", { name: "What I agree to" }).waitFor();
    await shoot(page, "consent-recorded");
    await checkAccessibility(page, "recorded consents");
  });

  /** From the record, as a person goes. */
  const comeFromRecord = async () => {
    await page.goto(record.replace(/consent$/, "details"));
    await tab(page, "Consent").click();
    await page.getByRole("button", { name: /^Record/ }).first().click();
    await page.getByRole("button", { name: "Hand over for signing" }).waitFor();
  };
  const isClosed = () => dialog().waitFor({ state: "detached" });

  it("N6: back from the hand-over, Cancel closes the dialog at once and Back never opens it again", async () => {
    await comeFromRecord();
    await handOver(page);
    await sheet().getByRole("button", { name: "I do not want to sign" }).click();
    await takeBack(page);
    await dialog().getByRole("button", { name: "Cancel" }).click();
    await isClosed();
    assert.equal(page.url(), record);
    // Also where a reload took the form away.
    await page.getByRole("button", { name: /^Record/ }).first().click();
    await handOver(page);
    await page.reload();
    await page.getByLabel("Password", { exact: true }).fill(PERSON.password);
    await page.getByRole("button", { name: "Return to the record" }).click();
    await dialog().getByRole("button", { name: "Cancel" }).click();
    await isClosed();
    assert.equal(page.url(), record);

    await page.getByRole("button", { name: /^Record/ }).first().click();
    await handOver(page);
    await drawSignature(page, sheet());
    await sheet().getByRole("button", { name: "I agree and sign" }).click();
    await sheet().getByRole("heading", { name: "Thank you. Your consent is recorded." }).waitFor();
    await takeBack(page);
    await isClosed();
    await page.goBack();
    await page.waitForURL(/\/(consent|details)$/);
    await isClosed();
  });

  it("C40: what was searched for and opened is out of reach while the device is handed over, and there again afterwards", async () => {
    const recent = () => page.evaluate(() => sessionStorage.getItem("cutis.sealed"));
    const toPatients = async () => {
      await page.getByRole("link", { name: "Patients" }).filter({ visible: true }).first().click();
      await page.getByRole("heading", { name: "Patients", level: 1 }).waitFor();
    };
    await toPatients();
    await page.getByRole("searchbox").fill("Lindqvist");
    await page.getByRole("link", { name: /Lindqvist/ }).first().click();
    await tab(page, "Consent").click();
    await page.getByRole("button", { name: /^Record/ }).first().click();
    await eventually(async () => assert.ok(await recent()));
    await handOver(page);
    const kept = await recent();
    await page.reload();
    await page.getByRole("heading", { name: "Please give the device back" }).waitFor();
    assert.doesNotMatch(kept, /Lindqvist|consent-1/);
    // Without the key, as the page is now, it stays as it was.
    assert.equal(await recent(), kept);
    await page.getByLabel("Password", { exact: true }).fill(PERSON.password);
    await page.getByRole("button", { name: "Return to the record" }).click();
    await dialog().getByRole("button", { name: "Cancel" }).click();
    await isClosed();
    await toPatients();
    assert.equal(await page.getByRole("searchbox").inputValue(), "Lindqvist");
  });

  it("R0: a session that ends during the hand-over is the patient's hand-over still; the signature is kept and recorded after sign-in", async () => {
    const before = (await consents()).length;
    await comeFromRecord();
    await handOver(page);
    await drawSignature(page, sheet());
    await page.evaluate(() => fetch("/api/v1/session", { method: "DELETE" }));
    await sheet().getByRole("button", { name: "I agree and sign" }).click();
    await sheet().getByRole("heading", { name: "Your consent could not be recorded." }).waitFor();
    await sheet().getByText(/What you chose and signed is kept here/).waitFor();
    await sheet().getByText("Please give the device back").waitFor();
    assert.equal(await page.getByRole("heading", { name: "Sign in again" }).count(), 0);
    assert.equal(await page.getByLabel("Username or e-mail").count(), 0);
    await shoot(page, "consent-session-ended");
    await checkAccessibility(page, "handed over, the session has ended");
    // Another tab opens nothing.
    const other = await opened.context.newPage();
    await other.goto(`${server.url}/patients`);
    await other.getByRole("heading", { name: "Sign in" }).waitFor();
    await other.close();
    await takeBack(page);
    await isClosed();
    assert.equal(page.url(), record);
    assert.equal((await consents()).length, before + 1);
    assert.equal(await page.getByText("The consent was not signed.").count(), 0);

    // The same for who does not want to sign.
    await page.getByRole("button", { name: /^Record/ }).first().click();
    await handOver(page);
    await page.evaluate(() => fetch("/api/v1/session", { method: "DELETE" }));
    await sheet().getByRole("button", { name: "I do not want to sign" }).click();
    await takeBack(page);
    await page.getByText("The consent was not signed.").waitFor();
    await dialog().getByRole("button", { name: "Cancel" }).click();
    await isClosed();
    assert.equal((await consents()).length, before + 1);
  });

  it("F11: the new consent never stands beside \"No consent\"", async () => {
    const fresh = await makePatient(page, { uniqueId: "consent-2", firstName: "Ida", lastName: "Berg" }, { consent: false });
    await prepare(page, `${server.url}/patients/${fresh}/consent`);
    await handOver(page);
    await drawSignature(page, sheet());
    await sheet().getByRole("button", { name: "I agree and sign" }).click();
    await sheet().getByRole("heading", { name: "Thank you. Your consent is recorded." }).waitFor();
    // The record comes later than its consents.
    let letGo;
    const held = new Promise((resolve) => {
      letGo = resolve;
    });
    await page.route(`**/api/v1/patients/${fresh}`, async (route) => {
      await held;
      await route.continue();
    });
    await sheet().getByLabel("Password", { exact: true }).fill(PERSON.password);
    await sheet().getByRole("button", { name: "Return to the record" }).click();
    await page.getByRole("heading", { name: /^Ida Berg, patient/, includeHidden: true }).waitFor({ state: "attached" });
    await sheet().getByText("The record opens in a moment.").waitFor();
    letGo();
    await isClosed();
    await page.getByRole("heading", { name: /^Ida Berg, patient/ }).waitFor();
    assert.equal(await page.getByText(/^No consent|Photos can be added only after/).count(), 0);
    await page.unroute(`**/api/v1/patients/${fresh}`);
  });

  it("WCAG 2.2 AA: the form in both themes, on tablets and a phone", async () => {
    const state = await opened.context.storageState();
    for (const [theme, size] of SIZES) {
      const other = await openPage(browser, { state, theme, size, bypassCSP: true });
      await prepare(other.page);
      await shoot(other.page, `consent-prepare-${theme}-${size}`);
      await handOver(other.page);
      await shoot(other.page, `consent-form-${theme}-${size}`);
      await checkAccessibility(other.page, `handed over, ${theme}, ${size}`);
      await handedOver(other.page).getByRole("button", { name: "I do not want to sign" }).click();
      await shoot(other.page, `consent-back-${theme}-${size}`);
      await checkAccessibility(other.page, `to be given back, ${theme}, ${size}`);
      await takeBack(other.page);
      await other.close();
    }
    await opened.close();
  });
});
