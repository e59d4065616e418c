import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Presence } from "../resources/session";
import { ME } from "../testing/fixtures";
import { show } from "../testing/show";
import { SessionsNotice } from "./SessionsNotice";

const withOpen = (openSessions: number): Presence => ({ me: { ...ME, session: { ...ME.session, openSessions } }, life: { idleMs: 60_000, absoluteEnd: Number.POSITIVE_INFINITY } });
const notice = () => screen.queryByText(/^You are signed in 1\d times/);

it("A7: up to ten sessions are nothing to tell; the eleventh is, with the way to end one", async () => {
  const ten = show(<SessionsNotice presence={withOpen(10)} />);
  expect(notice()).toBeNull();
  ten.unmount();
  const { user, place } = show(<SessionsNotice presence={withOpen(11)} />);
  expect(screen.getByRole("status").textContent).toContain("You are signed in 11 times");
  await user.click(screen.getByRole("link", { name: "Show devices" }));
  expect(place.history?.at(-1)).toBe("/devices");
  expect(notice(), "it is not said above the list itself").toBeNull();
});

it("A7: the notice can be put away", async () => {
  const { user } = show(<SessionsNotice presence={withOpen(12)} />);
  await user.click(screen.getByRole("button", { name: "Dismiss" }));
  expect(notice()).toBeNull();
});
