import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { SessionInfo } from "../../api/types";
import { useSession } from "../../app/session";
import { ME } from "../../testing/fixtures";
import { later, refusal, serve } from "../../testing/server";
import { focused, show } from "../../testing/show";
import { SignInPage } from "./SignInPage";

const SIGN_IN = "POST /api/v1/session";

function Page() {
  const { presence } = useSession();
  return presence ? <p>Welcome, {presence.me.firstName}</p> : <SignInPage />;
}

async function fill(routes: Parameters<typeof serve>[0]) {
  const server = serve(routes);
  const shown = show(<Page />, { me: null });
  await shown.user.type(screen.getByLabelText("Username or e-mail"), " amal.okafor ");
  await shown.user.type(screen.getByLabelText("Password"), "secret");
  return { server, ...shown };
}
const button = () => screen.getByRole("button", { name: /^Sign/ }) as HTMLButtonElement;

describe("A1: signing in", () => {
  it("starts in the first field and asks for both before it asks the server", async () => {
    const server = serve({});
    const { user } = show(<Page />, { me: null });
    expect(focused()).toContain("Username or e-mail");
    await user.click(button());
    expect(screen.getByRole("alert").textContent).toBe("Enter your username and password.");
    expect(server.asked).toEqual([]);
  });

  it("does not say which of the two was wrong, and forgets the password", async () => {
    const { user } = await fill({ [SIGN_IN]: refusal(401, "sign_in_failed") });
    await user.click(button());
    expect((await screen.findByRole("alert")).textContent).toBe("Incorrect username or password");
    expect((screen.getByLabelText("Password") as HTMLInputElement).value).toBe("");
    expect((screen.getByLabelText("Username or e-mail") as HTMLInputElement).value).toBe(" amal.okafor ");
  });

  it("waits as long as the server says", async () => {
    const { user, server } = await fill({ [SIGN_IN]: refusal(429, "throttled", {}, { retryAfterSeconds: 40 }) });
    await user.click(button());
    expect((await screen.findByRole("alert")).textContent).toMatch(/^Too many attempts. You can try again in (39|40) seconds/);
    expect(button().disabled).toBe(true);
    await user.type(screen.getByLabelText("Password"), "{Enter}");
    expect(server.to(SIGN_IN)).toHaveLength(1);
  });

  it("asks once and lets the person in", async () => {
    const answer = later({ body: ME });
    const { user, server } = await fill({ [SIGN_IN]: answer.handler });
    await user.click(button());
    expect(button().textContent).toBe("Signing in…");
    await user.click(button());
    answer.release();
    await screen.findByText("Welcome, Amal");
    await waitFor(() => expect(server.to(SIGN_IN).map((it) => it.body)).toEqual([{ username: "amal.okafor", password: "secret" }]));
  });
});

describe("A7: a hundred sessions are open", () => {
  const IPAD = "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";
  const session = (id: string, lastSeenAt: string, userAgent: string | null): SessionInfo => ({ id, createdAt: lastSeenAt, lastSeenAt, current: false, ip: null, userAgent });
  const sessions = [session("new", "2026-11-20T10:00:00Z", IPAD), session("old", "2026-11-01T10:00:00Z", null), session("between", "2026-11-10T10:00:00Z", null)];

  it("shows them, the longest unused first, and none is chosen for the person", async () => {
    const { user, server } = await fill({ [SIGN_IN]: refusal(409, "too_many_sessions", {}, { sessions }) });
    await user.click(button());
    const boxes = within(await screen.findByRole("group", { name: "Sessions to end" })).getAllByRole<HTMLInputElement>("checkbox");
    expect(boxes.map((it) => it.closest("label")?.textContent?.replace(/last used.*/, ""))).toEqual(["Unknown device", "Unknown device", "Safari on iPad"]);
    expect(boxes.map((it) => it.checked)).toEqual([false, false, false]);
    await user.click(screen.getByRole("button", { name: "End sessions and sign in" }));
    await screen.findByText("Choose at least one session to end.");
    expect(server.to(SIGN_IN)).toHaveLength(1);
  });

  it("ends the chosen ones with the sign-in, and lets the person in", async () => {
    const { user, server } = await fill({ [SIGN_IN]: refusal(409, "too_many_sessions", {}, { sessions }) });
    await user.click(button());
    const boxes = within(await screen.findByRole("group", { name: "Sessions to end" })).getAllByRole("checkbox");
    const [old, between, newest] = boxes as [HTMLElement, HTMLElement, HTMLElement];
    await user.click(old);
    await user.click(between);
    await user.click(newest);
    // Thought better of.
    await user.click(between);
    server.answer(SIGN_IN, { body: ME });
    await user.click(screen.getByRole("button", { name: "End sessions and sign in" }));
    await screen.findByText("Welcome, Amal");
    const last = server.to(SIGN_IN).at(-1)?.body as { password: string; endSessions: string[] };
    expect(last.password).toBe("secret");
    expect(last.endSessions.toSorted()).toEqual(["new", "old"]);
  });
});
