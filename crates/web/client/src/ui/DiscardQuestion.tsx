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
          <Button look="primary" autoFocus onPress={stay}>
            {words.no}
          </Button>
        </>
      }
    >
      <p>{words.text}</p>
    </Dialog>
  );
}
