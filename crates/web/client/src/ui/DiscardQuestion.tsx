import { t } from "../i18n";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { useQuestion } from "./unsaved";

/** R0: asked before anything that was typed is lost. */
export function DiscardQuestion() {
  const question = useQuestion();
  const words = question?.words ?? t.discard;
  return (
    <Dialog
      role="alertdialog"
      size="sm"
      title={words.title}
      isOpen={question !== null}
      onClose={() => question?.answer(false)}
      actions={
        <>
          <Button look="danger" onPress={() => question?.answer(true)}>
            {words.yes}
          </Button>
          <Button look="primary" autoFocus onPress={() => question?.answer(false)}>
            {words.no}
          </Button>
        </>
      }
    >
      <p>{words.text}</p>
    </Dialog>
  );
}
