/** What the server says about a new password (A5). */
import { useEffect, useState } from "react";
import { http, take } from "../api/client";
import type { PasswordCheck, PasswordReport } from "../api/types";

/** Pause in typing after which a password is sent, in milliseconds. */
const REST = 350;

/**
 * The report about exactly this question, null until it is here. Kept in the component that asks and not with the other
 * queries: their keys stay in memory for minutes, and this one would hold the password.
 */
export function usePasswordReport(question: PasswordCheck): PasswordReport | null {
  const asked = JSON.stringify(question);
  const [answer, setAnswer] = useState<{ asked: string; report: PasswordReport } | null>(null);
  useEffect(() => {
    const body = JSON.parse(asked) as PasswordCheck;
    if (body.password === "") return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      take(http.POST("/api/v1/password-check", { body, signal: abort.signal })).then(
        (report) => setAnswer({ asked, report }),
        // Without an answer the local rules apply; the server checks again when the form is sent.
        () => undefined,
      );
    }, REST);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [asked]);
  return answer?.asked === asked ? answer.report : null;
}
