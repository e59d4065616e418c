import { useEffect } from "react";
import { t } from "../i18n";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { useQuestion, type Words } from "./unsaved";

/** R0: asked before anything that was typed is lost. */
export function DiscardQuestion() {
  const question = useQuestion();
  const words: Words = question?.words ?? t.discard;
  const stay = () => {
    question?.answer(false);
    words.instead?.();
  };
  const { also } = words;
  return (
    <Dialog
      role="alertdialog"
      size="sm"
      title={words.title}
      isOpen={question !== null}
      onClose={() => question?.answer(false)}
      actions={
        <>
          <Button look={words.instead ? "secondary" : "danger"} onPress={() => question?.answer(true)}>
            {words.yes}
          </Button>
          {also && (
            <Button
              onPress={() => {
                question?.answer(false);
                also.act();
              }}
            >
              {also.label}
            </Button>
          )}
          <Button look="primary" autoFocus onPress={stay}>
            {words.no}
          </Button>
        </>
      }
    >
      <p>{words.text}</p>
      <GiveFocusBack />
    </Dialog>
  );
}

/** React-aria gives the focus back to what opened the question, a frame after it is gone; ours comes after it. */
const AFTER_RESTORE_MS = 60;
const FIELDS = "input:not(:disabled, [type=hidden]), select:not(:disabled), textarea:not(:disabled)";

/** What opened the question may be gone with what was discarded. Where a dialog stays open, it has the focus then, or no key would reach it. */
function GiveFocusBack() {
  useEffect(() => {
    const page = document;
    const give = () => {
      const { activeElement: holder } = page;
      // A dialog itself holds it where React-aria found no other place: keys reach it then, but nothing is marked as focused.
      if (holder !== null && holder !== page.body && !holder.matches("[role=dialog], [role=alertdialog]")) return;
      const open = [...page.querySelectorAll<HTMLElement>("[role=dialog]")].findLast((it) => it.closest("[data-exiting]") === null);
      (open?.querySelector<HTMLElement>(FIELDS) ?? open)?.focus();
    };
    return () => void setTimeout(give, AFTER_RESTORE_MS);
  }, []);
  return null;
}
