import { act, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ended, forgotten, onForgotten } from "../api/contact";
import type { Me } from "../api/types";
import { presenceQuery } from "../resources/session";
import { ME } from "../testing/fixtures";
import { serve } from "../testing/server";
import { show } from "../testing/show";
import { handOver, takeBack, useHandOver } from "./handOver";
import { Lock } from "./Lock";
import { recall, remember } from "./sealed";
import { useSession } from "./session";

const SIGN_IN = "POST /api/v1/session";
const life = { idleMs: 9e5, absoluteEnd: Number.POSITIVE_INFINITY };

function Page() {
  const { presence, lock, enter } = useSession();
  const { isHandedOver } = useHandOver();
  return (
    <>
      <p>{presence ? `in: ${presence.me.username}` : "nobody"}</p>
      <p>{`lock: ${lock}`}</p>
      <p>{`handed over: ${isHandedOver}`}</p>
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

describe("N6: a device that is handed over", () => {
  const SESSION = "GET /api/v1/session";
  const withKey: Me = { ...ME, session: { ...ME.session, sealKey: "A".repeat(43) } };
  const presence = (client: ReturnType<typeof show>["client"]) => client.getQueryData(presenceQuery().queryKey);
  afterEach(() => {
    takeBack();
    forgotten();
  });

  it("keeps neither the key nor what was searched for in memory", async () => {
    serve({});
    const { client } = show(<Page />, { me: withKey });
    remember("patients.search", "Lindqvist");
    act(() => handOver());
    expect(recall("patients.search")).toBeUndefined();
    expect(presence(client)?.me.session).toMatchObject({ sealKey: null, handedOver: true });
  });

  it("is not given back by clearing the browser's memory: the server is asked, and knows", async () => {
    const server = serve({ [SESSION]: { body: { ...ME, session: { ...ME.session, handedOver: true } } } });
    show(<Page />);
    act(() => handOver());
    localStorage.clear();
    act(() => void dispatchEvent(new StorageEvent("storage", { key: null })));
    await waitFor(() => expect(localStorage.getItem("cutis.hand-over")).toBe("1"));
    expect(server.to(SESSION)).toHaveLength(1);
    expect(screen.getByText("handed over: true")).toBeDefined();
    server.answer(SESSION, { body: ME });
    localStorage.clear();
    act(() => void dispatchEvent(new StorageEvent("storage", { key: null })));
    await screen.findByText("handed over: false");
    expect(server.to(SESSION)).toHaveLength(2);
  });
});
