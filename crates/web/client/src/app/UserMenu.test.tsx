import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { ME } from "../testing/fixtures";
import { refusal, serve } from "../testing/server";
import { focused, show } from "../testing/show";
import { useSession } from "./session";
import { setTheme } from "./theme";
import { UserMenu } from "./UserMenu";

const SIGN_OUT = "DELETE /api/v1/session";

function Page() {
  const { presence, ending } = useSession();
  return presence ? <UserMenu presence={presence} /> : <p>{`over: ${ending}`}</p>;
}

async function open(routes: Parameters<typeof serve>[0] = {}) {
  const server = serve(routes);
  const shown = show(<Page />, { me: ME });
  await shown.user.click(screen.getByRole("button", { name: /^Account:/ }));
  return { server, menu: within(await screen.findByRole("menu")), ...shown };
}

describe("the menu of the account", () => {
  it("goes to the devices; Escape closes it and gives the focus back", async () => {
    const { user, place, menu } = await open();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("menu")).toBeNull());
    expect(focused()).toMatch(/^Account:/);
    await user.click(screen.getByRole("button", { name: /^Account:/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Signed-in devices" }));
    expect(place.history.at(-1)).toBe("/devices");
    expect(menu).toBeDefined();
  });

  it("changes the appearance at once and stays open to compare", async () => {
    const { user, menu } = await open();
    await user.click(menu.getByRole("menuitemradio", { name: "Dark" }));
    expect(document.documentElement.dataset.theme).toBe("dark");
    expect(menu.getByRole("menuitemradio", { name: "Dark" }).getAttribute("aria-checked")).toBe("true");
    setTheme("system");
    expect(document.documentElement.dataset.theme).toBeUndefined();
  });

  it("A7: says that it is signed out only when the server is done with the session", async () => {
    const { user, server, menu } = await open({ [SIGN_OUT]: refusal(503, "busy") });
    await user.click(menu.getByRole("menuitem", { name: "Sign out" }));
    await screen.findByText(/^The server is busy/);
    expect(screen.queryByText(/^over/)).toBeNull();
    server.answer(SIGN_OUT, { status: 204 });
    await user.click(screen.getByRole("button", { name: /^Account:/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Sign out" }));
    await screen.findByText("over: out");
  });
});
