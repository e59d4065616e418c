// A7: no sign-in ends a session that somebody holds. From the eleventh on the person is told, at a hundred they choose which end.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkAccessibility, openBrowser, openPage, shoot } from "./browser.mjs";
import { api } from "./records.mjs";
import { checkReflow, textSize, WAYS } from "./reflow.mjs";
import { startServer } from "./server.mjs";
import { enter, PERSON, signIn } from "./steps.mjs";

const IPAD = "Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1";

const notice = (view) => view.getByText(/^You are signed in \d+ times/);

describe("many sessions of one person", () => {
  let server;
  let browser;
  let opened;
  let page;
  /** A way to the server without cookies of its own. */
  let elsewhere;
  /** The cookies of the others, in the order of their sign-ins. */
  const held = [];

  const open = async () => {
    const { status, body } = await api(page, "GET", "/sessions");
    assert.equal(status, 200, JSON.stringify(body));
    return body.sessions.length;
  };
  /** As a program or another device would. */
  const signInElsewhere = async (device = "curl/8.5") => {
    await elsewhere.clearCookies();
    const answer = await elsewhere.request.post(`${server.url}/api/v1/session`, { headers: { "sec-fetch-site": "same-origin", "user-agent": device }, data: { username: PERSON.username, password: PERSON.password } });
    assert.ok(answer.ok(), await answer.text());
    held.push(await elsewhere.cookies());
  };
  const answers = async (cookies) => {
    await elsewhere.clearCookies();
    await elsewhere.addCookies(cookies);
    return (await elsewhere.request.get(`${server.url}/api/v1/session`)).status();
  };
  const fill = async (view) => {
    await view.goto(`${server.url}/`);
    await view.getByLabel("Username or e-mail").fill(PERSON.username);
    await view.getByLabel("Password", { exact: true }).fill(PERSON.password);
    await view.getByRole("button", { name: "Sign in" }).click();
    await view.getByRole("group", { name: "Sessions to end" }).waitFor();
  };

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    elsewhere = await browser.newContext({ ignoreHTTPSErrors: true });
    opened = await openPage(browser, { bypassCSP: true });
    page = opened.page;
    await enter(page, server);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("the eleventh sign-in ends nothing and is told, with the way to the list of devices", async () => {
    await signInElsewhere(IPAD);
    for (let more = 2; more < 10; more += 1) await signInElsewhere();
    assert.equal(await open(), 10);
    await page.reload();
    await page.getByRole("heading", { name: "Patients", level: 1 }).waitFor();
    assert.equal(await notice(page).count(), 0);

    const other = await openPage(browser, { bypassCSP: true });
    await signIn(other.page, server);
    await other.page.getByText("You are signed in 11 times.").waitFor();
    await checkAccessibility(other.page, "eleven sessions");
    await shoot(other.page, "sessions-eleven");
    await other.page.setViewportSize({ width: 320, height: 640 });
    await checkReflow(other.page, "eleven sessions");
    await shoot(other.page, "sessions-eleven-320");
    // Nobody was signed out by it.
    await page.reload();
    await page.getByRole("heading", { name: "Patients", level: 1 }).waitFor();
    assert.equal(await open(), 11);

    await other.page.getByRole("link", { name: "Show devices" }).click();
    await other.page.getByRole("heading", { name: "Signed-in devices", level: 1 }).waitFor();
    await notice(other.page).waitFor({ state: "detached" });
    const ends = other.page.getByRole("button", { name: /^End the session on / });
    await ends.nth(9).waitFor();
    assert.equal(await ends.count(), 10);
    await other.page.getByRole("button", { name: "End the session on Safari on iPad" }).click();
    await other.page.getByRole("alertdialog").getByRole("button", { name: "End session" }).click();
    await ends.nth(9).waitFor({ state: "detached" });
    assert.equal(await open(), 10);
    await other.close();
  });

  it("at a hundred the person chooses which end: nothing is chosen beforehand, and only what was chosen ends", async () => {
    await signInElsewhere(IPAD);
    for (let more = await open(); more < 100; more += 1) await signInElsewhere();
    assert.equal(await open(), 100);
    const other = await openPage(browser, { bypassCSP: true });
    const view = other.page;
    await fill(view);
    const list = view.getByRole("group", { name: "Sessions to end" });
    assert.equal(await list.getByRole("checkbox").count(), 100);
    assert.equal(await list.getByRole("checkbox", { checked: true }).count(), 0);
    await checkAccessibility(view, "choice of sessions");
    await shoot(view, "sessions-choice");
    await view.getByRole("button", { name: "End sessions and sign in" }).click();
    await view.getByText("Choose at least one session to end.").waitFor();
    assert.equal(await open(), 100);
    await list.locator("label").filter({ hasText: "Safari on iPad" }).click();
    assert.equal(await list.getByRole("checkbox", { checked: true }).count(), 1);
    await view.getByRole("button", { name: "End sessions and sign in" }).click();
    await view.getByRole("heading", { name: "Patients", level: 1 }).waitFor();
    assert.equal(await open(), 100);
    await view.getByText("You are signed in 100 times.").waitFor();
    const over = [];
    for (const [at, cookies] of held.entries()) if ((await answers(cookies)) === 401) over.push(at);
    assert.deepEqual(over, [0, 9], "the iPad of the first test, and the one of this");
    await other.close();
  });

  for (const { name, size, text } of WAYS) {
    it(`WCAG 1.4.4, 1.4.10: the choice of sessions, ${name}`, async () => {
      const other = await openPage(browser, { size: "phone" });
      await other.page.setViewportSize(size);
      await textSize(other.page, text);
      await fill(other.page);
      await shoot(other.page, `reflow-${size.width}-${text}-session-choice`);
      await checkReflow(other.page, "choice of sessions");
      await other.close();
    });
  }

  it("WCAG 2.2 AA: the choice on a tablet held upright, in the dark", async () => {
    const other = await openPage(browser, { theme: "dark", size: "ipadPortrait", bypassCSP: true });
    await fill(other.page);
    await checkAccessibility(other.page, "choice of sessions, dark");
    await shoot(other.page, "sessions-choice-dark");
    await other.close();
    await opened.close();
  });
});
