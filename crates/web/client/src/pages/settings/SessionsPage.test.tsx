import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { SessionInfo } from "../../api/types";
import { useSession } from "../../app/session";
import { later, refusal, serve } from "../../testing/server";
import { show } from "../../testing/show";
import { SessionsPage } from "./SessionsPage";

const LIST = "GET /api/v1/sessions";
const END_ALL = "DELETE /api/v1/sessions";
const END = "DELETE /api/v1/sessions/*";
const IPAD = "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";
const session = (id: string, lastSeenAt: string, more: Partial<SessionInfo> = {}): SessionInfo => ({ id, createdAt: lastSeenAt, lastSeenAt, current: false, ip: null, userAgent: null, ...more });
const here = session("here", "2026-11-01T10:00:00Z", { current: true });

/** The page as long as somebody is signed in. */
function Page() {
  return useSession().presence ? <SessionsPage /> : <p>Signed out</p>;
}

describe("the list of signed-in devices", () => {
  it("starts with this device, which has no button to end it, then the latest", async () => {
    serve({ [LIST]: { body: { sessions: [session("old", "2026-11-02T10:00:00Z"), session("ipad", "2026-11-03T10:00:00Z", { userAgent: IPAD }), here] } } });
    show(<Page />);
    const rows = await screen.findAllByRole("listitem").then((all) => all.filter((it) => it.textContent?.includes("Signed in")));
    expect(rows.map((it) => /^(Unknown device|Safari on iPad)( This device)?/.exec(it.textContent ?? "")?.[0])).toEqual(["Unknown device This device", "Safari on iPad", "Unknown device"]);
    expect(rows.map((it) => within(it).queryByRole("button") !== null)).toEqual([false, true, true]);
  });

  it("ends one device, and says the server's no", async () => {
    const server = serve({ [LIST]: { body: { sessions: [here, session("ipad", "2026-11-03T10:00:00Z", { userAgent: IPAD })] } }, [END]: refusal(503, "busy") });
    const { user } = show(<Page />);
    const end = async (answer: string) => {
      await user.click(await screen.findByRole("button", { name: "End the session on Safari on iPad" }));
      await user.click(within(await screen.findByRole("alertdialog", { name: "End the session on Safari on iPad?" })).getByRole("button", { name: answer }));
    };
    await end("Cancel");
    expect(server.to(END)).toEqual([]);
    await end("End session");
    await screen.findByText(/^The server is busy/);
    server.answer(END, { status: 204 });
    server.answer(LIST, { body: { sessions: [here] } });
    await end("End session");
    await screen.findByText("The session was ended.");
    await waitFor(() => expect(screen.queryByText(/Safari on iPad/)).toBeNull());
    expect(server.to(END).map((it) => it.path)).toEqual(["/api/v1/sessions/ipad", "/api/v1/sessions/ipad"]);
  });

  it("says that it could not be loaded", async () => {
    const server = serve({ [LIST]: refusal(500, "internal") });
    const { user } = show(<Page />);
    await screen.findByRole("heading", { name: "This could not be loaded" });
    server.answer(LIST, { body: { sessions: [here] } });
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByText("This device");
  });
});

describe("the dialog that signs out everywhere", () => {
  async function open(routes: Parameters<typeof serve>[0]) {
    const server = serve({ [LIST]: { body: { sessions: [here] } }, ...routes });
    const shown = show(<Page />);
    await shown.user.click(screen.getByRole("button", { name: "Sign out everywhere" }));
    return { server, question: within(screen.getByRole("alertdialog", { name: "Sign out everywhere?" })), ...shown };
  }

  it("takes the focus and is not answered with yes by Enter; Escape ends nothing", async () => {
    const { user, server } = await open({});
    expect(screen.getByRole("alertdialog").contains(document.activeElement)).toBe(true);
    await user.keyboard("{Enter}{Escape}");
    expect(screen.queryByRole("alertdialog")).toBeNull();
    expect(server.to(END_ALL)).toEqual([]);
  });

  it("A7: says the server's no and stays signed in; after the yes nobody is", async () => {
    const { user, server, question } = await open({ [END_ALL]: refusal(503, "busy") });
    await user.click(question.getByRole("button", { name: "Sign out everywhere" }));
    await question.findByText(/^The server is busy/);
    const answer = later({ status: 204 });
    server.answer(END_ALL, answer.handler);
    await user.click(question.getByRole("button", { name: "Sign out everywhere" }));
    await user.click(question.getByRole("button", { name: "Sign out everywhere" }));
    answer.release();
    await screen.findByText("Signed out");
    expect(server.to(END_ALL)).toHaveLength(2);
  });
});
