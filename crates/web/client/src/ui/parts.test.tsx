import { cleanup, render } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "../api/problem";
import { Dialog } from "./Dialog";
import { FormProblem } from "./parts";

const refused = (fields: { field: string; code: string; message: string }[] = []) =>
  new ApiProblem({ status: 507, code: "storage_full", detail: "The disk is full.", requestId: "", fields, retryAfterSeconds: null, current: null, conflicts: [], saved: [], sessions: [] });

describe("what went wrong with a form", () => {
  afterEach(() => {
    cleanup();
    vi.restoreAllMocks();
  });

  it("comes into sight when it appears and when it changes, however long the form is", () => {
    const scrolled = vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(() => undefined);
    const shown = render(<FormProblem error={null} />);
    expect(scrolled).not.toHaveBeenCalled();
    const first = refused();
    shown.rerender(<FormProblem error={first} />);
    expect(shown.getByRole("alert").textContent).toContain("full");
    expect(scrolled).toHaveBeenCalledTimes(1);
    shown.rerender(<FormProblem error={first} />);
    expect(scrolled).toHaveBeenCalledTimes(1);
    shown.rerender(<FormProblem error={refused()} />);
    expect(scrolled).toHaveBeenCalledTimes(2);
  });

  it("F9: stands above the actions of its dialog, which never scroll away, and not within what scrolls", () => {
    vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(() => undefined);
    const shown = render(
      <Dialog title="Long" isOpen onClose={() => undefined} actions={<button type="button">Save</button>}>
        <form>
          <FormProblem error={refused()} />
        </form>
      </Dialog>,
    );
    const alert = shown.getByRole("alert");
    expect(alert.closest("form")).toBeNull();
    expect(alert.closest("footer")?.contains(shown.getByRole("button", { name: "Save" }))).toBe(true);
    shown.unmount();
  });

  it("leads to the first refused field of its form", () => {
    const scrolled = vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(() => undefined);
    const note = refused([{ field: "note", code: "too_long", message: "Use at most 4000 characters." }]);
    const form = (error: unknown) => (
      <form>
        <input aria-label="Name" />
        <input aria-label="Note" aria-invalid={error ? true : undefined} />
        <input aria-label="Address" aria-invalid={error ? true : undefined} />
        <FormProblem error={error} />
      </form>
    );
    const shown = render(form(null));
    shown.rerender(form(note));
    expect(document.activeElement).toBe(shown.getByLabelText("Note"));
    expect(scrolled.mock.contexts).toEqual([shown.getByLabelText("Note")]);
  });
});
