// F10: every page and dialog at 320 px, and with text twice as large.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openBrowser, openPage, settled, shoot } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { addPhotos, api, makePatient } from "./records.mjs";
import { checkReflow, textSize, WAYS } from "./reflow.mjs";
import { startServer } from "./server.mjs";
import { act, discard, enter, handOver, PERSON, takeBack, viewing } from "./steps.mjs";

const LONG = "Maximiliane-Konstantinopolitanische";

async function pressAt(locator) {
  const { x, y, width, height } = await locator.boundingBox();
  await locator.page().mouse.click(x + width / 2, y + height / 2);
}

const middle = (box) => box.y + box.height / 2;

/** P6: whoever reads a part of it must not take it for the whole. */
async function checkWhole(page, locator, name) {
  await locator.waitFor();
  await settled(page);
  const cut = await locator.evaluate((it) => {
    const range = document.createRange();
    range.selectNodeContents(it);
    const boxes = [...range.getClientRects()];
    let clip = { left: 0, right: innerWidth, top: -Infinity, bottom: Infinity };
    for (let up = it; up && up !== document.body; up = up.parentElement) {
      if (getComputedStyle(up).overflow === "visible") continue;
      const { left, right, top, bottom } = up.getBoundingClientRect();
      clip = { left: Math.max(clip.left, left), right: Math.min(clip.right, right), top: Math.max(clip.top, top), bottom: Math.min(clip.bottom, bottom) };
    }
    return boxes.filter((box) => box.left < clip.left - 1 || box.right > clip.right + 1 || box.top < clip.top - 2 || box.bottom > clip.bottom + 2).length;
  });
  assert.equal(cut, 0, `${name}: lines outside`);
}

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
    await page.goto(`${server.url}/patients/${id}/photos`);
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
        await shoot(page, `reflow-${size.width}-${text}-${what.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`);
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
      await open(`${record}/photos`, page.locator("[data-cell]").first(), "photos");
      await page.locator("[data-cell]").first().click();
      await viewing(page, 1);
      await check("viewer");
      await button("Information").click();
      const panel = page.getByRole("complementary", { name: "Information" });
      await panel.getByLabel("Caption").waitFor();
      await check("information");
      await panel.getByRole("button", { name: /Body site/ }).click();
      await dialog.last().waitFor();
      for (const view of ["Front", "Back", "Head", "Hands", "Feet"]) {
        await page.getByRole("radio", { name: view, exact: true }).click();
        await check(`body map, ${view}`);
      }
      await open(`${record}/photos`, page.locator("[data-cell]").first(), "photos again");
      await button("Select").click();
      await page.getByRole("checkbox").first().click();
      await page.getByText("1 photo selected").waitFor();
      await check("selecting");
      await act(page, "Download");
      await dialog.waitFor();
      await check("download");
      await open(record, page.getByText("First consultation"), "visits");
      await page.getByRole("link", { name: "First consultation" }).click();
      await page.getByRole("textbox", { name: "Notes" }).waitFor();
      await check("a visit");
      await button("Choose photos").click();
      await dialog.getByRole("checkbox").first().waitFor();
      await check("choosing photos for a visit");
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      await button("Versions").click();
      await dialog.waitFor();
      await check("versions of notes");
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
      await discard(page);
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

  it("WCAG 1.4.4, 1.4.10: the list, a record and its consents, 320 px with text twice as large", async () => {
    const opened = await openPage(browser, { state, size: "phone" });
    const { page } = opened;
    await page.setViewportSize({ width: 320, height: 640 });
    await textSize(page, 200);
    const faults = [];
    for (const [path, ready] of [
      ["/patients", page.getByRole("link", { name: /Lindqvist/ }).first()],
      [`/patients/${id}/photos`, page.locator("[data-cell]").first()],
      [`/patients/${id}`, page.getByText("First consultation")],
      [`/patients/${id}/consent`, page.getByText("Signed form in folder B.")],
      [`/patients/${id}/consent?record=1`, page.getByLabel("Name of the person who consents").first()],
      [`/patients/${id}/details`, page.getByRole("button", { name: "Edit" })],
      [`/patients/${id}/activity`, page.getByText("Technical details").first()],
    ]) {
      await page.goto(server.url + path);
      // Rows are drawn where they are in sight, which is below what comes first.
      if (path === "/patients") await page.getByRole("button", { name: "Hide first steps" }).click();
      await ready.waitFor();
      const cut = await page.getByRole("navigation").locator("a, button").evaluateAll((all) => all.filter((it) => it.checkVisibility()).flatMap((it) => [...it.querySelectorAll("span")]).filter((it) => it.offsetWidth > 1 && it.scrollWidth > it.clientWidth + 1 && getComputedStyle(it).display !== "inline").map((it) => it.textContent));
      if (cut.length > 0) faults.push(`${path}: labels are cut: ${cut.join(", ")}`);
      await shoot(page, `reflow-320-200${path.replace(id, "record").replaceAll(/[^a-z]+/g, "-")}`);
      await checkReflow(page, path).catch((error) => faults.push(error.message));
    }
    await opened.close();
    assert.deepEqual(faults, []);
  });

  it("F7: on a phone the header is who it is, when born, and the allergies; one press shows the rest", async () => {
    const opened = await openPage(browser, { state, size: "phone" });
    const { page } = opened;
    await page.goto(`${server.url}/patients/${id}/photos`);
    await page.locator("[data-cell]").first().waitFor();
    const header = page.locator("#content header").first();
    const uniqueId = header.getByText("reflow-patient-with-a-long-id-1");
    await header.getByText(/2 Mar 1984/).waitFor();
    await checkWhole(page, page.getByTestId("allergies"), "allergies on a phone");
    assert.equal(await uniqueId.isVisible(), false);
    const { height } = await header.boundingBox();
    assert.ok(height < 844 / 4, `the header takes ${height} px of 844`);
    await shoot(page, "header-phone");
    const toggle = page.getByRole("button", { name: "Show more about the patient" });
    await toggle.click();
    await uniqueId.waitFor();
    await header.getByRole("link", { name: /Consent given/ }).waitFor();
    await header.getByRole("button", { name: "Tags of this patient" }).waitFor();
    await shoot(page, "header-phone-open");
    await checkReflow(page, "header, all of it");
    await page.getByRole("button", { name: "Show less about the patient" }).click();
    await uniqueId.waitFor({ state: "hidden" });
    await page.setViewportSize({ width: 1180, height: 820 });
    await uniqueId.waitFor();
    assert.equal(await toggle.isVisible(), false);
    await opened.close();
  });

  it("F5: with four tags the header has two or three lines, so that the photos begin high; all tags are one press away", async () => {
    const opened = await openPage(browser, { state });
    const { page } = opened;
    await page.goto(`${server.url}/patients`);
    const { categories } = (await api(page, "GET", "/tags")).body;
    const tagged = await makePatient(page, { uniqueId: "header-tags", firstName: "Elsa", lastName: "Lindqvist", birthDate: "1984-03-02", sexAtBirth: "female", allergies: "Penicillin, latex" });
    const add = [];
    for (const [at, name] of ["Atopic dermatitis", "Left forearm, near the elbow", "Before the second treatment", "Needs review"].entries()) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, so that their order is known
      add.push((await api(page, "POST", "/tags", { categoryId: categories[at].id, name })).body.id);
    }
    assert.equal((await api(page, "POST", "/tags/assignments", { add, patients: [tagged] })).status, 200);
    const header = page.locator("#content header").first();
    const tags = header.getByRole("listitem");
    const more = header.getByRole("button", { name: /^\+\d more tags/ });
    // As many as there is room for, however the page came to its width.
    await page.setViewportSize({ width: 820, height: 1000 });
    await page.goto(`${server.url}/patients/${tagged}/photos`);
    await more.waitFor();
    await page.setViewportSize({ width: 1300, height: 1000 });
    await more.waitFor({ state: "detached" });
    for (const tag of await tags.all()) await checkWhole(page, tag, "tags on a wide page");
    await page.setViewportSize({ width: 820, height: 1000 });
    await more.waitFor();
    await settled(page);
    const [last, button, edit] = await Promise.all([tags.nth(1), more, header.getByRole("button", { name: "Tags of this patient" })].map((it) => it.boundingBox()));
    assert.ok(button.x - last.x - last.width < 16, `${button.x - last.x - last.width} px between the last tag and how many more there are`);
    const next = (await tags.nth(2).boundingBox()).width;
    const line = await header.boundingBox();
    assert.ok(line.x + line.width - edit.x - edit.width < next, "the next tag has no room");
    for (const [size, most] of [[{ width: 1180, height: 820 }, 116], [{ width: 820, height: 1180 }, 140]]) {
      await page.setViewportSize(size);
      await page.goto(`${server.url}/patients/${tagged}/photos`);
      await more.waitFor();
      await settled(page);
      await shoot(page, `header-tags-${size.width}`);
      const { height } = await header.boundingBox();
      assert.ok(height <= most, `${height} px at ${size.width}`);
      await checkReflow(page, `header with tags, ${size.width}`);
      await more.click();
      for (const tag of await tags.all()) await checkWhole(page, tag, `tags at ${size.width}`);
      await header.getByRole("button", { name: "Fewer tags" }).click();
      await more.waitFor();
    }
    await opened.close();
  });

  it("F6: on a phone, Information is the lower half of the viewer, and the photo is above it", async () => {
    const opened = await openPage(browser, { state, size: "phone" });
    const { page } = opened;
    for (const [width, height] of [[390, 844], [320, 640]]) {
      await page.setViewportSize({ width, height });
      await page.goto(`${server.url}/patients/${id}/photos`);
      await page.locator("[data-cell]").first().click();
      await viewing(page, 1);
      await page.getByRole("button", { name: "Information" }).click();
      await page.getByLabel("Caption").waitFor();
      await settled(page);
      await shoot(page, `information-${width}`);
      const panel = await page.getByRole("complementary", { name: "Information" }).boundingBox();
      const photo = await page.getByRole("dialog").locator("img:visible").first().boundingBox();
      // A small one is not shown larger than it is.
      assert.ok(photo.height > 100, `a photo of ${photo.width} × ${photo.height}`);
      assert.ok(photo.y + photo.height <= panel.y + 1, `the photo ends at ${photo.y + photo.height}, the panel begins at ${panel.y}`);
    }
    await opened.close();
  });

  for (const size of [{ width: 1440, height: 900 }, { width: 820, height: 1180 }, { width: 1180, height: 820 }, { width: 320, height: 640 }]) {
    it(`P6: the whole of the allergies is visible, ${size.width} px`, async () => {
      const opened = await openPage(browser, { state, size: "phone" });
      const { page } = opened;
      await page.setViewportSize(size);
      const header = page.getByTestId("allergies");
      const stuck = page.getByTestId("stuck-allergies");
      const open = async (allergies) => {
        const { version } = (await api(page, "GET", `/patients/${id}`)).body;
        assert.equal((await api(page, "PATCH", `/patients/${id}`, { version, allergies })).status, 200);
        // High enough to scroll.
        await page.goto(`${server.url}/patients/${id}/details`);
        await checkWhole(page, header, "header");
        await page.evaluate(() => scrollTo(0, 900));
        await stuck.waitFor();
        await settled(page);
      };
      await page.goto(`${server.url}/patients`);
      await open("Penicillin, latex, nickel\nPenicillin, latex, iodine");
      assert.equal(await header.innerText(), "Allergies: Penicillin, latex, nickel; Penicillin, latex, iodine");
      await shoot(page, `allergies-${size.width}`);
      await checkWhole(page, stuck, "bar");
      assert.equal(await page.getByRole("button", { name: "Show all allergies" }).count(), 0);

      await open(`${"Penicillin, latex, nickel, chlorhexidine, iodine, lidocaine, ".repeat(5)}and adhesive plaster`);
      await shoot(page, `allergies-many-${size.width}`);
      await checkReflow(page, "bar with a part of the allergies");
      // By place: Playwright's own click scrolls what sticks back to where it came from.
      await pressAt(page.getByRole("button", { name: "Show all allergies" }));
      await page.getByRole("button", { name: "Show less of the allergies" }).waitFor();
      await shoot(page, `allergies-open-${size.width}`);
      await checkWhole(page, stuck, "bar, all shown");
      await pressAt(page.getByRole("button", { name: "Show less of the allergies" }));
      await page.evaluate(() => scrollTo(0, 0));
      await checkWhole(page, header, "header with many");
      await shoot(page, `allergies-header-${size.width}`);
      await opened.close();
    });
  }

  it("WCAG 1.4.4, 1.4.10, F13: set-up in every size; afterwards the list begins at its top", async () => {
    const fresh = await startServer();
    const opened = await openPage(browser, { size: "phone" });
    const { page } = opened;
    const faults = [];
    const check = async (what) => {
      for (const { size, text } of WAYS) {
        await page.setViewportSize(size);
        await textSize(page, text);
        await shoot(page, `set-up-${size.width}-${text}-${what}`);
        await checkReflow(page, `${what}, ${size.width}`).catch((error) => faults.push(error.message));
      }
      await page.setViewportSize(WAYS[0].size);
      await textSize(page, 100);
    };
    try {
      await page.goto(`${fresh.url}/setup?code=${fresh.setupCode}`);
      await page.getByLabel("Name of the practice").fill(PERSON.practice);
      await check("practice");
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByLabel("First name").fill(PERSON.first);
      await page.getByLabel("Last name").fill(PERSON.last);
      await page.getByLabel("Username").fill(PERSON.username);
      await page.getByLabel("Password", { exact: true }).fill(PERSON.password);
      await check("account");
      await page.getByRole("button", { name: "Finish set-up" }).scrollIntoViewIfNeeded();
      assert.ok((await page.evaluate(() => scrollY)) > 100, "scrolled down");
      await page.getByRole("button", { name: "Finish set-up" }).click();
      await page.getByRole("heading", { name: "Patients", level: 1 }).waitFor();
      await settled(page);
      assert.equal(await page.evaluate(() => scrollY), 0);
      await shoot(page, "set-up-done");

      // Any other page begins at its top as well; Back finds the former where it was left.
      await page.setViewportSize({ width: 320, height: 300 });
      await page.evaluate(() => scrollTo(0, 150));
      await page.getByRole("link", { name: "Settings" }).first().click();
      await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor();
      await settled(page);
      assert.equal(await page.evaluate(() => scrollY), 0);
      await page.goBack();
      await page.getByRole("heading", { name: "Patients", level: 1 }).waitFor();
      await page.waitForFunction(() => scrollY === 150);
    } finally {
      await opened.close();
      await fresh.stop();
    }
    assert.deepEqual(faults, []);
  });

  it("F10: the list's heading, search and button share a line on an iPad held upright", async () => {
    const opened = await openPage(browser, { state, size: "ipadPortrait" });
    const { page } = opened;
    await page.goto(`${server.url}/patients`);
    const add = page.getByRole("button", { name: "New patient" }).first();
    for (const width of [768, 820, 834]) {
      await page.setViewportSize({ width, height: 1100 });
      await add.waitFor();
      await settled(page);
      await shoot(page, `list-${width}`);
      const [button, search, heading] = await Promise.all([add, page.getByRole("searchbox"), page.getByRole("heading", { level: 1 })].map((it) => it.boundingBox()));
      assert.ok(Math.abs(middle(button) - middle(search)) < 4 && Math.abs(middle(button) - middle(heading)) < 4, `one line at ${width}`);
      assert.ok(heading.x < search.x && search.x < button.x, `in this order at ${width}`);
    }
    await opened.close();
  });

  it("F10: what belongs to one page has one right edge", async () => {
    const opened = await openPage(browser, { state, size: "desktop" });
    const { page } = opened;
    for (const path of ["/settings", "/devices"]) {
      await page.goto(server.url + path);
      await page.locator("[data-column]").waitFor();
      await settled(page);
      await shoot(page, `column${path.replace("/", "-")}`);
      const edges = await page.evaluate(() => {
        const boxes = [...document.querySelectorAll("#content section, #content > ul, #content > header, #content form")].map((it) => it.getBoundingClientRect()).filter((box) => box.height > 0);
        const cards = [...document.querySelectorAll("#content section")].map((it) => it.getBoundingClientRect());
        return { right: [...new Set(boxes.map((box) => Math.round(box.right)))], gaps: cards.slice(1).map((box, at) => Math.round(box.top - cards[at].bottom)) };
      });
      assert.equal(edges.right.length, 1, `${path}: ${edges.right.join(", ")}`);
      assert.ok(edges.gaps.every((gap) => gap >= 12), `${path}: cards ${edges.gaps.join(", ")} px apart`);
    }
    for (const [width, text] of [[320, 100], [390, 100], [820, 200], [390, 200], [320, 200]]) {
      await page.setViewportSize({ width, height: 844 });
      await textSize(page, text);
      await page.goto(`${server.url}/patients/${id}/photos`);
      await page.locator("[data-cell]").first().waitFor();
      await settled(page);
      await shoot(page, `pool-${width}-${text}`);
      const [pool, header] = await page.evaluate(() => [document.querySelector("[data-cell]").closest("[data-size]"), document.querySelector("#content header")].map((it) => Math.round(it.getBoundingClientRect().right)));
      assert.equal(pool, header, `photos end with everything else at ${width}`);
      // What is said of a day is said in full, in as many lines as that takes.
      const cut = await page.locator("section[aria-labelledby^=day-] > h2").evaluateAll((all) => all.flatMap((heading) => {
        const box = heading.getBoundingClientRect();
        return [...heading.children].filter((it) => {
          const { top, bottom } = it.getBoundingClientRect();
          return it.scrollWidth > it.clientWidth + 1 || top < box.top - 1 || bottom > box.bottom + 1;
        }).map((it) => it.textContent);
      }));
      assert.deepEqual(cut, [], `the headings of days at ${width} px, ${text} %`);
    }
    await opened.close();
  });

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
