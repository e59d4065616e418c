import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "../api/problem";
import { DiscardQuestion } from "./DiscardQuestion";
import { TextField } from "./Field";
import { ConfirmDialog, FormDialog, type FormDialogProps } from "./FormDialog";
import { discardAll } from "./unsaved";

const refused = new ApiProblem({ status: 507, code: "other", detail: "The disk is full.", requestId: "", fields: [], retryAfterSeconds: null, current: null, conflicts: [], saved: [], sessions: [] });

function Form(props: Partial<FormDialogProps>) {
  const [text, setText] = useState("");
  const [tries, setTries] = useState(0);
  return (
    <FormDialog title="A form" onClose={() => undefined} submit="Save" submitting="Saving…" isDirty={text !== ""} tries={tries} onSubmit={() => setTries(tries + 1)} {...props}>
      <TextField label="First" value="" onChange={() => undefined} />
      <TextField label="Text" autoFocus value={text} onChange={setText} error={tries > 0 ? "Enter a text." : undefined} />
    </FormDialog>
  );
}

afterEach(() => {
  cleanup();
  discardAll();
});

describe("a dialog that is one form", () => {
  it("is sent by its button and by Enter, and while it is being sent by neither", async () => {
    const onSubmit = vi.fn();
    const user = userEvent.setup();
    const shown = render(<Form onSubmit={onSubmit} />);
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(onSubmit).toHaveBeenCalledTimes(1);
    await user.type(screen.getByLabelText("Text"), "{Enter}");
    expect(onSubmit).toHaveBeenCalledTimes(2);
    shown.rerender(<Form onSubmit={onSubmit} isDisabled />);
    await user.type(screen.getByLabelText("Text"), "{Enter}");
    shown.rerender(<Form onSubmit={onSubmit} isPending />);
    await user.type(screen.getByLabelText("Text"), "{Enter}");
    const saving = screen.getByRole("button", { name: "Saving…" });
    saving.focus();
    await user.click(saving);
    expect([onSubmit.mock.calls.length, document.activeElement]).toEqual([2, saving]);
  });

  it("leads to the field that it refuses, and says a refusal of the server above its buttons", async () => {
    const user = userEvent.setup();
    const shown = render(<Form />);
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(document.activeElement).toBe(screen.getByLabelText("Text"));
    shown.rerender(<Form error={refused} />);
    expect(screen.getByRole("alert").textContent).toContain("The disk is full.");
    expect(screen.getByRole("alert").closest("footer")?.contains(screen.getByRole("button", { name: "Cancel" }))).toBe(true);
    shown.rerender(<Form error={refused} problem="Some fields need attention." />);
    expect(screen.getByRole("alert").textContent).toBe("Some fields need attention.");
  });

  it("R0: Escape and Cancel ask before what was typed is lost, and close at once where nothing was", async () => {
    const onClose = vi.fn();
    const user = userEvent.setup();
    render(
      <>
        <Form onClose={onClose} />
        <DiscardQuestion />
      </>,
    );
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(onClose).toHaveBeenCalledTimes(1);
    await user.type(screen.getByLabelText("Text"), "typed");
    await user.keyboard("{Escape}");
    await user.click(screen.getByRole("button", { name: "Discard changes" }));
    expect(onClose).toHaveBeenCalledTimes(2);
  });
});

describe("a dialog that is one question", () => {
  it("says what went wrong; Cancel closes it, and only its own button does it", async () => {
    const onConfirm = vi.fn();
    const onClose = vi.fn();
    const user = userEvent.setup();
    render(
      <ConfirmDialog title="Delete it?" onClose={onClose} submit="Delete" error={refused} onConfirm={onConfirm}>
        <p>This cannot be undone.</p>
      </ConfirmDialog>,
    );
    screen.getByRole("alertdialog", { name: "Delete it?" });
    screen.getByText("The disk is full.");
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect([onClose.mock.calls.length, onConfirm.mock.calls.length]).toEqual([1, 0]);
    await user.click(screen.getByRole("button", { name: "Delete" }));
    expect(onConfirm).toHaveBeenCalledOnce();
  });
});
