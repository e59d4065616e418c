// T1–T3: tags from the first category to a chip that says where it comes from, on every size and with the keyboard.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, eventually, openBrowser, openPage, screenshot, settled, shoot } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { addPhotos, api, makePatient } from "./records.mjs";
import { checkReflow, textSize, WAYS } from "./reflow.mjs";
import { startServer } from "./server.mjs";
import { enter, inDialog, tab, viewing } from "./steps.mjs";

const SIZES = [["light", "ipadLandscape"], ["dark", "ipadPortrait"], ["light", "phone"], ["dark", "phone"]];

/** The tags that a place shows. */
const chips = (place) => place.getByRole("list", { name: "Tags" }).getByRole("listitem");

/** On a phone the tags are one press further down. */
const openTags = async (it) => {
  const [tags, more] = [it.getByRole("button", { name: "Tags of this patient" }), it.getByRole("button", { name: "Show more about the patient" })];
  await tags.or(more).filter({ visible: true }).first().waitFor();
  if (await more.isVisible()) await more.click();
  await tags.click();
};

describe("tags", () => {
  let server;
  let browser;
  let opened;
  let page;
  let patient;
  let state;

  // The viewer is one too; what was opened last is meant.
  const dialog = () => page.getByRole("dialog").last();
  const field = () => dialog().getByRole("combobox", { name: "Add a tag" });
  const categories = () => page.getByRole("heading", { level: 2 }).allTextContents();
  const record = () => `${server.url}/patients/${patient}`;
  const choose = async (...names) => {
    for (const name of names) {
      await field().fill(name);
      await dialog().getByRole("option", { name: new RegExp(`^${name}`) }).first().waitFor();
      await field().press("Enter");
      await dialog().getByRole("button", { name: `Remove ${name}` }).waitFor();
    }
    await dialog().getByRole("button", { name: "Save" }).click();
    await dialog().waitFor({ state: "detached" });
  };

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    opened = await openPage(browser);
    page = opened.page;
    await enter(page, server);
    patient = await makePatient(page, { uniqueId: "lp-1", firstName: "Mara", lastName: "Lindqvist", birthDate: "1984-03-02" });
    await api(page, "POST", `/patients/${patient}/entries`, { appointmentAt: "2026-11-20T10:00:00Z", title: "First consultation", notes: "Six by four millimetres." });
    const good = (await photos(page)).filter((it) => !it.isBad && /\.(jpe?g|png)$/i.test(it.name) && it.size < 3_000_000).slice(0, 2);
    await page.goto(`${record()}/photos`);
    await addPhotos(page, good.map((it) => it.path));
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("T1: an account begins with six categories; one is added, recoloured and moved by keyboard and by dragging", async () => {
    await page.goto(`${server.url}/patients`);
    await page.getByRole("button", { name: /^Account:/ }).filter({ visible: true }).click();
    await page.getByRole("menuitem", { name: "Tags" }).click();
    await page.getByRole("heading", { name: "Tags", level: 1 }).waitFor();
    await page.getByRole("heading", { name: "Diagnosis" }).waitFor();
    assert.deepEqual(await categories(), ["Diagnosis", "Body region", "Treatment", "Phase", "View", "Status"]);
    await page.getByRole("button", { name: "New category" }).click();
    await inDialog(page);
    await page.keyboard.type("Study");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowRight");
    await shoot(page, "tags-new-category");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Study" }).waitFor();
    await dialog().waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Move Study up" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await eventually(async () => assert.deepEqual((await categories()).slice(-3), ["Study", "View", "Status"]));
    await settled(page);
    const grip = page.getByTitle("Drag to move Study");
    const from = await grip.boundingBox();
    const to = await page.getByRole("heading", { name: "Diagnosis" }).boundingBox();
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(to.x + 60, to.y + to.height / 2, { steps: 6 });
    await shoot(page, "tags-dragging");
    await page.mouse.up();
    await eventually(async () => assert.equal((await categories())[0], "Study"));
    await eventually(async () => {
      const list = (await api(page, "GET", "/tags")).body.categories;
      assert.deepEqual(list.slice(0, 2).map((it) => it.name), ["Study", "Diagnosis"], "the server has it so");
    });
  });

  it("T1, T2: a tag is created where nothing matches, chosen by typing, and comes upward with its source", async () => {
    await page.goto(`${record()}/visits`);
    const visit = page.getByRole("main").getByRole("listitem").filter({ hasText: "First consultation" }).first();
    await visit.getByRole("button", { name: "Tags of this visit" }).click();
    await field().fill("Follow-up");
    await dialog().getByRole("option", { name: "Create “Follow-up”" }).click();
    await dialog().getByText("“Follow-up” is new. Choose its category.").waitFor();
    await shoot(page, "tags-new-place");
    await dialog().getByRole("option", { name: "Phase" }).click();
    await dialog().getByRole("button", { name: "Remove Follow-up" }).waitFor();
    await shoot(page, "tags-visit-dialog");
    await dialog().getByRole("button", { name: "Save" }).click();
    await dialog().waitFor({ state: "detached" });
    await eventually(async () => assert.deepEqual(await chips(visit).allTextContents(), ["Phase: Follow-up"]));

    await tab(page, "Photos").click();
    await page.locator("[data-cell]").first().click();
    await viewing(page, 1);
    await page.keyboard.press("i");
    const info = page.getByRole("complementary", { name: "Information" });
    await info.getByRole("button", { name: "Tags of this photo" }).click();
    // Typed key by key: the viewer has shortcuts of its own, "i" and "h" among them.
    await field().pressSequentially("Naevus - hi");
    assert.equal(await field().inputValue(), "Naevus - hi");
    await field().fill("Naevus");
    // With the keyboard: the row that creates, then the category. Escape in between goes a step back and closes nothing.
    await dialog().getByRole("option", { name: "Create “Naevus”" }).waitFor();
    await page.keyboard.press("Enter");
    await dialog().getByRole("option", { name: "Diagnosis" }).waitFor();
    await page.keyboard.press("Escape");
    await dialog().getByRole("option", { name: "Create “Naevus”" }).waitFor();
    await page.keyboard.press("Enter");
    const isDiagnosis = () => dialog().getByRole("option", { name: "Diagnosis", selected: true }).isVisible();
    for (let steps = 0; steps < 8 && !(await isDiagnosis()); steps += 1) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await dialog().getByRole("button", { name: "Remove Naevus" }).waitFor();
    await shoot(page, "tags-photo-dialog");
    await dialog().getByRole("button", { name: "Save" }).click();
    await field().waitFor({ state: "detached" });
    await viewing(page, 1);
    await eventually(async () => assert.deepEqual(await chips(info).allTextContents(), ["Diagnosis: Naevus"]));
    await shoot(page, "tags-viewer");
    await checkTagsOfPatient();
  });

  async function checkTagsOfPatient() {
    await page.goto(`${record()}/photos`);
    const head = page.getByRole("banner").or(page.getByRole("main").locator("header")).first();
    await eventually(async () => assert.deepEqual(await chips(head).allTextContents(), ["Phase: Follow-upfrom 1 visit", "Diagnosis: Naevusfrom 1 photo"]));
    await head.getByRole("button", { name: "Tags of this patient" }).click();
    await field().fill("nae");
    await shoot(page, "tags-patient-dialog");
    await screenshot(page, "tags-choose");
    await choose("Naevus");
    await eventually(async () => assert.deepEqual(await chips(head).allTextContents(), ["Phase: Follow-upfrom 1 visit", "Diagnosis: Naevus"]));
    await shoot(page, "tags-patient-header");
  }

  it("T3: two tags become one, another is archived, and deleting says how often a tag is used", async () => {
    const { categories: list } = (await api(page, "GET", "/tags")).body;
    const diagnosis = list.find((it) => it.name === "Diagnosis").id;
    for (const name of ["Nevus", "Acne", "Psoriasis"]) assert.equal((await api(page, "POST", "/tags", { categoryId: diagnosis, name })).status, 201);
    const { images } = (await api(page, "GET", `/patients/${patient}/images`)).body;
    const nevus = (await api(page, "GET", "/tags")).body.categories.flatMap((it) => it.tags).find((it) => it.name === "Nevus");
    assert.equal((await api(page, "POST", "/tags/assignments", { add: [nevus.id], images: images.map((it) => it.id) })).status, 200);
    await page.goto(`${server.url}/settings/tags`);
    await page.getByRole("button", { name: "Edit Nevus" }).click();
    await dialog().getByText("Used on 2 photos of 1 patient.").waitFor();
    await shoot(page, "tags-edit");
    await dialog().getByRole("button", { name: "Merge into another tag" }).click();
    // With the list open, which must not take the button away from under the pointer.
    await dialog().getByRole("option", { name: /Acne/ }).waitFor();
    await settled(page);
    await dialog().getByRole("button", { name: "Merge", exact: true }).click();
    await dialog().getByText("Choose the tag to merge into.").waitFor();
    await dialog().getByRole("combobox", { name: "Merge into" }).fill("nae");
    await settled(page);
    await shoot(page, "tags-merge");
    await page.keyboard.press("Enter");
    await dialog().getByRole("button", { name: "Remove Naevus" }).waitFor();
    await dialog().getByRole("button", { name: "Merge", exact: true }).click();
    await page.getByText("“Nevus” is now part of “Naevus”.").waitFor();
    await eventually(async () => assert.match(await page.getByRole("button", { name: "Edit Naevus" }).textContent(), /1 patient, 2 photos/));
    await page.getByRole("button", { name: "Edit Acne" }).click();
    await dialog().getByRole("button", { name: "Archive" }).click();
    await dialog().waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Edit Acne" }).getByText(/archived/).waitFor();
    await page.getByRole("button", { name: "Edit Psoriasis" }).click();
    await dialog().getByRole("button", { name: "Delete tag" }).click();
    const question = page.getByRole("alertdialog", { name: "Delete “Psoriasis”?" });
    await question.getByText(/Not used yet/).waitFor();
    await question.getByRole("button", { name: "Delete tag" }).click();
    await page.getByRole("button", { name: "Edit Psoriasis" }).waitFor({ state: "detached" });
    await screenshot(page, "tags-page");
    // P4: from a tag to those who have it; the filter stands in no address, and outlives a reload as one that was chosen does.
    await page.goto(`${server.url}/tags`);
    await page.waitForURL(`${server.url}/settings/tags`);
    await page.getByRole("link", { name: "Show patients: Naevus" }).click();
    await page.getByRole("button", { name: "Remove filter: All of these tags: Naevus" }).waitFor();
    await page.getByText("1 patient found", { exact: true }).waitFor();
    await page.getByRole("link", { name: /Mara Lindqvist/ }).waitFor();
    assert.equal(page.url(), `${server.url}/patients`);
    await shoot(page, "tags-show-patients");
    await page.reload();
    await page.getByRole("button", { name: "Remove filter: All of these tags: Naevus" }).click();
    state = await opened.context.storageState();
    await opened.close();
  });

  for (const [theme, size] of SIZES) {
    it(`WCAG: page, picker and chips, ${theme} ${size}`, async () => {
      const { page: other, close } = await openPage(browser, { state, theme, size, bypassCSP: true });
      await other.goto(`${server.url}/settings/tags`);
      await other.getByRole("heading", { name: "Study" }).waitFor();
      await shoot(other, `tags-page-${theme}-${size}`);
      // In words where there is room, else a sign with the same name.
      const show = other.getByRole("link", { name: "Show patients: Naevus" });
      assert.equal(await show.getByText("Show patients", { exact: true }).isVisible(), size !== "phone");
      assert.equal(await show.getAttribute("title"), "Show patients");
      await checkAccessibility(other, "the page of tags");
      await other.getByRole("button", { name: "Edit category Diagnosis" }).click();
      await inDialog(other);
      await shoot(other, `tags-category-${theme}-${size}`);
      await checkAccessibility(other, "the dialog of a category");
      await other.keyboard.press("Escape");
      await other.goto(`${record()}/visits`);
      await openTags(other);
      await other.getByRole("dialog").getByRole("option").first().waitFor();
      await shoot(other, `tags-picker-${theme}-${size}`);
      await checkAccessibility(other, "the picker");
      await other.keyboard.press("Escape");
      await other.getByRole("dialog").waitFor({ state: "detached" });
      await shoot(other, `tags-record-${theme}-${size}`);
      await checkAccessibility(other, "the record with tags");
      await close();
    });
  }

  for (const { name, size, text } of WAYS) {
    it(`WCAG 1.4.4, 1.4.10: nothing is cut, ${name}`, async () => {
      const { page: other, close } = await openPage(browser, { state, size: "phone" });
      await other.setViewportSize(size);
      await textSize(other, text);
      await other.goto(`${server.url}/settings/tags`);
      await other.getByRole("heading", { name: "Study" }).waitFor();
      await shoot(other, `tags-reflow-${size.width}-${text}`);
      await checkReflow(other, "the page of tags");
      await other.getByRole("button", { name: "Edit Naevus" }).click();
      await inDialog(other);
      await checkReflow(other, "the dialog of a tag");
      await other.keyboard.press("Escape");
      await other.goto(`${record()}/photos`);
      await openTags(other);
      await other.getByRole("dialog").getByRole("option").first().waitFor();
      await shoot(other, `tags-reflow-picker-${size.width}-${text}`);
      await checkReflow(other, "the picker");
      await close();
    });
  }
});
