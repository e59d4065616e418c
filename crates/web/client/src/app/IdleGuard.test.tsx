import { act, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { heard } from "../api/contact";
import { ME } from "../testing/fixtures";
import { refusal, serve } from "../testing/server";
import { show } from "../testing/show";
import { IdleGuard } from "./IdleGuard";
import { useSession } from "./session";

const MIN = 60_000;
const SESSION = "GET /api/v1/session";

function Guarded() {
  const { presence, lock } = useSession();
  return presence && lock === null ? <IdleGuard presence={presence} /> : <p>{`over: ${lock}`}</p>;
}

const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));
const press = (name: string) => act(() => screen.getByRole("button", { name }).click());

/** Each test has an hour of its own: the last contact is remembered and never goes back. */
let clock = Date.parse("2030-01-01T00:00:00Z");

beforeEach(() => {
  clock += 60 * MIN;
  vi.useFakeTimers({ shouldAdvanceTime: true, now: clock });
  heard(clock);
});
afterEach(() => {
  vi.useRealTimers();
});

describe("A7: the question before the session ends", () => {
  it("comes in the last minute, not before, and says how long there is", () => {
    serve({});
    show(<Guarded />);
    pass(13 * MIN);
    expect(screen.queryByRole("alertdialog")).toBeNull();
    pass(MIN + 30_000);
    const question = screen.getByRole("alertdialog", { name: "Are you still there?" });
    expect(question.textContent).toMatch(/signed out in (29|30) seconds/);
    expect(question.contains(document.activeElement)).toBe(true);
  });

  it("goes when the person stays, which the server is told", async () => {
    const server = serve({ [SESSION]: () => ({ body: { ...ME, session: { ...ME.session, expiresAt: new Date(Date.now() + 15 * MIN).toISOString() } } }) });
    show(<Guarded />);
    pass(14 * MIN + 30_000);
    press("Stay signed in");
    await waitFor(() => expect(server.to(SESSION)).toHaveLength(1));
    await act(() => vi.advanceTimersByTimeAsync(1000));
    expect(screen.queryByRole("alertdialog")).toBeNull();
    // The answer counts as contact: there are fifteen minutes again.
    pass(13 * MIN);
    expect(screen.queryByRole("alertdialog")).toBeNull();
  });

  it("ends the session here when the server says that it is over", async () => {
    serve({ [SESSION]: refusal(401, "unauthenticated") });
    show(<Guarded />);
    pass(14 * MIN + 30_000);
    press("Stay signed in");
    await screen.findByText("over: server");
  });

  it("ends the session when nobody answers", () => {
    serve({});
    show(<Guarded />);
    pass(15 * MIN + 2000);
    expect(screen.getByText("over: idle")).toBeDefined();
  });
});
