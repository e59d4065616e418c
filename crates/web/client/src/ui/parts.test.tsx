import { render } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "../api/problem";
import { FormProblem } from "./parts";

const refused = (fields: { field: string; code: string; message: string }[] = []) =>
  new ApiProblem({ status: 507, code: "storage_full", detail: "The disk is full.", requestId: "", fields, retryAfterSeconds: null, current: null, conflicts: [] });

describe("what went wrong with a form", () => {
  afterEach(() => vi.restoreAllMocks());

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

  it("leaves the place alone when it is about fields, to which the form leads", () => {
    const scrolled = vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(() => undefined);
    render(<FormProblem error={refused([{ field: "note", code: "too_long", message: "Use at most 4000 characters." }])} />);
    expect(scrolled).not.toHaveBeenCalled();
  });
});
