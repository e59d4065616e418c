import { act, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { ended, forgotten, onForgotten } from "../api/contact";
import { ME } from "../testing/fixtures";
import { serve } from "../testing/server";
import { show } from "../testing/show";
import { Lock } from "./Lock";
import { useSession } from "./session";

const SIGN_IN = "POST /api/v1/session";
const life = { idleMs: 9e5, absoluteEnd: Number.POSITIVE_INFINITY };

function Page() {
  const { presence, lock, enter } = useSession();
  return (
    <>
      <p>{presence ? `in: ${presence.me.username}` : "nobody"}</p>
      <p>{`lock: ${lock}`}</p>
      {lock && presence && <Lock why={lock} me={presence.me} />}
      <button type="button" onClick={() => enter({ me: { ...ME, accountId: "a2", username: "ben" }, life })}>
        Ben
      </button>
    </>
  );
}

describe("R0: a session that ends", () => {
  it("keeps the person's page and what was fetched for it, under a sheet that asks for their password", async () => {
    const server = serve({ [SIGN_IN]: { status: 201, body: ME } });
    const { client, user } = show(<Page />);
    client.setQueryData(["patient", "p1"], { name: "kept" });
    act(() => ended(false));
    expect(screen.getByText("lock: server")).toBeDefined();
    expect(client.getQueryData(["patient", "p1"])).toEqual({ name: "kept" });
    const name = screen.getByLabelText("Username or e-mail") as HTMLInputElement;
    expect(name.value).toBe("amal.okafor");
    expect(document.activeElement).toBe(screen.getByLabelText("Password"));
    await user.type(screen.getByLabelText("Password"), "Correct-Horse7battery{Enter}");
    await waitFor(() => expect(screen.getByText("lock: null")).toBeDefined());
    expect(server.to(SIGN_IN)).toHaveLength(1);
    expect(client.getQueryData(["patient", "p1"])).toEqual({ name: "kept" });
  });

  it("keys that are pressed in the sheet do not reach the page beneath", async () => {
    serve({});
    const { user } = show(<Page />);
    act(() => ended(false));
    const heard = vi.fn();
    document.addEventListener("keydown", heard);
    await user.type(screen.getByLabelText("Password"), "i+");
    document.removeEventListener("keydown", heard);
    expect(heard).not.toHaveBeenCalled();
    expect((screen.getByLabelText("Password") as HTMLInputElement).value).toBe("i+");
  });

  it("leaves nothing for another person", async () => {
    serve({});
    const { client, user } = show(<Page />);
    client.setQueryData(["patient", "p1"], { name: "Amal's" });
    const gone = vi.fn();
    const stop = onForgotten(gone);
    act(() => ended(false));
    await user.click(screen.getByRole("button", { name: "Ben", hidden: true }));
    expect(await screen.findByText("in: ben")).toBeDefined();
    expect(screen.getByText("lock: null")).toBeDefined();
    expect(client.getQueryData(["patient", "p1"])).toBeUndefined();
    expect(gone).toHaveBeenCalledOnce();
    stop();
    forgotten();
  });

  it("is not kept longer than a session may last", () => {
    vi.useFakeTimers();
    serve({});
    const { client } = show(<Page />);
    client.setQueryData(["patient", "p1"], {});
    act(() => ended(false));
    act(() => vi.advanceTimersByTime(11.9 * 3_600_000));
    expect(screen.getByText("lock: server")).toBeDefined();
    act(() => vi.advanceTimersByTime(0.2 * 3_600_000));
    vi.useRealTimers();
    expect(screen.getByText("nobody")).toBeDefined();
    expect(client.getQueryData(["patient", "p1"])).toBeUndefined();
  });
});
