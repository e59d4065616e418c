import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useFold } from "./useFold";

const ACTION = 100;
/** How wide the bar is; every action takes 100. */
let width = 0;
let turned: (() => void) | undefined;

const turnTo = (to: number) => {
  width = to;
  act(() => turned?.());
};

function Bar() {
  const { row, folded } = useFold(5, "");
  return (
    <section>
      <div ref={row} data-testid="row">
        {Array.from({ length: 5 - folded }, (_, at) => (
          <button key={at} type="button">
            {at}
          </button>
        ))}
      </div>
    </section>
  );
}

beforeEach(() => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      constructor(look: () => void) {
        turned = look;
      }
      observe() {}
      disconnect() {}
    },
  );
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockImplementation(() => width);
  vi.spyOn(HTMLElement.prototype, "scrollWidth", "get").mockImplementation(function scrollWidth(this: HTMLElement) {
    return this.childElementCount * ACTION;
  });
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it("measures again when the tablet is turned: to the narrow side, where nothing had moved away before, and back", () => {
  const shown = () => screen.getAllByRole("button").length;
  width = 500;
  render(<Bar />);
  turnTo(500);
  expect(shown()).toBe(5);
  turnTo(320);
  expect(shown()).toBe(3);
  turnTo(210);
  expect(shown()).toBe(2);
  turnTo(500);
  expect(shown()).toBe(5);
});
