/** Where a form was refused, here or by the server, its first field with an error comes into sight and gets the focus. */
import { type RefObject, useEffect } from "react";

const FAULTY = '[aria-invalid="true"], [data-invalid][tabindex]';

/** `tries` counts how often the form was submitted, `refusal` is what the server said to it. */
export function useLeadToFault(form: RefObject<HTMLFormElement | null>, tries: number, refusal: unknown): void {
  useEffect(() => {
    if (tries > 0) leadToFault(form.current);
  }, [form, tries]);
  useEffect(() => {
    if (refusal) leadToFault(form.current);
  }, [form, refusal]);
}

function leadToFault(form: HTMLFormElement | null): void {
  const field = form?.querySelector<HTMLElement>(FAULTY);
  field?.focus({ preventScroll: true });
  field?.scrollIntoView({ block: "center" });
}
