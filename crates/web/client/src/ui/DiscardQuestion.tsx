import { t } from "../i18n";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { useQuestion } from "./unsaved";

/** R0: asked before anything that was typed is lost. */
export function DiscardQuestion() {
  const answer = useQuestion();
  return (
    <Dialog
      role="alertdialog"
      size="sm"
      title={t.discard.title}
      isOpen={answer !== null}
      onClose={() => answer?.(false)}
      actions={
        <>
          <Button look="danger" onPress={() => answer?.(true)}>
            {t.discard.yes}
          </Button>
          <Button look="primary" autoFocus onPress={() => answer?.(false)}>
            {t.discard.no}
          </Button>
        </>
      }
    >
      <p>{t.discard.text}</p>
    </Dialog>
  );
}
