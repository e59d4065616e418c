/** Where a form was refused, its first field with an error comes into sight and gets the focus. */
import { type RefObject, useEffect } from "react";

const FAULTY = '[aria-invalid="true"], [data-invalid][tabindex]';

/** For what a form refuses by itself; `tries` counts how often it was submitted. What the server refuses is FormProblem's. */
export function useLeadToFault(form: RefObject<HTMLElement | null>, tries: number): void {
  useEffect(() => {
    if (tries > 0) leadToFault(form.current);
  }, [form, tries]);
}

export function leadToFault(around: Element | null | undefined): void {
  const field = around?.querySelector<HTMLElement>(FAULTY);
  field?.focus({ preventScroll: true });
  field?.scrollIntoView({ block: "center" });
}
