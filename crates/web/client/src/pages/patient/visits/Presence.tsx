/** Which other devices of this account have the visit open. */
import { t } from "../../../i18n";
import { visits as v } from "../../../i18n/visits";
import type { Other } from "../../../live";
import { Icon } from "../../../ui/icons";
import { deviceOf } from "../../activity/sentence";
import styles from "./Visit.module.css";

export function Presence({ others }: { others: readonly Other[] }) {
  const devices = [...new Set(others.map((it) => deviceOf(it.device) ?? v.presence.elsewhere))];
  return (
    <p role="status" className={styles.presence} hidden={devices.length === 0}>
      {devices.length > 0 && (
        <>
          <Icon name="devices" size={16} />
          <span>
            {devices.length === 1 ? v.presence.one(devices[0] ?? "") : v.presence.many(new Intl.ListFormat(t.locale, { type: "conjunction" }).format(devices))}
          </span>
        </>
      )}
    </p>
  );
}
