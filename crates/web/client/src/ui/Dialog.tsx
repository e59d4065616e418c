/** A modal dialog: a card in the middle, a sheet from below on a phone. Title, scrolling body, problems and actions that stay. */
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Dialog as AriaDialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { t } from "../i18n";
import { Button, IconButton } from "./Button";
import styles from "./Dialog.module.css";
import { discarding, type Scope, ScopeContext, type Unsaved } from "./unsaved";

export interface DialogProps {
  title: string;
  isOpen: boolean;
  /** Called once nothing that was typed is lost by it, or the person agreed to that (R0). */
  onClose: () => void;
  children: ReactNode;
  actions?: ReactNode;
  size?: "sm" | "md" | "lg" | "xl";
  role?: "dialog" | "alertdialog";
  /** Down in the corner, and the page beneath in sight: for what is asked about something that is seen there. */
  place?: "end";
  /** False where typed text could be lost: then only its buttons and Escape close it. */
  isDismissable?: boolean;
  /** What the form that draws it holds. Forms further down say so themselves, by `useUnsaved`. */
  unsaved?: Unsaved;
}

interface Around {
  readonly close: () => void;
  /** Where problems are shown: above the actions, which never scroll away (F9). */
  readonly problems: HTMLElement | null;
}

const DialogContext = createContext<Around | null>(null);

/** The dialog around, if there is one. */
export const useDialog = (): Around | null => use(DialogContext);

export function Dialog(props: DialogProps) {
  const { title, isOpen, onClose, children, actions, size = "md", role = "dialog", place, isDismissable = true, unsaved } = props;
  const [own] = useState<Scope>(() => new Set());
  const scope = unsaved?.scope ?? own;
  const [problems, setProblems] = useState<HTMLElement | null>(null);
  const latest = useRef(onClose);
  useEffect(() => {
    latest.current = onClose;
  });
  const close = useCallback(() => discarding(() => latest.current(), scope), [scope]);
  const around = useMemo(() => ({ close, problems }), [close, problems]);
  return (
    <ModalOverlay
      isOpen={isOpen}
      isDismissable={isDismissable && role === "dialog"}
      isKeyboardDismissDisabled={false}
      onOpenChange={(open) => {
        if (!open) close();
      }}
      className={styles.overlay ?? ""}
      data-place={place}
    >
      <Modal className={styles.modal ?? ""} data-size={size}>
        <AriaDialog role={role} className={styles.dialog ?? ""}>
          <ScopeContext value={scope}>
            <DialogContext value={around}>
              <header className={styles.header}>
                <Heading slot="title" level={2} className={styles.title ?? ""}>
                  {title}
                </Heading>
                {role === "dialog" && <IconButton icon="close" label={t.common.close} tip={false} onPress={close} />}
              </header>
              <div className={styles.body}>{children}</div>
              <footer className={styles.footer}>
                <div ref={setProblems} className={styles.problems} />
                {actions && <div className={styles.actions}>{actions}</div>}
              </footer>
            </DialogContext>
          </ScopeContext>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Closes the dialog around it, as Escape does. */
export function CancelButton({ autoFocus = false }: { autoFocus?: boolean }) {
  const dialog = useDialog();
  return (
    <Button autoFocus={autoFocus} onPress={() => dialog?.close()}>
      {t.common.cancel}
    </Button>
  );
}
