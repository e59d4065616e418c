import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
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
