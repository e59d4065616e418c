import { cleanup, render, screen, waitFor } from "@testing-library/react";
import { useRef } from "react";
import { afterEach, describe, expect, it } from "vitest";
import { isForShutter, useShutterFocus } from "./keys";

function Camera({ isLive, isWanted = true }: { isLive: boolean; isWanted?: boolean }) {
  const camera = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const toShutter = useShutterFocus(button, camera, isWanted, isLive);
  return (
    <section role="dialog" tabIndex={-1} aria-label="Camera">
      <button type="button">Done</button>
      <div ref={camera}>
        <button type="button">Grid</button>
        <button ref={button} type="button" disabled={!isLive}>
          Take photo
        </button>
        <button type="button" onClick={toShutter}>
          Photo 1
        </button>
      </div>
    </section>
  );
}

const by = (name: string) => screen.getByRole("button", { name });
const press = (key: string, at: Element, more: KeyboardEventInit = {}): boolean => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, ...more });
  at.dispatchEvent(event);
  return isForShutter(event, by("Grid").parentElement);
};

afterEach(cleanup);

describe("I6: the keys of the shutter", () => {
  it("count wherever the focus is, but on a control only those that it has no use for", () => {
    render(<Camera isLive />);
    const dialog = screen.getByRole("dialog");
    for (const key of [" ", "Enter", "AudioVolumeUp", "VolumeDown"]) for (const at of [dialog, document.body]) expect(press(key, at), key).toBe(true);
    expect(press(" ", by("Done"))).toBe(false);
    expect(press("Enter", by("Grid"))).toBe(false);
    expect(press("AudioVolumeUp", by("Done"))).toBe(true);
    expect(press("a", dialog)).toBe(false);
    expect(press(" ", dialog, { repeat: true })).toBe(false);
  });

  it("count for nothing while another dialog is on top", () => {
    render(
      <>
        <Camera isLive />
        <section role="alertdialog">
          <p>Discard?</p>
        </section>
      </>,
    );
    expect(press(" ", document.body)).toBe(false);
    expect(press("VolumeUp", screen.getByText("Discard?"))).toBe(false);
  });

  it("have the focus for them: on the dialog first, then on the shutter, never by default on Done", async () => {
    const { rerender } = render(<Camera isLive={false} isWanted={false} />);
    // As after a consent was recorded: what had the focus is gone, and the first control has it.
    by("Done").focus();
    rerender(<Camera isLive={false} />);
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("dialog")));
    rerender(<Camera isLive />);
    await waitFor(() => expect(document.activeElement).toBe(by("Take photo")));
    by("Photo 1").focus();
    by("Photo 1").click();
    expect(document.activeElement).toBe(by("Take photo"));
    by("Grid").focus();
    rerender(<Camera isLive={false} />);
    rerender(<Camera isLive />);
    expect(document.activeElement).toBe(by("Grid"));
  });
});
