/** In the place of a part that could not be fetched: the server is away, or has been updated and no longer has this page's files. */
import { useEffect, useRef } from "react";
import { t } from "../i18n";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Empty } from "../ui/parts";
import { toast } from "../ui/toasts";
import { useAwaySince, useReturns } from "./useReach";

export type MissingLook = "page" | "section" | "dialog" | "toast";

interface Props {
  look: MissingLook;
  onRetry: () => void;
  /** Absent where a page, not something over it, is missing. */
  onClose?: () => void;
}

export function Missing({ look, onRetry, onClose }: Props) {
  const m = t.common.missing;
  const isAway = useAwaySince() !== null;
  const returns = useReturns();
  const before = useRef(returns);
  useEffect(() => {
    if (returns !== before.current) onRetry();
  }, [returns, onRetry]);
  useEffect(() => {
    if (look !== "toast") return;
    toast(isAway ? m.awayText : m.text, "bad");
    // It would open later over whatever is done then.
    onClose?.();
  }, [look, isAway, m, onClose]);
  if (look === "toast") return null;
  const words = (
    <div role="alert">
      <Empty
        icon="warn"
        title={isAway ? m.awayTitle : m.title}
        isPage={look === "page"}
        action={
          isAway ? (
            <Button icon="refresh" onPress={onRetry}>
              {t.common.retry}
            </Button>
          ) : (
            <Button look="primary" icon="refresh" onPress={() => location.reload()}>
              {t.common.reload}
            </Button>
          )
        }
      >
        {isAway ? m.awayText : m.text}
      </Empty>
    </div>
  );
  if (look !== "dialog" || !onClose) return words;
  return (
    <Dialog title={m.dialogTitle} isOpen onClose={onClose} size="sm">
      {words}
    </Dialog>
  );
}
