/** One line that says whether the comparison is saved. Announced only when it changes for the worse. */
import { compare as t } from "../i18n/compare";
import { time } from "../i18n/format";
import { Button } from "../ui/Button";
import { Icon } from "../ui/icons";
import styles from "./Compare.module.css";
import type { Status } from "./store";

interface Props {
  status: Status;
  zone: string | undefined;
  onSave: () => void;
  onRetry: () => void;
  onClash: () => void;
}

export function SaveState({ status, zone, onSave, onRetry, onClash }: Props) {
  if (status.state === "unsaved") {
    return (
      <Button size="sm" onPress={onSave}>
        {t.save}
      </Button>
    );
  }
  if (status.state === "signed") {
    return (
      <div className={styles.status} data-state={status.state}>
        <p role="status">
          <Icon name="lock" size={15} />
          {t.signed}
        </p>
      </div>
    );
  }
  return (
    <div className={styles.status} data-state={status.state}>
      {(status.state === "saved" || status.state === "saving") && (
        <p>
          {status.state === "saved" && <Icon name="check" size={15} />}
          {status.state === "saving" ? t.saving : status.at === null ? t.saved : t.savedAt(time(new Date(status.at).toISOString(), zone))}
        </p>
      )}
      <div role="status">
        {status.state === "failed" && (
          <p>
            <Icon name="warn" size={15} />
            {t.notSaved(status.why)}
          </p>
        )}
        {status.state === "clash" && (
          <p>
            <Icon name="warn" size={15} />
            <span className="visually-hidden">{t.needsChoice}</span>
          </p>
        )}
      </div>
      {status.state === "failed" && (
        <Button size="sm" icon="refresh" onPress={onRetry}>
          {t.retry}
        </Button>
      )}
      {status.state === "clash" && (
        <Button size="sm" onPress={onClash}>
          {t.needsChoice}
        </Button>
      )}
    </div>
  );
}
