// S1, D16, cases 2 to 4: two devices type into one visit while the network is cut, an answer is lost or the server is killed: nothing
// is lost, nothing is there twice, and nobody reads Saved of what is not stored.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { afterTimers, eventually, openBrowser, openPage } from "./browser.mjs";
import { api, makePatient } from "./records.mjs";
import { startServer } from "./server.mjs";
import { enter } from "./steps.mjs";

/** Milliseconds; what the test lets pass without a network. */
const SHORT = 500;
const LONG = 10_000;
const WORDS = "the quick brown fox jumps over the lazy dog while the network is away";

const notes = ({ page }) => page.getByRole("textbox", { name: "Notes" });

const status = ({ page }) => page.getByTestId("save-status");

const says = async (it, words) => status(it).getByText(words).first().waitFor();

const type = (it, text, delay = 25) => notes(it).pressSequentially(text, { delay });

/** Everything that the status says from now on, with what the notes held then. */
const listen = ({ page }) =>
  page.evaluate(() => {
    globalThis.said = [];
    const status = document.querySelector("[data-testid=save-status]");
    const note = () => globalThis.said.push({ kind: status.dataset.kind, notes: document.querySelector("textarea").value });
    note();
    globalThis.listening?.disconnect();
    globalThis.listening = new MutationObserver(note);
    globalThis.listening.observe(status, { subtree: true, childList: true, characterData: true, attributes: true });
  });
const said = ({ page }) => page.evaluate(() => globalThis.said);

/** Since `from`, Saved was never read while the line was longer than what had been stored before. */
const neverSaved = async (it, from, what) => {
  const kinds = new Set((await said(it)).slice(from).map(({ kind }) => kind));
  assert.ok(!kinds.has("saved"), `${what}: ${[...kinds]}`);
  return kinds;
};

describe("two devices in one visit, and what is between them fails", () => {
  let server;
  let browser;
  let one;
  let two;
  let patient;
  let visit;

  const stored = async () => (await api(one.page, "GET", `/patients/${patient}/entries/${visit}`)).body.notes;

  /** A visit in which each device has a line of its own, so that nothing is a clash. */
  const begin = async () => {
    const { body } = await api(one.page, "POST", `/patients/${patient}/entries`, { notes: "one: \n---\ntwo: " });
    visit = body.id;
    for (const it of [one, two]) {
      await it.page.goto(`${server.url}/patients/${patient}/visits/${visit}`);
      await notes(it).waitFor();
      await says(it, /^Saved/);
      await listen(it);
    }
    await notes(one).press("Control+Home");
    await notes(one).press("End");
    await notes(two).press("Control+End");
  };

  /** Both show what is stored, which is what both typed, once. */
  const agree = async (first, second) => {
    for (const it of [one, two]) await says(it, /^Saved/);
    const whole = `one: ${first}\n---\ntwo: ${second}`;
    await eventually(async () => assert.equal(await stored(), whole));
    for (const it of [one, two]) await eventually(async () => assert.equal(await notes(it).inputValue(), whole));
    for (const it of [one, two]) {
      // Whoever read Saved had typed nothing that was not stored: the next that was stored holds it.
      const line = it === one ? 0 : 2;
      const whoSaved = (await said(it)).filter(({ kind }) => kind === "saved").map((at) => at.notes.split("\n")[line]);
      for (const text of whoSaved) assert.ok(whole.split("\n")[line].startsWith(text), `${text} was read as saved`);
    }
  };
  afterEach(async () => {
    await one.context.setOffline(false);
  });

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    one = await openPage(browser);
    await enter(one.page, server);
    two = await openPage(browser);
    await enter(two.page, server);
    patient = await makePatient(one.page, { uniqueId: "cuts-1", firstName: "Elsa", lastName: "Lindqvist" });
  });

  after(async () => {
    await one.close();
    await two.close();
    await browser?.close();
    await server?.stop();
  });

  for (const [ms, name] of [[SHORT, "half a second"], [LONG, "ten seconds"]]) {
    it(`the network is cut for ${name} in the middle of typing on both`, async () => {
      await begin();
      const typing = Promise.all([type(one, WORDS), type(two, WORDS.toUpperCase())]);
      await afterTimers(one.page, 700);
      await one.context.setOffline(true);
      await afterTimers(one.page, ms);
      await one.context.setOffline(false);
      await typing;
      await agree(WORDS, WORDS.toUpperCase());
    });
  }

  it("case 2: what is typed while there is no network is never Saved before it is back", async () => {
    await begin();
    await one.context.setOffline(true);
    await type(one, "a");
    const { length } = await said(one);
    await type(one, " cut line");
    await says(one, /^Offline, 1 change kept on this device$/);
    await type(two, "meanwhile");
    await says(two, /^Saved/);
    await afterTimers(one.page, LONG);
    await neverSaved(one, length - 1, "without a network");
    await one.context.setOffline(false);
    await agree("a cut line", "meanwhile");
  });

  for (const [ms, name] of [[SHORT, "half a second"], [LONG, "ten seconds"]]) {
    it(`cases 3 and 4: the answer to an edit is lost with the network, which is back after ${name}`, async () => {
      await begin();
      // What goes through the socket is in the hands of the test: the edit is let through, its answer is not.
      const trap = { isSet: false, isOut: false, lost: [] };
      await one.page.routeWebSocket(/\/api\/v1\/live$/, (socket) => {
        if (trap.isOut) {
          void socket.close({ code: 3000 });
          return;
        }
        const upstream = socket.connectToServer({ protocols: ["cutis.live.1"] });
        socket.onMessage((text) => upstream.send(text));
        upstream.onMessage((text) => {
          const { kind } = JSON.parse(text);
          if (trap.isSet && kind === "ack") {
            trap.isSet = false;
            trap.isOut = true;
            trap.lost.push(text);
            void socket.close({ code: 3000 });
            setTimeout(() => {
              trap.isOut = false;
            }, ms);
          } else if (!trap.isOut) socket.send(text);
        });
      });
      await one.page.reload();
      await notes(one).waitFor();
      await says(one, /^Saved/);
      await listen(one);
      await notes(one).press("Control+Home");
      await notes(one).press("End");
      trap.isSet = true;
      await Promise.all([type(one, WORDS), type(two, "beside it")]);
      await agree(WORDS, "beside it");
      assert.equal(trap.lost.length, 1, "one answer was lost");
      await one.page.unrouteAll({ behavior: "ignoreErrors" });
    });
  }

  it("case 3: the server is killed in the middle of typing on both, and comes back", async () => {
    await begin();
    const typing = Promise.all([type(one, WORDS, 40), type(two, WORDS.toUpperCase(), 40)]);
    await afterTimers(one.page, 900);
    await server.kill();
    const from = await Promise.all([one, two].map(async (it) => (await said(it)).length));
    await typing;
    await afterTimers(one.page, 2500);
    for (const [at, it] of [one, two].entries()) {
      const kinds = await neverSaved(it, from[at], "while the server is away");
      assert.ok(kinds.has("offline"), [...kinds].join());
      await says(it, /^Offline, 1 change kept on this device$/);
    }
    await server.resume();
    await agree(WORDS, WORDS.toUpperCase());
  });

  it("D16: a server that is killed and back at once alarms nobody", async () => {
    await begin();
    await type(one, "before");
    await says(one, /^Saved/);
    const from = (await said(one)).length;
    // As much as a restart takes, the status is Saving at most; a slow machine may take longer than the two seconds.
    const began = Date.now();
    await server.kill();
    await server.resume();
    await type(one, " and after");
    await agree("before and after", "");
    const kinds = new Set((await said(one)).slice(from).map(({ kind }) => kind));
    if (Date.now() - began < 1500) assert.ok(!kinds.has("offline"), [...kinds].join());
  });
});
