import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { useSession } from "../../app/session";
import { ME } from "../../testing/fixtures";
import { later, refusal, serve } from "../../testing/server";
import { noteOf, show } from "../../testing/show";
import { SetupPage } from "./SetupPage";

const SETUP = "POST /api/v1/setup";
const CHECK = "POST /api/v1/password-check";
const CODE = "POST /api/v1/setup/code";
const RIGHT = { [CODE]: { status: 204 } };

function Page() {
  const { presence } = useSession();
  return presence ? <p>In</p> : <SetupPage policy="complex" />;
}

type Shown = ReturnType<typeof show>;
const next = (user: Shown["user"]) => user.click(screen.getByRole("button", { name: "Next" }));
const step = () => screen.getByRole("heading", { level: 2 }).textContent;

/** Up to the last step, with everything in it but the password. */
async function toTheEnd(routes: Parameters<typeof serve>[0] = {}) {
  const server = serve({ ...RIGHT, [CHECK]: { body: { acceptable: true, rules: [] } }, ...routes });
  const shown = show(<Page />, { me: null });
  const { user } = shown;
  await user.type(screen.getByLabelText("Set-up code"), "abcd efgh jklm");
  await next(user);
  await user.type(await screen.findByLabelText("Name of the practice"), " Praxis ");
  await next(user);
  await user.type(screen.getByLabelText("First name"), "Amal");
  await user.type(screen.getByLabelText("Last name"), "Okafor");
  await user.type(screen.getByLabelText("Username"), "amal");
  return { server, ...shown };
}

describe("A2: the first start", () => {
  it("goes on only with what a step needs, says it at the field, and moves the focus to the next step", async () => {
    serve(RIGHT);
    const { user } = show(<Page />, { me: null });
    await next(user);
    expect(noteOf("Set-up code")).toBe("Enter all twelve letters and digits of the code.");
    await user.type(screen.getByLabelText("Set-up code"), "abcdefghjklm");
    expect((screen.getByLabelText("Set-up code") as HTMLInputElement).value).toBe("ABCD-EFGH-JKLM");
    await next(user);
    await waitFor(() => expect(step()).toBe("Step 2 of 3: Practice"));
    expect(document.activeElement).toBe(screen.getByRole("heading", { level: 2 }));
    await next(user);
    expect(noteOf("Name of the practice")).toBe("Enter the name of the practice.");
    await user.click(screen.getByRole("button", { name: "Back" }));
    expect(step()).toBe("Step 1 of 3: Set-up code");
  });

  it("F13: a wrong code is told in its own step, and typing takes that back", async () => {
    const server = serve({ [CODE]: refusal(403, "setup_code_wrong") });
    const { user } = show(<Page />, { me: null });
    await user.type(screen.getByLabelText("Set-up code"), "abcdefghjklm");
    await next(user);
    await waitFor(() => expect(noteOf("Set-up code")).toMatch(/^Enter the set-up code that this server/));
    expect(step()).toBe("Step 1 of 3: Set-up code");
    expect(server.to(CODE).map((it) => it.body)).toEqual([{ code: "ABCDEFGHJKLM" }]);
    server.answer(CODE, { status: 204 });
    await user.type(screen.getByLabelText("Set-up code"), "{Backspace}n");
    expect(noteOf("Set-up code")).not.toMatch(/this code is not correct/);
    await next(user);
    await waitFor(() => expect(step()).toBe("Step 2 of 3: Practice"));
  });

  it("A5: does not send a password that breaks a rule", async () => {
    const { user, server } = await toTheEnd({ [CHECK]: { body: { acceptable: false, rules: [] } } });
    await user.type(screen.getByLabelText("Password"), "short");
    await user.click(screen.getByRole("button", { name: "Finish set-up" }));
    expect(noteOf("Password")).toContain("Choose a password that meets all the requirements.");
    expect(server.to(SETUP)).toEqual([]);
  });

  it("asks once and lets the first person in", async () => {
    const answer = later({ status: 201, body: ME });
    const { user, server } = await toTheEnd({ [SETUP]: answer.handler });
    await user.type(screen.getByLabelText("Password"), "Correct-Horse7battery");
    await user.click(screen.getByRole("button", { name: "Finish set-up" }));
    await user.click(screen.getByRole("button", { name: "Setting up…" }));
    answer.release();
    await screen.findByText("In");
    expect(server.to(SETUP).map((it) => it.body)).toMatchObject([{ code: "ABCDEFGHJKLM", practiceName: "Praxis", username: "amal", email: null, consentLevel: "required" }]);
  });

  it("goes back to the step that a refusal is about", async () => {
    const { user, server } = await toTheEnd({ [SETUP]: refusal(422, "invalid", { practiceName: "Enter at most 80 characters." }) });
    await user.type(screen.getByLabelText("Password"), "Correct-Horse7battery");
    await user.click(screen.getByRole("button", { name: "Finish set-up" }));
    await waitFor(() => expect(step()).toBe("Step 2 of 3: Practice"));
    expect(noteOf("Name of the practice")).toBe("Enter at most 80 characters.");
    await next(user);
    server.answer(SETUP, refusal(403, "setup_code_wrong"));
    await user.click(screen.getByRole("button", { name: "Finish set-up" }));
    await waitFor(() => expect(step()).toBe("Step 1 of 3: Set-up code"));
    expect(noteOf("Set-up code")).toMatch(/^Enter the set-up code that this server/);
  });
});
