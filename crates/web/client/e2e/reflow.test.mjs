// F10: every page and dialog at 320 px, and with text twice as large.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openBrowser, openPage, shoot } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { addPhotos, api, makePatient } from "./records.mjs";
import { checkReflow, textSize, WAYS } from "./reflow.mjs";
import { startServer } from "./server.mjs";
import { discard, enter, handOver, PERSON, takeBack, viewing } from "./steps.mjs";

const LONG = "Maximiliane-Konstantinopolitanische";

describe("reflow", () => {
  let server;
  let browser;
  let state;
  let id;
  /** The patient without a consent. */
  let unsigned;

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    const opened = await openPage(browser);
    await enter(opened.page, server);
    const { page } = opened;
    id = await makePatient(page, { uniqueId: "reflow-patient-with-a-long-id-1", firstName: LONG, lastName: "Lindqvist-Oyelaran", allergies: "Penicillin, latex, nickel", birthDate: "1984-03-02", email: "maximiliane.lindqvist-oyelaran@practice.example" });
    unsigned = await makePatient(page, { uniqueId: "r2" }, { consent: false });
    await api(page, "POST", `/patients/${id}/entries`, { appointmentAt: "2026-11-20T10:00:00Z", title: "First consultation", notes: "Six by four millimetres." });
    await api(page, "POST", "/patient-fields", { label: "Lesion size in millimetres", kind: "number" });
    const good = (await photos(page)).filter((it) => !it.isBad && /\.(jpe?g|png)$/i.test(it.name) && it.size < 3_000_000).slice(0, 3);
    await page.goto(`${server.url}/patients/${id}`);
    await addPhotos(page, good.map((it) => it.path));
    state = await opened.context.storageState();
    await opened.close();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  for (const { name, size, text } of WAYS) {
    it(`WCAG 1.4.4, 1.4.10: every page and dialog, ${name}`, async () => {
      const opened = await openPage(browser, { state, size: "phone" });
      const { page } = opened;
      await page.setViewportSize(size);
      await textSize(page, text);
      const faults = [];
      const check = async (what) => {
        await shoot(page, `reflow-${size.width}-${text}-${what.replaceAll(/[^a-z]+/g, "-")}`);
        await checkReflow(page, what).catch((error) => faults.push(error.message));
      };
      const record = `/patients/${id}`;
      const dialog = page.getByRole("dialog");
      const open = async (path, ready, what) => {
        await page.goto(server.url + path);
        await ready.waitFor();
        await check(what);
      };
      const button = (label) => page.getByRole("button", { name: label });
      await open("/patients", page.getByRole("link", { name: /Lindqvist/ }).first(), "patients");
      await button("New patient").first().click();
      await dialog.waitFor();
      await check("new patient");
      await open(record, page.locator("[data-cell]").first(), "photos");
      await page.locator("[data-cell]").first().click();
      await viewing(page, 1);
      await check("viewer");
      await open(`${record}/visits`, page.getByText("First consultation"), "visits");
      await button("New visit").first().click();
      await dialog.waitFor();
      await check("new visit");
      await open(`${record}/consent`, page.getByText("Signed form in folder B."), "consent");
      await button("Revoke").first().click();
      await dialog.waitFor();
      await check("revoke");
      await open(`${record}/consent?record=1`, page.getByLabel("Name of the person who consents").first(), "consent form");
      await open(`${record}/details`, button("Edit"), "details");
      await button("Edit").click();
      await dialog.waitFor();
      await check("edit details");
      await dialog.getByLabel("Allergies").fill("Something typed");
      await page.keyboard.press("Escape");
      await page.getByRole("alertdialog").waitFor();
      await check("discard changes");
      await page.getByRole("button", { name: "Discard changes" }).click();
      await open(`${record}/activity`, page.getByText("Technical details").first(), "record's activity");
      await open("/activity", page.getByText("Technical details").first(), "my activity");
      await open("/settings", page.getByLabel("Name of the practice"), "settings");
      await button("Add field").click();
      await dialog.waitFor();
      await check("add field");
      await open("/devices", page.getByText("This device").first(), "devices");
      await button("Sign out everywhere").click();
      await page.getByRole("alertdialog").waitFor();
      await check("sign out everywhere");
      await open("/nothing-here", page.getByRole("heading", { level: 2 }), "not found");
      await page.getByRole("button", { name: /^Account:/ }).filter({ visible: true }).click();
      await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
      await check("account menu");
      await opened.close();

      const other = await openPage(browser, { size: "phone" });
      await other.page.setViewportSize(size);
      await textSize(other.page, text);
      await other.page.goto(server.url);
      await other.page.getByRole("heading", { name: "Sign in" }).waitFor();
      await checkReflow(other.page, "sign-in").catch((error) => faults.push(error.message));
      await other.page.getByLabel("Username or e-mail").fill(PERSON.username);
      await shoot(other.page, `reflow-${size.width}-${text}-sign-in`);
      await other.close();
      assert.deepEqual(faults, []);
    });
  }

  for (const { name, size, text } of WAYS) {
    it(`WCAG 1.4.4, 1.4.10: what comes up in the middle of something, ${name}`, async () => {
      // With a session of its own, which is handed over and ends.
      const opened = await openPage(browser, { size: "phone" });
      const { page } = opened;
      await page.setViewportSize(size);
      await textSize(page, text);
      await enter(page, server);
      const faults = [];
      const check = async (what) => {
        await shoot(page, `reflow-${size.width}-${text}-${what.replaceAll(/[^a-z]+/g, "-")}`);
        await checkReflow(page, what).catch((error) => faults.push(error.message));
      };
      const dialog = page.getByRole("dialog");
      const edit = async (allergies) => {
        await page.goto(`${server.url}/patients/${id}/details`);
        await page.getByRole("button", { name: "Edit" }).click();
        await dialog.getByLabel("Allergies").fill(allergies);
      };
      const leave = async () => {
        await dialog.getByRole("button", { name: "Cancel" }).click();
        await discard(page);
      };

      await edit("Penicillin, latex, nickel, and Kolophonium-Formaldehydharz-Verbindungen of every kind");
      const { version } = (await api(page, "GET", `/patients/${id}`)).body;
      assert.equal((await api(page, "PATCH", `/patients/${id}`, { version, allergies: `Penicillin and whatever else was typed elsewhere at ${version}` })).status, 200);
      await dialog.getByRole("button", { name: "Save" }).click();
      const choice = dialog.getByRole("group", { name: "Allergies" });
      await choice.waitFor();
      await check("clash");
      await choice.getByRole("radio", { name: /^Keep both/ }).check();
      await check("clash, both kept");
      await leave();

      await page.goto(`${server.url}/settings`);
      await page.getByRole("button", { name: "Retire Lesion size in millimetres" }).click();
      await page.getByRole("alertdialog").waitFor();
      await check("retire a field");
      await page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();

      await page.goto(`${server.url}/patients/${unsigned}/consent?record=1`);
      await dialog.getByLabel("Name of the person who consents").fill(`${LONG} Lindqvist-Oyelaran`);
      const sheet = await handOver(page);
      await check("handed over");
      await sheet.getByRole("button", { name: "I agree and sign" }).click();
      await sheet.getByText("Draw your signature above.").waitFor();
      await check("handed over, nothing drawn");
      await sheet.getByRole("button", { name: "I do not want to sign" }).click();
      await sheet.getByRole("heading", { name: "Nothing was recorded." }).waitFor();
      await check("to be given back");
      await takeBack(page);
      await leave();

      await edit("Half a sentence");
      assert.equal((await api(page, "DELETE", "/session")).status, 204);
      await dialog.getByRole("button", { name: "Save" }).click();
      const again = page.getByRole("dialog", { name: "Sign in again" });
      await again.getByText("Your session has ended.").waitFor();
      await check("sign in again");
      await again.getByLabel("Password", { exact: true }).fill("not-the-password");
      await again.getByRole("button", { name: "Sign in" }).click();
      await again.getByText("Incorrect username or password").waitFor();
      await check("sign in again, wrong password");
      await again.getByLabel("Password", { exact: true }).fill(PERSON.password);
      await again.getByRole("button", { name: "Sign in" }).click();
      await again.waitFor({ state: "detached" });
      await leave();
      await opened.close();
      assert.deepEqual(faults, []);
    });
  }

  it("WCAG 1.4.10: the set-up, at 320 px and with text twice as large", async () => {
    const fresh = await startServer();
    try {
      for (const { size, text } of WAYS) {
        const opened = await openPage(browser, { size: "phone" });
        const { page } = opened;
        await page.setViewportSize(size);
        await textSize(page, text);
        await page.goto(`${fresh.url}/setup`);
        await page.getByLabel("Set-up code").waitFor();
        await checkReflow(page, "set-up code");
        await page.getByLabel("Set-up code").fill(fresh.setupCode);
        await page.getByRole("button", { name: "Next" }).click();
        await page.getByLabel("Name of the practice").fill("Praxis");
        await checkReflow(page, "set-up, practice");
        await page.getByRole("button", { name: "Next" }).click();
        await page.getByLabel("First name").waitFor();
        await checkReflow(page, "set-up, account");
        await shoot(page, `reflow-${size.width}-${text}-setup`);
        await opened.close();
      }
    } finally {
      await fresh.stop();
    }
  });
});
