import { t } from "../i18n";
import { time } from "../i18n/format";
import { Icon } from "../ui/icons";
import styles from "./ReachStatus.module.css";
import { useZone } from "./session";
import { useAwaySince } from "./useReach";

/** F3: one slim line while the server cannot be reached, and since when. */
export function ReachStatus() {
  const since = useAwaySince();
  const zone = useZone();
  return (
    // Always present, so that assistive technology announces what is added.
    <div role="status">
      {since !== null && (
        <p className={styles.line}>
          <Icon name="offline" size={16} />
          {t.common.away(time(new Date(since).toISOString(), zone))}
        </p>
      )}
    </div>
  );
}
