/** Dialogs that are one form, or one question: what they say, what went wrong, and Cancel beside the button that does it. */
import { type FormEvent, type KeyboardEvent, type ReactNode, useId, useRef } from "react";
import { t } from "../i18n";
import { Button } from "./Button";
import { CancelButton, Dialog, type DialogProps } from "./Dialog";
import styles from "./Dialog.module.css";
import { FormProblem } from "./parts";
import { type Unsaved, useUnsavedDialog } from "./unsaved";
import { useLeadToFault } from "./useLeadToFault";

interface Sent {
  title: string;
  onClose: () => void;
  /** What the button says that does it, and what while it is being done. */
  submit: string;
  submitting?: string;
  look?: "primary" | "danger";
  isPending?: boolean;
  /** What went wrong, and what is said of it where that is not the problem's own text. */
  error?: unknown;
  problem?: string | undefined;
  children: ReactNode;
}

export interface FormDialogProps extends Sent, Pick<DialogProps, "size" | "isDismissable" | "place"> {
  /** Called by the button and by Enter in a field. */
  onSubmit: () => void;
  isDisabled?: boolean;
  /** Whether it holds something that is not saved (R0); or, where the form must say so itself, what it has for that. */
  isDirty?: boolean;
  unsaved?: Unsaved;
  /** How often it was submitted: where the form itself refused, its first field in error gets the focus. */
  tries?: number;
  /** Beside Cancel. */
  actions?: ReactNode;
}

const words = ({ submit, submitting = submit, isPending }: Sent): string => (isPending ? submitting : submit);

const Problem = ({ error, problem }: Sent) => <FormProblem error={error} {...(problem === undefined ? {} : { title: problem })} />;

export function FormDialog(props: FormDialogProps) {
  const { title, onClose, onSubmit, look = "primary", isPending = false, isDisabled = false, isDirty = false, unsaved, tries = 0, actions, size = "md", place, isDismissable = false, children } = props;
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const own = useUnsavedDialog(isDirty);
  useLeadToFault(form, tries);
  const submitted = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  // The browser would press the button for Enter; react-aria takes that for an assistive technology, waits for the button's
  // transition, which goes with the dialog, and gives the focus to nothing.
  const entered = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key !== "Enter" || event.defaultPrevented || event.nativeEvent.isComposing || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    if (!isPending && !isDisabled) event.currentTarget.requestSubmit();
  };
  return (
    <Dialog
      title={title}
      isOpen
      onClose={onClose}
      size={size}
      {...(place && { place })}
      isDismissable={isDismissable}
      unsaved={unsaved ?? own}
      actions={
        <>
          {actions}
          <CancelButton />
          <Button look={look} type="submit" form={id} isPending={isPending} isDisabled={isDisabled}>
            {words(props)}
          </Button>
        </>
      }
    >
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Enter in a field, as said above */}
      <form ref={form} id={id} noValidate onSubmit={submitted} onKeyDown={entered} className={styles.form}>
        {children}
        <Problem {...props} />
      </form>
    </Dialog>
  );
}

/** Asks before something is done that cannot be undone at once; Cancel has the focus. */
export function ConfirmDialog(props: Sent & { onConfirm: () => void }) {
  const { title, onClose, onConfirm, look = "danger", isPending = false, children } = props;
  return (
    <Dialog
      role="alertdialog"
      size="sm"
      title={title}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button autoFocus onPress={onClose}>
            {t.common.cancel}
          </Button>
          <Button look={look} isPending={isPending} onPress={onConfirm}>
            {words(props)}
          </Button>
        </>
      }
    >
      {children}
      <Problem {...props} />
    </Dialog>
  );
}
