import { describe, expect, it } from "vitest";
import { explain, fieldMessages, isProblem, offlineProblem, problemFrom } from "./problem";

describe("problems", () => {
  it("reads the server's own", () => {
    const problem = problemFrom(422, {
      code: "invalid",
      detail: "Some fields are wrong.",
      requestId: "r1",
      errors: [
        { field: "uniqueId", code: "pattern", message: "No." },
        { field: "uniqueId", code: "length", message: "Second." },
        { field: "guardian.name", code: "x", message: "" },
        { field: "mrn", code: "x", message: "Enter at most 64 characters." },
        "rubbish",
      ],
    });
    expect(isProblem(problem, "invalid")).toBe(true);
    expect(fieldMessages(problem)).toEqual({ uniqueId: "No.", "guardian.name": "Enter a different value.", mrn: "Enter at most 64 characters." });
    expect(explain(problem)).toBe("Some fields are wrong.");
  });

  it.each([null, undefined, "<html>", [], 7])("survives an answer that is no problem: %j", (body) => {
    const problem = problemFrom(502, body);
    expect(problem.status).toBe(502);
    expect(explain(problem)).toContain("502");
    expect(fieldMessages(problem)).toEqual({});
  });

  it("tells a person what to do", () => {
    expect(explain(offlineProblem())).toContain("network");
    expect(explain(problemFrom(429, { code: "throttled", retryAfterSeconds: 1 }))).toContain("1 second.");
    expect(explain(problemFrom(429, { code: "throttled", retryAfterSeconds: 600 }))).toContain("10 minutes");
    expect(explain(problemFrom(500, { code: "internal", requestId: "abc" }))).toContain("abc");
    expect(explain(new Error("boom"))).not.toContain("boom");
  });
});
