import { act, screen, within } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { serve } from "../testing/server";
import { show } from "../testing/show";
import { toast } from "./toasts";

afterEach(() => {
  vi.useRealTimers();
});

const shown = () => within(screen.getByRole("region", { name: "Notifications" })).queryAllByRole("listitem").map((it) => it.textContent);

it("reads messages out politely, keeps the last three, and lets each go after seven seconds or on request", async () => {
  vi.useFakeTimers();
  serve({});
  show(null);
  expect(screen.getByRole("region", { name: "Notifications" }).getAttribute("aria-live")).toBe("polite");
  act(() => {
    for (const text of ["one", "two", "three"]) toast(text);
  });
  act(() => vi.advanceTimersByTime(4000));
  act(() => toast("four"));
  expect(shown()).toEqual(["two", "three", "four"]);
  act(() => screen.getAllByRole("button", { name: "Dismiss" })[0]?.click());
  expect(shown()).toEqual(["three", "four"]);
  act(() => vi.advanceTimersByTime(3000));
  expect(shown()).toEqual(["four"]);
});

it("D18: keeps what can be undone for ten seconds, and goes when it is", async () => {
  vi.useFakeTimers();
  serve({});
  show(null);
  const undo = vi.fn();
  act(() => toast("done", "good", { label: "Undo", onPress: undo }));
  act(() => vi.advanceTimersByTime(9900));
  expect(shown()).toEqual(["doneUndo"]);
  act(() => screen.getByRole("button", { name: "Undo" }).click());
  expect([shown(), undo.mock.calls.length]).toEqual([[], 1]);
});
