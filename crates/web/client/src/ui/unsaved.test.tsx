import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Button } from "./Button";
import { CancelButton, Dialog } from "./Dialog";
import { DiscardQuestion } from "./DiscardQuestion";
import { discardAll, discarding, isUnsaved, useUnsaved, useUnsavedDialog } from "./unsaved";

function Form({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const unsaved = useUnsavedDialog(text !== "");
  return (
    <Dialog title="A form" isOpen onClose={onClose} isDismissable={false} unsaved={unsaved} actions={<CancelButton />}>
      <input aria-label="Text" value={text} onChange={(event) => setText(event.target.value)} />
      <Button onPress={unsaved.settle}>Saved</Button>
    </Dialog>
  );
}

function Page({ isDirty }: { isDirty: boolean }) {
  useUnsaved(isDirty);
  return null;
}

const open = () => {
  const onClose = vi.fn();
  render(
    <>
      <Form onClose={onClose} />
      <DiscardQuestion />
    </>,
  );
  return { onClose, user: userEvent.setup() };
};
const question = () => screen.queryByRole("alertdialog", { name: "Discard changes?" });

afterEach(() => {
  cleanup();
  discardAll();
});

describe("R0: what was typed is not lost without a question", () => {
  it("an untouched dialog closes at once", async () => {
    const { onClose, user } = open();
    await user.keyboard("{Escape}");
    expect(question()).toBeNull();
    expect(onClose).toHaveBeenCalledOnce();
  });

  it.each(["{Escape}", "Close", "Cancel"])("%s asks, and closes only when told to", async (way) => {
    const { onClose, user } = open();
    await user.type(screen.getByLabelText("Text"), "typed");
    const leave = () => (way.startsWith("{") ? user.keyboard(way) : user.click(screen.getByRole("button", { name: way })));
    await leave();
    expect(question()).not.toBeNull();
    await user.click(screen.getByRole("button", { name: "Keep editing" }));
    expect(onClose).not.toHaveBeenCalled();
    expect((screen.getByLabelText("Text") as HTMLInputElement).value).toBe("typed");
    await leave();
    await user.click(screen.getByRole("button", { name: "Discard changes" }));
    expect(onClose).toHaveBeenCalledOnce();
    expect(isUnsaved()).toBe(false);
  });

  it("what was saved is not asked about any more", async () => {
    const { onClose, user } = open();
    await user.type(screen.getByLabelText("Text"), "typed");
    await user.click(screen.getByRole("button", { name: "Saved" }));
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("a form on the page holds back what would leave it, until it is gone", () => {
    const act = vi.fn();
    const drawn = render(<Page isDirty />);
    discarding(act);
    expect(act).not.toHaveBeenCalled();
    discardAll();
    drawn.rerender(<Page isDirty={false} />);
    discarding(act);
    expect(act).toHaveBeenCalledOnce();
    drawn.rerender(<Page isDirty />);
    expect(isUnsaved()).toBe(true);
    drawn.unmount();
    expect(isUnsaved()).toBe(false);
  });

  it("the browser asks too when the page is closed", () => {
    const leave = () => {
      const event = new Event("beforeunload", { cancelable: true });
      dispatchEvent(event);
      return event.defaultPrevented;
    };
    const drawn = render(<Page isDirty={false} />);
    expect(leave()).toBe(false);
    drawn.rerender(<Page isDirty />);
    expect(leave()).toBe(true);
  });
});
