// I6: the camera, with one that the browser draws itself.
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, checkStorage, eventually, FAKE_CAMERA, openBrowser, openPage, queueOnDevice, screenshot, shoot, SIZES } from "./browser.mjs";
import { photos } from "./photos.mjs";
import { addPhotos, api, makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { drawSignature, enter, handedOver, handOver, PERSON, signIn, tab, takeBack } from "./steps.mjs";

const camera = (page) => page.getByRole("dialog", { name: /^Camera: / });
const shutter = (page) => camera(page).getByRole("button", { name: "Take photo" });
const strip = (page) => camera(page).getByRole("list", { name: "Photos taken" });
const tile = (page, number) => strip(page).getByRole("button", { name: new RegExp(`^Photo ${number}:`) });
const ready = (page) => eventually(async () => assert.equal(await shutter(page).isEnabled(), true, "the camera runs"));
// Two streams of the browser's own camera may show the very same picture, which is then there already.
const added = (page, number) => strip(page).getByRole("button", { name: new RegExp(`^Photo ${number}: (Added|Already in this patient's photos)$`) }).waitFor();
const imagesOf = async (page, patient) => (await api(page, "GET", `/patients/${patient}/images?limit=100`)).body.images;

describe("I6: the camera", () => {
  let server;
  let browser;
  let shown;
  let page;
  const patients = {};

  const openCamera = async (patient, entry) => {
    await page.goto(`${server.url}/patients/${patient}/camera${entry ? `/${entry}` : ""}`);
    await ready(page);
  };
  const allow = () => shown.context.grantPermissions(["camera", "accelerometer", "gyroscope"], { origin: server.url });
  /** Counts from now on how often the page asks for the camera. */
  const countAsked = () =>
    page.evaluate(() => {
      globalThis.cameraAsked = 0;
      globalThis.realCamera ??= navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = (...given) => {
        globalThis.cameraAsked += 1;
        return globalThis.realCamera(...given);
      };
    });

  before(async () => {
    server = await startServer();
    browser = await openBrowser(FAKE_CAMERA);
    shown = await openPage(browser, { size: "ipadPortrait", bypassCSP: false });
    ({ page } = shown);
    await allow();
    await enter(page, server);
    for (const [name, firstName, lastName] of [["main", "Elsa", "Lindqvist"], ["visit", "Omar", "Haddad"], ["away", "Ines", "Costa"]]) {
      patients[name] = await makePatient(page, { uniqueId: `cam-${name}`, firstName, lastName });
    }
    patients.bare = await makePatient(page, { uniqueId: "cam-bare", firstName: "Nora", lastName: "Berg" }, { consent: false });
  });

  after(async () => {
    await shown?.close();
    await browser?.close();
    await server?.stop();
  });

  it("n photos in n + 2 taps from the list of photos: Camera, n times the shutter, Done", async () => {
    const one = (await photos(page)).find((it) => !it.isBad && /\.jpe?g$/i.test(it.name) && it.size < 3_000_000);
    await page.goto(`${server.url}/patients/${patients.main}/photos`);
    await addPhotos(page, [one.path]);
    let taps = 0;
    const tap = async (button) => {
      taps += 1;
      await button.tap();
    };
    await tap(page.getByRole("button", { name: "Camera", exact: true }).first());
    await ready(page);
    // The earlier photo shines through at once.
    const ghost = page.getByTestId("ghost");
    await eventually(async () => assert.ok(await ghost.evaluate((it) => it.complete && it.naturalWidth > 0)));
    assert.equal(await ghost.evaluate((it) => getComputedStyle(it).opacity), "0.3");
    for (let shot = 1; shot <= 3; shot += 1) {
      await tap(shutter(page));
      await tile(page, shot).waitFor();
    }
    for (const shot of [1, 2, 3]) await added(page, shot);
    await camera(page).getByText("3 photos added").waitFor();
    await shoot(page, "camera-portrait");
    await tap(camera(page).getByRole("button", { name: "Done" }));
    assert.equal(taps, 3 + 2);
    await page.getByRole("main").getByText("4 photos", { exact: true }).first().waitFor();
    assert.equal(new URL(page.url()).pathname, `/patients/${patients.main}/photos`);
    const now = Date.now();
    for (const image of (await imagesOf(page, patients.main)).slice(0, 3)) {
      assert.ok(Math.abs(Date.parse(image.capturedAt) - now) < 120_000, `captured now: ${image.capturedAt}`);
      assert.match(image.device, /fake/i);
      assert.match(image.fileName, /^Camera_/);
    }
  });

  it("body site, view and visit go with each photo", async () => {
    const entry = (await api(page, "POST", `/patients/${patients.visit}/entries`, { title: "First visit" })).body;
    await openCamera(patients.visit, entry.id);
    await camera(page).getByText(/^For the visit of /).waitFor();
    await camera(page).getByRole("button", { name: /^Body site/ }).tap();
    const picker = page.getByRole("dialog", { name: /body site/i });
    await picker.getByRole("combobox", { name: "Find a body site" }).fill("forearm, back");
    await page.keyboard.press("Enter");
    await picker.getByText("Patient’s left", { exact: true }).last().tap();
    await picker.getByRole("button", { name: "Save" }).tap();
    await camera(page).getByRole("button", { name: /^View/ }).tap();
    await page.getByRole("dialog", { name: "View" }).getByRole("button", { name: "Anterior" }).or(page.getByRole("dialog", { name: "View" }).getByRole("button", { name: /front/i })).first().tap();
    await ready(page);
    // From the keyboard, too, and without a step to the shutter: a chooser gives the focus to its chip, a tap beside everything to the camera.
    await page.getByRole("dialog", { name: "View" }).waitFor({ state: "detached" });
    await eventually(async () => assert.equal(await camera(page).getByRole("button", { name: /^View/ }).evaluate((it) => it === document.activeElement), true));
    await camera(page).focus();
    await page.keyboard.press("Space");
    await added(page, 1);
    // A photo that was looked at gives the focus to the shutter, and not to itself.
    await tile(page, 1).tap();
    await page.getByRole("dialog", { name: "Photo 1" }).getByRole("button", { name: "Close" }).last().tap();
    await eventually(async () => assert.equal(await shutter(page).evaluate((it) => it === document.activeElement), true));
    await page.keyboard.press("Enter");
    await added(page, 2);
    // A button that tablets and remote controls have, where the browser passes it on.
    await camera(page).getByRole("button", { name: "Grid" }).focus();
    await page.evaluate(() => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "AudioVolumeUp", bubbles: true })));
    await added(page, 3);
    const images = await imagesOf(page, patients.visit);
    assert.equal(images.length, 3);
    for (const image of images) {
      assert.equal(image.view, "anterior");
      assert.deepEqual(image.site.laterality, "left");
      assert.equal(image.version, 1, "stored with the photo, not afterwards");
    }
    const workspace = (await api(page, "GET", `/patients/${patients.visit}/entries/${entry.id}/workspace`)).body;
    assert.deepEqual(workspace.images.toSorted(), images.map((it) => it.id).toSorted());
    // What was just taken is no earlier photo; next time the last one of this site is.
    assert.equal(await page.getByTestId("ghost").count(), 0);
    await openCamera(patients.visit);
    await page.getByTestId("ghost").waitFor();
    await page.getByLabel("Opacity of the earlier photo").fill("60");
    assert.equal(await page.getByTestId("ghost").evaluate((it) => getComputedStyle(it).opacity), "0.6");
    const frame = await page.getByTestId("frame").boundingBox();
    const ghost = await page.getByTestId("ghost").boundingBox();
    for (const side of ["x", "y", "width", "height"]) assert.ok(Math.abs(frame[side] - ghost[side]) < 1, `${side} of ghost and preview`);
    await page.getByLabel("Opacity of the earlier photo").fill("30");
  });

  it("grid and level are remembered; a photo is looked at large", async () => {
    await openCamera(patients.main);
    await camera(page).getByRole("button", { name: "Grid" }).tap();
    await page.getByTestId("grid").waitFor();
    await page.reload();
    await ready(page);
    await page.getByTestId("grid").waitFor();
    await camera(page).getByRole("button", { name: /^Choose the earlier photo/ }).tap();
    const chooser = page.getByRole("dialog", { name: "Choose the earlier photo" });
    await chooser.getByRole("button", { name: /\d{4}/ }).last().tap();
    await page.getByTestId("ghost").waitFor();
    await shutter(page).tap();
    await added(page, 1);
    await tile(page, 1).tap();
    const large = page.getByRole("dialog", { name: "Photo 1" });
    await eventually(async () => assert.ok(await large.getByRole("img").evaluate((it) => it.complete && it.naturalWidth > 0)));
    assert.equal(await large.getByRole("button", { name: "Discard" }).count(), 0, "it is in");
    await large.getByRole("button", { name: "Close" }).last().tap();
    await camera(page).getByRole("button", { name: "Grid" }).tap();
    // Held a little askew, and then level.
    const tilt = (beta, gamma) => page.evaluate((it) => dispatchEvent(new DeviceOrientationEvent("deviceorientation", it)), { alpha: 0, beta, gamma });
    await camera(page).getByRole("button", { name: "Level" }).tap();
    const level = page.getByTestId("level");
    await eventually(async () => {
      await tilt(80, 10);
      assert.equal(await level.count(), 1);
    });
    assert.equal(await level.getAttribute("data-level"), null);
    await tilt(85, 0);
    await page.locator("[data-testid=level][data-level]").waitFor();
    // Case 14: rotation lock is on, and the tablet lies on its left edge: the photo is turned upright, a quarter from the preview's frame.
    await tilt(0, -85);
    await shutter(page).tap();
    await added(page, 2);
    const [turned] = await imagesOf(page, patients.main);
    assert.deepEqual([turned.width, turned.height], [2160, 3840]);
    assert.match(turned.device, /, frame$/);
    await camera(page).getByRole("button", { name: "Level" }).tap();
    await camera(page).getByRole("button", { name: "Done" }).tap();
    await checkStorage(page, { isSignedIn: true, words: /Lindqvist|cam-main/ });
  });

  it("photos that are taken while the server is away wait sealed, over a reload and a kill, and go once", async () => {
    const entry = (await api(page, "POST", `/patients/${patients.away}/entries`, {})).body;
    await openCamera(patients.away, entry.id);
    await server.halt();
    for (const shot of [1, 2, 3]) {
      // On a busy machine the drawn camera stands still for a moment, and the shutter is off meanwhile.
      await eventually(async () => {
        if ((await tile(page, shot).count()) === 0) await shutter(page).tap({ timeout: 2000 });
        await tile(page, shot).waitFor({ timeout: 5000 });
      });
    }
    await camera(page).getByText("3 photos wait on this device").waitFor();
    // One that is not wanted goes, and only after a question.
    await eventually(async () => {
      if ((await page.getByRole("dialog", { name: "Photo 2" }).count()) === 0) await tile(page, 2).tap();
      await page.getByRole("dialog", { name: "Photo 2" }).getByRole("button", { name: "Discard" }).tap({ timeout: 2000 });
    });
    await page.getByRole("alertdialog", { name: "Discard this photo?" }).getByRole("button", { name: "Discard" }).tap();
    await camera(page).getByText("2 photos wait on this device").waitFor();
    await shoot(page, "camera-away");
    await eventually(async () => {
      const { items, text } = await queueOnDevice(page);
      assert.equal(items, 2);
      assert.doesNotMatch(text, /Costa|Camera_20|anterior/, "sealed");
    });
    await camera(page).getByRole("button", { name: "Done" }).tap();
    await page.getByText(/2 photos wait on this device and are added automatically/).waitFor();
    await server.resume();
    await page.reload();
    await eventually(async () => assert.equal((await imagesOf(page, patients.away)).length, 2));
    const images = await imagesOf(page, patients.away);
    assert.equal(images.length, 2, "once each");
    const workspace = (await api(page, "GET", `/patients/${patients.away}/entries/${entry.id}/workspace`)).body;
    assert.equal(workspace.images.length, 2, "and in their visit");
    for (const image of images) assert.ok(Date.parse(image.uploadedAt) - Date.parse(image.capturedAt) > 0, "with the time at which they were taken");
  });

  it("case 15: the camera stops with the page out of sight, and comes back with its strip", async () => {
    await openCamera(patients.main);
    await shutter(page).tap();
    await added(page, 1);
    const hide = (state) =>
      page.evaluate((to) => {
        Object.defineProperty(document, "visibilityState", { configurable: true, get: () => to });
        document.dispatchEvent(new Event("visibilitychange"));
      }, state);
    const track = await page.evaluateHandle(() => document.querySelector("video").srcObject.getVideoTracks()[0]);
    await hide("hidden");
    await eventually(async () => assert.equal(await track.evaluate((it) => it.readyState), "ended"));
    assert.equal(await shutter(page).isEnabled(), false);
    await hide("visible");
    await ready(page);
    await added(page, 1);
    // Frames stop without a word: the shutter is off within a second, and focus brings it back.
    await countAsked();
    await page.evaluate(() => document.querySelector("video").srcObject.getVideoTracks()[0].stop());
    await eventually(async () => assert.equal(await shutter(page).isEnabled(), false));
    await camera(page).getByText(/^The camera has stopped/).waitFor();
    await page.evaluate(() => {
      for (const event of ["focus", "pageshow", "focus"]) dispatchEvent(new Event(event));
    });
    await ready(page);
    assert.equal(await page.evaluate(() => globalThis.cameraAsked), 1, "it is asked for once");
    await added(page, 1);
    await camera(page).getByRole("button", { name: "Done" }).tap();
    await page.waitForFunction(() => !document.querySelector("video"));
  });

  it("N1: consent comes first, and the camera is not asked for before", async () => {
    await countAsked();
    await page.evaluate((path) => history.pushState({ cutis: { at: 99, from: null } }, "", path), `/patients/${patients.bare}/photos`);
    await page.evaluate(() => dispatchEvent(new PopStateEvent("popstate", { state: history.state })));
    await page.getByRole("button", { name: "Camera", exact: true }).first().tap();
    await camera(page).getByRole("heading", { name: "Consent required" }).waitFor();
    assert.equal(await page.evaluate(() => globalThis.cameraAsked), 0);
    await shoot(page, "camera-consent");
    await camera(page).getByRole("button", { name: "Record consent" }).tap();
    const dialog = page.getByRole("dialog", { name: /consent/i }).last();
    await dialog.getByText("Another way", { exact: true }).click();
    await dialog.getByLabel("Describe how and when").fill("Signed form in folder B.");
    await dialog.getByLabel("Name of the person who consents").fill("Nora Berg");
    await dialog.getByRole("button", { name: "Record consent" }).click();
    await ready(page);
    assert.equal(await page.evaluate(() => globalThis.cameraAsked), 1);
    // The focus is on the shutter, and not on Done, which Space would press.
    await eventually(async () => assert.equal(await shutter(page).evaluate((it) => it === document.activeElement), true));
    await page.keyboard.press("Space");
    await added(page, 1);
    await camera(page).getByRole("button", { name: "Done" }).tap();
    // Opened again, it begins without what was in before, and counts from there.
    await page.getByRole("button", { name: "Camera", exact: true }).first().tap();
    await ready(page);
    assert.equal(await strip(page).getByRole("button").count(), 0);
    for (const shot of [1, 2]) {
      await shutter(page).tap();
      await added(page, shot);
    }
    await camera(page).getByText("2 photos added").waitFor();
    await camera(page).getByRole("button", { name: "Done" }).tap();
    // Both are one batch, whatever the browser drew.
    await page.getByRole("region", { name: "Photos added" }).getByText(/^(2 added|1 added, 1 already there|2 already there)$/).waitFor();
  });

  it("N6: a consent that is signed on the device leads back to the camera, which did not run meanwhile", async () => {
    const patient = await makePatient(page, { uniqueId: "cam-sign", firstName: "Lena", lastName: "Vogt" }, { consent: false });
    await page.goto(`${server.url}/patients/${patient}/camera`);
    await countAsked();
    await camera(page).getByRole("button", { name: "Record consent" }).tap();
    await handOver(page);
    await page.waitForFunction(() => !document.querySelector("video"));
    await drawSignature(page, handedOver(page));
    await handedOver(page).getByRole("button", { name: "I agree and sign" }).click();
    await takeBack(page);
    await ready(page);
    assert.equal(await page.evaluate(() => globalThis.cameraAsked), 1);
    await shutter(page).tap();
    await added(page, 1);
    await camera(page).getByRole("button", { name: "Done" }).tap();
    await tab(page, "Photos").waitFor();
  });

  it("R0: the camera stops when the session ends, and the photo that waits goes once the same person is back", async () => {
    const patient = await makePatient(page, { uniqueId: "cam-lock", firstName: "Ida", lastName: "Sand" });
    await openCamera(patient);
    const track = await page.evaluateHandle(() => document.querySelector("video").srcObject.getVideoTracks()[0]);
    await shown.context.clearCookies();
    await shutter(page).tap();
    await page.getByRole("heading", { name: "Sign in again" }).waitFor();
    await eventually(async () => assert.equal(await track.evaluate((it) => it.readyState), "ended"));
    await page.getByLabel("Password", { exact: true }).fill(PERSON.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await ready(page);
    await added(page, 1);
    assert.equal((await imagesOf(page, patient)).length, 1);
    await camera(page).getByRole("button", { name: "Done" }).tap();
  });
});

describe("I6: the camera on every size, and without one", () => {
  let server;
  let browser;
  let patient;

  before(async () => {
    server = await startServer();
    browser = await openBrowser(FAKE_CAMERA);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  for (const size of ["ipadPortrait", "ipadLandscape", "phone"]) {
    it(`fits and is accessible: ${size}`, async () => {
      const shown = await openPage(browser, { size, bypassCSP: true });
      const { page, context } = shown;
      await context.grantPermissions(["camera"], { origin: server.url });
      // A browser that takes no photos gives frames.
      if (size === "phone") await context.addInitScript(() => delete globalThis.ImageCapture);
      await enter(page, server);
      if (!patient) {
        patient = await makePatient(page, { uniqueId: "cam-size", firstName: "Elsa", lastName: "Lindqvist" });
        const some = (await photos(page)).filter((it) => !it.isBad && /\.jpe?g$/i.test(it.name) && it.size < 3_000_000).slice(0, 2);
        await page.goto(`${server.url}/patients/${patient}/photos`);
        await addPhotos(page, some.map((it) => it.path));
      }
      await page.goto(`${server.url}/patients/${patient}/camera`);
      await ready(page);
      await page.getByTestId("ghost").waitFor();
      if ((await page.getByTestId("grid").count()) === 0) await camera(page).getByRole("button", { name: "Grid" }).tap();
      for (const number of [1, 2]) {
        await shutter(page).tap();
        await added(page, number);
      }
      const [last] = await imagesOf(page, patient);
      assert.equal(last.device.endsWith(", frame"), size === "phone", last.device);
      if (size === "phone") assert.deepEqual([last.format, last.width, last.height], ["jpeg", 3840, 2160]);
      const { width, height } = SIZES[size];
      const box = await shutter(page).boundingBox();
      assert.ok(box.y + box.height <= height && box.x + box.width <= width, "the shutter is in sight");
      const small = await camera(page).evaluate((dialog) =>
        [...dialog.querySelectorAll("button, select, input[type=range]")]
          .filter((it) => it.checkVisibility())
          .map((it) => [it.getAttribute("aria-label") ?? it.textContent, it.getBoundingClientRect()])
          .filter(([, { width: across, height: down }]) => across < 44 || down < 44)
          .map(([name]) => name),
      );
      assert.deepEqual(small, [], "targets of at least 44 px");
      assert.ok(await page.evaluate(() => document.querySelector("[role=dialog]").scrollWidth <= innerWidth), "nothing is wider than the page");
      await checkAccessibility(page, `camera ${size}`);
      await shoot(page, `camera-${size}`);
      await page.setViewportSize({ width: 320, height: 640 });
      await ready(page);
      assert.ok(await page.evaluate(() => document.querySelector("[role=dialog]").scrollWidth <= innerWidth), "nor at 320 px");
      await shoot(page, `camera-320-${size}`);
      await shown.close();
    });
  }

  it("a refused permission is told, with what to do and another way", async () => {
    const shown = await openPage(browser, { size: "phone", bypassCSP: true });
    const { page, context } = shown;
    await context.grantPermissions([], { origin: server.url });
    await signIn(page, server);
    await page.goto(`${server.url}/patients/${patient}/camera`);
    await camera(page).getByRole("heading", { name: "The camera is not allowed" }).waitFor();
    assert.equal(await shutter(page).isEnabled(), false);
    await checkAccessibility(page, "camera not allowed");
    await shoot(page, "camera-denied");
    // The device's own camera serves instead.
    const [one] = (await photos(page)).filter((it) => !it.isBad && /\.jpe?g$/i.test(it.name) && it.size < 3_000_000).slice(3);
    assert.deepEqual(await page.getByTestId("other-camera").evaluate((it) => [it.accept, it.getAttribute("capture")]), ["image/jpeg", "environment"]);
    await page.getByTestId("other-camera").setInputFiles(one.path);
    await strip(page).getByRole("button", { name: /^Photo 1: (Added|Already)/ }).waitFor();
    // Allowed after all: it starts.
    await context.grantPermissions(["camera"], { origin: server.url });
    await camera(page).getByRole("button", { name: "Try again" }).tap();
    await ready(page);
    await camera(page).getByRole("button", { name: "Done" }).tap();
    await tab(page, "Photos").waitFor();
    await shown.close();
  });
});

describe("I6: the camera in the manual", () => {
  it("shows a visit with a photo from before", async () => {
    const server = await startServer();
    const drawing = await openBrowser();
    const first = await openPage(drawing);
    const [before, now] = await skin(first.page);
    await first.close();
    await drawing.close();
    const browser = await openBrowser([...FAKE_CAMERA, `--use-file-for-fake-video-capture=${now}`]);
    const shown = await openPage(browser, { size: "ipadLandscape" });
    const { page, context } = shown;
    await context.grantPermissions(["camera"], { origin: server.url });
    await enter(page, server);
    const patient = await makePatient(page, { uniqueId: "cam-manual", firstName: "Elsa", lastName: "Lindqvist" });
    await page.goto(`${server.url}/patients/${patient}/photos`);
    await addPhotos(page, [before]);
    await page.goto(`${server.url}/patients/${patient}/camera`);
    await ready(page);
    await page.getByTestId("ghost").waitFor();
    await camera(page).getByRole("button", { name: "Grid" }).tap();
    await shutter(page).tap();
    await added(page, 1);
    await screenshot(page, "camera");
    const [image] = await imagesOf(page, patient);
    assert.deepEqual([image.width, image.height], [1440, 1080], "as the preview showed it");
    await shown.close();
    await browser.close();
    await server.stop();
  });
});

/** A patch of skin with a nevus as a photo, and a little later and moved a little as the film of a camera. Returns both files. */
async function skin(page) {
  const folder = mkdtempSync(join(tmpdir(), "cutis-camera-"));
  const draw = async (shift, size) => {
    const base64 = await page.evaluate(
      ([dx, radius]) => {
        const canvas = document.createElement("canvas");
        canvas.width = 1440;
        canvas.height = 1080;
        const pen = canvas.getContext("2d");
        const light = pen.createRadialGradient(620, 460, 100, 720, 540, 1000);
        light.addColorStop(0, "#e8bfa2");
        light.addColorStop(1, "#c18f70");
        pen.fillStyle = light;
        pen.fillRect(0, 0, 1440, 1080);
        for (const [x, y, r, tone] of [[720, 540, radius, "#5f3a29"], [700, 520, radius * 0.6, "#46281b"], [420, 330, 16, "#8a5a41"], [1080, 760, 20, "#8a5a41"], [980, 250, 12, "#94624a"]]) {
          const spot = pen.createRadialGradient(x + dx, y, r * 0.5, x + dx, y, r);
          spot.addColorStop(0, tone);
          spot.addColorStop(1, "rgb(193 143 112 / 0%)");
          pen.fillStyle = spot;
          pen.beginPath();
          pen.ellipse(x + dx, y, r, r * 0.85, 0.4, 0, 7);
          pen.fill();
        }
        return canvas.toDataURL("image/jpeg", 0.9).split(",")[1];
      },
      [shift, size],
    );
    return Buffer.from(base64, "base64");
  };
  const photo = join(folder, "earlier.jpg");
  const film = join(folder, "now.mjpeg");
  writeFileSync(photo, await draw(-26, 92));
  writeFileSync(film, await draw(14, 104));
  return [photo, film];
}
