// P2, P6: the practice's custom fields, from their definition to a conflict about what one holds.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, openBrowser, openPage, shoot } from "./browser.mjs";
import { startServer } from "./server.mjs";
import { discard, enter, tab } from "./steps.mjs";

const SIZES = [["light", "ipadLandscape"], ["dark", "ipadPortrait"], ["light", "phone"], ["dark", "phone"]];

/** Asks the server as the page does; gives the status and the body. */
const api = (page, method, path, body) =>
  page.evaluate(
    async ([verb, address, sent]) => {
      const options = sent === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(sent) };
      const answer = await fetch(`/api/v1${address}`, { method: verb, ...options });
      return { status: answer.status, body: await answer.json() };
    },
    [method, path, body],
  );

const refuse = (route) => route.fulfill({ status: 429, contentType: "application/problem+json", body: JSON.stringify({ code: "throttled" }) });

/** In the page: what has to be scrolled sideways. */
function tooWide() {
  const scrollers = [...document.querySelectorAll("[role=dialog] *")].filter((it) => getComputedStyle(it).overflowX === "auto");
  return [document.documentElement, ...scrollers].filter((it) => it.scrollWidth > it.clientWidth).map((it) => it.className);
}

describe("custom fields", () => {
  let server;
  let browser;
  let opened;
  let page;
  let patient;

  const section = () => page.getByRole("region", { name: "Patient fields" });
  const rows = () => section().getByRole("list", { name: "Patient fields" }).getByRole("listitem");
  const dialog = () => page.getByRole("dialog");
  const datePart = (field, part) => dialog().getByRole("group", { name: field }).getByLabel(part);
  const own = () => page.getByRole("region", { name: "Patient fields" });
  const labels = () => rows().locator("p:first-child").allTextContents();
  const goTo = async (name) => {
    await page.getByRole("link", { name, exact: true }).filter({ visible: true }).first().click();
    await page.getByRole("heading", { name, level: 1 }).waitFor();
  };
  const openDetails = async () => {
    await page.goto(`${server.url}/patients/${patient}/details`);
    await own().waitFor();
  };
  const edit = async () => {
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    await dialog().getByText("Patient fields").waitFor();
  };

  const define = async (label, kind, choices) => {
    await section().getByRole("button", { name: "Add field" }).click();
    await dialog().getByLabel("Name of the field").fill(label);
    await dialog().getByRole("radio", { name: new RegExp(`^${kind}`) }).check();
    if (choices) await dialog().getByLabel("Choices").fill(choices.join("\n"));
    await dialog().getByRole("button", { name: "Add field" }).click();
    await dialog().waitFor({ state: "detached" });
    await rows().filter({ hasText: label }).waitFor();
  };

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser);
    page = opened.page;
    await enter(page, server);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("P2: an administrator defines one of each kind; what can't be right is told at its field", async () => {
    await goTo("Settings");
    await section().getByText("No fields of your own yet").waitFor();
    await section().scrollIntoViewIfNeeded();
    await shoot(page, "patient-fields-empty");
    await section().getByRole("button", { name: "Add field" }).click();
    await dialog().getByRole("radio", { name: /^Choice/ }).check();
    await dialog().getByRole("button", { name: "Add field" }).click();
    await dialog().getByText("Enter a name for the field.").waitFor();
    await dialog().getByText("Enter at least two choices, one per line.").waitFor();
    await dialog().getByLabel("Name of the field").fill("Body side");
    await dialog().getByLabel("Choices").fill("Left\nRight\nBoth\nleft");
    await dialog().getByText("Enter each choice once; “left” is listed twice.").waitFor();
    await dialog().getByLabel("Choices").fill("Left\nRight\nBoth");
    await dialog().getByText("3 choices so far.").waitFor();
    await shoot(page, "patient-field-dialog");
    await dialog().getByRole("button", { name: "Add field" }).click();
    await rows().filter({ hasText: "Left, Right, Both" }).waitFor();
    await page.waitForFunction(() => document.activeElement?.textContent === "Add field");

    await define("Referred by", "Text");
    await define("Lesion size in mm", "Number");
    await define("Next recall", "Date");
    await define("Dermatoscope available", "Yes or no");
    await section().getByText("5 of 20 in use").waitFor();
    // The server has the last word: a name that was taken by somebody else meanwhile.
    await section().getByRole("button", { name: "Add field" }).click();
    const other = await api(page, "POST", "/patient-fields", { label: "Study", kind: "text" });
    assert.equal(other.status, 201);
    await dialog().getByLabel("Name of the field").fill("STUDY");
    await dialog().getByRole("button", { name: "Add field" }).click();
    await dialog().getByText("Enter a different name; another field in use has this one.").waitFor();
    await page.keyboard.press("Escape");
    await discard(page);
    await api(page, "PATCH", `/patient-fields/${other.body.id}`, { retired: true });
  });

  it("P2, WCAG 2.1.1: fields are moved with the keyboard, the result is said and the focus stays", async () => {
    await page.reload();
    await rows().first().waitFor();
    assert.equal((await labels())[0], "Body side");
    const name = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    await section().getByRole("button", { name: "Move Referred by up" }).focus();
    await page.keyboard.press("Enter");
    await section().getByText("Referred by is now 1 of 5.").waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Move Referred by down");
    await section().getByRole("button", { name: "Move Body side down" }).focus();
    for (const place of [3, 4]) {
      await page.keyboard.press("Enter");
      await section().getByText(`Body side is now ${place} of 5.`).waitFor();
      assert.equal(await name(), "Move Body side down");
    }
    // The list is drawn from the cache a moment after the announcement.
    await rows().nth(3).filter({ hasText: "Body side" }).waitFor();
    const order = ["Referred by", "Lesion size in mm", "Next recall", "Body side", "Dermatoscope available"];
    assert.deepEqual(await labels(), order);
    await page.waitForFunction(
      async (wanted) => {
        const { fields } = await (await fetch("/api/v1/patient-fields")).json();
        return fields.filter((it) => !it.retired).map((it) => it.label).join() === wanted;
      },
      order.join(),
    );
    await section().scrollIntoViewIfNeeded();
    await shoot(page, "patient-fields");
  });

  it("P2: a patient is created with values, each in its own control", async () => {
    await goTo("Patients");
    await page.getByRole("button", { name: "New patient" }).first().click();
    await dialog().getByLabel("Unique ID").fill("own-one");
    assert.equal(await dialog().getByLabel("Study").count(), 0, "a retired field is not in the form");
    await dialog().getByLabel("Lesion size in mm").fill("many");
    await dialog().getByRole("button", { name: "Create patient" }).click();
    await dialog().getByText(/^Enter a number such as 12/).waitFor();
    await dialog().getByLabel("Lesion size in mm").fill("7,50");
    await dialog().getByText("Will be saved as 7.5").waitFor();
    await dialog().getByLabel("Referred by").fill("Dr. Ü. Sørensen");
    // F13: in the order of the practice's language, and on to the next part by itself.
    await datePart("Next recall", "Day").click();
    await page.keyboard.type("1.3");
    await page.keyboard.press("Tab");
    await page.keyboard.type("027");
    await dialog().getByLabel("Referred by").focus();
    await dialog().getByText("Enter the year with all four digits.").waitFor();
    await datePart("Next recall", "Year").fill("2027");
    await dialog().getByText("Enter the year with all four digits.").waitFor({ state: "detached" });
    await dialog().getByLabel("Body side").selectOption("Left");
    await dialog().getByLabel("Dermatoscope available").selectOption("Yes");
    await dialog().getByLabel("Dermatoscope available").scrollIntoViewIfNeeded();
    await shoot(page, "patient-fields-form");
    await dialog().getByRole("button", { name: "Create patient" }).click();
    await tab(page, "Details").click();
    patient = new URL(page.url()).pathname.split("/")[2];
    await own().waitFor();
    const shown = await own().locator("dl > div").allTextContents();
    assert.deepEqual(shown, ["Referred byDr. Ü. Sørensen", "Lesion size in mm7.5", "Next recall1 Mar 2027", "Body sideLeft", "Dermatoscope availableYes"]);
    await own().scrollIntoViewIfNeeded();
    await shoot(page, "patient-fields-details");
  });

  it("P2: one is edited and one emptied; the server's refusal stands at the field", async () => {
    await edit();
    // Not what this client would send: the server's own words have to be placed.
    await page.route("**/api/v1/patients/*", async (route) => {
      if (route.request().method() !== "PATCH") return route.continue();
      const sent = route.request().postDataJSON();
      const [id] = Object.keys(sent.practiceFields);
      await route.continue({ postData: JSON.stringify({ ...sent, practiceFields: { [id]: "1e5" } }) });
    });
    await dialog().getByLabel("Lesion size in mm").fill("8");
    await dialog().getByRole("button", { name: "Save" }).click();
    await dialog().getByText(/a number such as 12 or -0.5/).waitFor();
    assert.equal(await dialog().getByLabel("Lesion size in mm").getAttribute("aria-invalid"), "true");
    await page.unroute("**/api/v1/patients/*");
    await dialog().getByLabel("Lesion size in mm").fill("8");
    for (const part of ["Day", "Month", "Year"]) await datePart("Next recall", part).fill("");
    await dialog().getByRole("button", { name: "Save" }).click();
    await dialog().waitFor({ state: "detached" });
    await own().getByText("8", { exact: true }).waitFor();
    assert.equal(await own().getByText("Next recall").count(), 0);
  });

  it("P6: only the field that moved meanwhile is asked about, with both values; the rest is saved", async () => {
    const { fields } = (await api(page, "GET", "/patient-fields")).body;
    const idOf = (label) => fields.find((field) => field.label === label).id;
    await edit();
    await dialog().getByLabel("Body side").selectOption("Both");
    await dialog().getByLabel("Lesion size in mm").fill("9");
    await dialog().getByLabel("Dermatoscope available").selectOption("No");
    const { version } = (await api(page, "GET", `/patients/${patient}`)).body;
    const values = { [idOf("Body side")]: "Right", [idOf("Lesion size in mm")]: "12", [idOf("Referred by")]: null };
    assert.equal((await api(page, "PATCH", `/patients/${patient}`, { version, practiceFields: values })).status, 200);
    await dialog().getByRole("button", { name: "Save" }).click();
    await page.getByText("This record changed while you were editing").waitFor();
    const groups = await dialog().getByRole("group").allTextContents();
    const apart = groups.map((text) => text.replace(/Changed by Amal Okafor, \d+ [A-Z][a-z]{2} \d{4}, \d\d:\d\d/, " | "));
    assert.deepEqual(apart.toSorted(), ["Body side | YoursBothNow on recordRight", "Lesion size in mm | Yours9Now on record12"]);
    await dialog().getByRole("group", { name: "Body side" }).getByRole("radio", { name: /Now on record/ }).check();
    await dialog().getByRole("group", { name: "Lesion size in mm" }).getByRole("radio", { name: /^Yours/ }).check();
    await shoot(page, "patient-fields-conflict");
    await dialog().getByRole("button", { name: "Save my choices" }).click();
    await dialog().waitFor({ state: "detached" });
    await own().getByText("9", { exact: true }).waitFor();
    const held = (await api(page, "GET", `/patients/${patient}`)).body.practiceFields;
    assert.deepEqual(held, { [idOf("Body side")]: "Right", [idOf("Lesion size in mm")]: "9", [idOf("Dermatoscope available")]: "no" });
  });

  it("P6: other fields that moved meanwhile stop nobody", async () => {
    await edit();
    await dialog().getByLabel("Lesion size in mm").fill("10");
    const { version } = (await api(page, "GET", `/patients/${patient}`)).body;
    assert.equal((await api(page, "PATCH", `/patients/${patient}`, { version, firstName: "Mara", lastName: "Own" })).status, 200);
    await dialog().getByRole("button", { name: "Save" }).click();
    await dialog().waitFor({ state: "detached" });
    await page.getByRole("heading", { name: "Mara Own" }).waitFor();
    await own().getByText("10", { exact: true }).waitFor();
  });

  it("P2: a choice that is taken away stays with the patient; a field is renamed and retired, and its value stays visible", async () => {
    await goTo("Settings");
    await section().getByRole("button", { name: "Edit Body side" }).click();
    await dialog().getByLabel("Name of the field").fill("Side");
    await dialog().getByLabel("Choices").fill("Left\nBoth");
    await shoot(page, "patient-field-edit");
    await dialog().getByRole("button", { name: "Save" }).click();
    await rows().filter({ hasText: "Left, Both" }).waitFor();
    await section().getByRole("button", { name: "Retire Dermatoscope available" }).click();
    const question = page.getByRole("alertdialog");
    await question.getByText("Values in records are kept").waitFor();
    await shoot(page, "patient-field-retire");
    await question.getByRole("button", { name: "Retire" }).click();
    await question.waitFor({ state: "detached" });
    await page.waitForFunction(() => document.activeElement?.textContent === "Add field");
    await section().getByText("2 fields no longer in use").click();
    await section().getByRole("button", { name: "Restore Dermatoscope available" }).waitFor();
    await shoot(page, "patient-fields-retired");

    await openDetails();
    await own().getByText("Side", { exact: true }).waitFor();
    assert.match(await own().locator("dl > div").filter({ hasText: "Dermatoscope" }).textContent(), /no longer in useNo$/);
    await own().scrollIntoViewIfNeeded();
    await shoot(page, "patient-fields-retired");
    await edit();
    assert.equal(await dialog().getByLabel("Dermatoscope available").count(), 0);
    assert.equal(await dialog().getByLabel("Side").inputValue(), "Right");
    await dialog().getByLabel("Side").getByRole("option", { name: "Right (removed)" }).waitFor({ state: "attached" });
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
  });

  it("P2: a retired field comes back, and the server's no is said", async () => {
    await goTo("Settings");
    await section().getByText("2 fields no longer in use").click();
    await section().getByRole("button", { name: "Restore Dermatoscope available" }).click();
    await rows().filter({ hasText: "Dermatoscope available" }).waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Edit Dermatoscope available");
    await define("Study", "Text");
    await section().getByRole("button", { name: "Restore Study" }).click();
    await section().getByText("Enter a different name; another field in use has this one.").waitFor();
  });

  it("P2: a move that fails is taken back and told; twenty in use are the most", async () => {
    const before = await labels();
    await page.route("**/api/v1/patient-fields/*", (route) => route.abort("failed"));
    await section().getByRole("button", { name: "Move Referred by down" }).click();
    await section().getByText(/^The server can't be reached/).waitFor();
    await page.unroute("**/api/v1/patient-fields/*");
    await page.waitForFunction((first) => document.querySelector("[aria-label='Patient fields'] ol p")?.textContent === first, before[0]);
    assert.deepEqual(await labels(), before);

    const more = Array.from({ length: 20 - before.length }, (_, at) => `Spare ${at}`);
    const made = [];
    for (const label of more) made.push((await api(page, "POST", "/patient-fields", { label, kind: "yes_no" })).body.id);
    await page.reload();
    await section().getByText("All 20 are in use. Retire one to add another.").waitFor();
    assert.equal(await section().getByRole("button", { name: "Add field" }).isDisabled(), true);
    for (const id of made) assert.equal((await api(page, "PATCH", `/patient-fields/${id}`, { retired: true })).status, 200);
  });

  it("P2: forms and settings say so when the fields can't be loaded, and load them on request", async () => {
    await page.route("**/api/v1/patient-fields", refuse);
    await page.reload();
    await section().getByRole("heading", { name: "This could not be loaded" }).waitFor();
    await goTo("Patients");
    await page.getByRole("button", { name: "New patient" }).first().click();
    await dialog().getByText("The patient fields could not be loaded.").waitFor();
    await dialog().getByRole("button", { name: "Try again" }).scrollIntoViewIfNeeded();
    await shoot(page, "patient-fields-not-loaded");
    await page.unroute("**/api/v1/patient-fields");
    await dialog().getByRole("button", { name: "Try again" }).click();
    await dialog().getByLabel("Lesion size in mm").waitFor();
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
  });

  it("U5: the activity calls patient fields by their names", async () => {
    await page.goto(`${server.url}/patients/${patient}/activity`);
    await page.getByText(/^(Lesion size in mm, Next recall|Next recall, Lesion size in mm)$/).waitFor();
    await page.getByText("First name, Last name").waitFor();
    await shoot(page, "patient-fields-activity");
    await page.goto(`${server.url}/activity`);
    await page.getByText("added a patient field").first().waitFor();
    await page.getByText("changed a patient field").first().waitFor();
    await shoot(page, "patient-fields-my-activity");
  });

  it("P4, C41: a search says how many it finds, and no address holds what was typed", async () => {
    const addresses = [];
    page.on("request", (request) => addresses.push(request.url()));
    const made = await Promise.all(Array.from({ length: 103 }, (_, at) => api(page, "POST", "/patients", { uniqueId: `many-${at}` })));
    assert.ok(made.every(({ status }) => status === 201));
    await goTo("Patients");
    await page.getByText("104 patients", { exact: true }).waitFor();
    await page.getByRole("searchbox").fill("many-");
    await page.getByText("103 patients found", { exact: true }).waitFor();
    await page.getByRole("searchbox").fill("many-77");
    await page.getByText("1 patient found", { exact: true }).waitFor();
    assert.equal(page.url().includes("many"), false);
    assert.deepEqual(addresses.filter((it) => it.includes("many")), []);
  });

  it("WCAG 2.2 AA: the pages with the practice's custom fields, in both themes and on a phone", async () => {
    const state = await opened.context.storageState();
    for (const [theme, size] of SIZES) {
      const other = await openPage(browser, { state, theme, size, bypassCSP: true });
      const view = other.page;
      const look = async (name) => {
        await checkAccessibility(view, `${name}, ${theme}, ${size}`);
        const wide = await view.evaluate(tooWide);
        assert.deepEqual(wide, [], `${name} is no wider than the ${size}`);
        await shoot(view, `${name}-${theme}-${size}`);
      };
      await view.goto(`${server.url}/settings`);
      const fields = view.getByRole("region", { name: "Patient fields" });
      await fields.getByText(/^\d+ fields no longer in use/).click();
      await fields.getByRole("button", { name: "Restore Study" }).scrollIntoViewIfNeeded();
      for (const button of await fields.getByRole("button").all()) {
        const box = await button.boundingBox();
        assert.ok(box.width >= 44 && box.height >= 44, `${await button.getAttribute("aria-label")} can be touched: ${box.width} × ${box.height}`);
      }
      await look("patient-fields");
      await fields.getByRole("button", { name: "Edit Side" }).click();
      await view.getByRole("dialog").waitFor();
      await look("patient-field-edit");
      await view.keyboard.press("Escape");
      await fields.getByRole("button", { name: "Add field" }).click();
      await view.getByRole("dialog").getByRole("radio", { name: /^Choice/ }).check();
      await look("patient-field-new");
      await view.keyboard.press("Escape");
      await view.getByRole("button", { name: "Discard changes" }).click();
      await fields.getByRole("button", { name: "Retire Side" }).click();
      await view.getByRole("alertdialog").waitFor();
      await look("patient-field-retire");

      await view.goto(`${server.url}/patients`);
      await view.getByRole("searchbox").fill("many-");
      await view.getByText("103 patients found", { exact: true }).waitFor();
      await look("search-many");

      await view.goto(`${server.url}/patients/${patient}/details`);
      await view.getByRole("region", { name: "Patient fields" }).scrollIntoViewIfNeeded();
      await look("patient-fields-details");
      await view.getByRole("button", { name: "Edit", exact: true }).click();
      const form = view.getByRole("dialog");
      await form.getByLabel("Side").scrollIntoViewIfNeeded();
      await look("patient-fields-edit");
      await form.getByLabel("Lesion size in mm").fill(`1${size.length}`);
      await form.getByLabel("Side").selectOption("Both");
      const { version, practiceFields } = (await api(view, "GET", `/patients/${patient}`)).body;
      const [number] = Object.entries(practiceFields).find(([, value]) => /^\d/.test(value));
      const answer = await api(view, "PATCH", `/patients/${patient}`, { version, practiceFields: { [number]: `2${theme.length}${size.length}` } });
      assert.equal(answer.status, 200);
      await form.getByRole("button", { name: "Save" }).click();
      await view.getByText("This record changed while you were editing").waitFor();
      await look("patient-fields-conflict");
      await other.close();
    }
    await opened.close();
  });
});
