/** Where photos will be: what is on its way into this pool (F12). */
import { useMemo } from "react";
import { t } from "../../../i18n";
import { Preview } from "../../../upload/Preview";
import { isLeft, type Item } from "../../../upload/queue";
import { usePatientUploads } from "../../../upload/useUploads";
import styles from "./Arriving.module.css";

/** More than fill a screen tell nothing more. */
const SHOWN = 40;

/** What has no photo in the pool yet. One that is in shows here until the pool was asked again, so that nothing flickers. */
export function useArriving(patientId: string, poolAsked: number): readonly Item[] {
  const mine = usePatientUploads(patientId);
  return useMemo(
    () => mine.filter((item) => isLeft(item) || (item.state.kind === "stored" && item.state.at > poolAsked)),
    [mine, poolAsked],
  );
}

export function Arriving({ items }: { items: readonly Item[] }) {
  if (items.length === 0) return null;
  return (
    <section className={styles.arriving} aria-label={t.upload.arriving}>
      <h2>{t.upload.arriving}</h2>
      <ul className={styles.tiles}>
        {items.slice(0, SHOWN).map((item) => (
          <li key={item.id} className={styles.tile} data-kind={item.state.kind}>
            <span className="visually-hidden">{item.name}</span>
            <Preview item={item} />
            <span className={styles.done} style={{ inlineSize: `${Math.round(sentOf(item) * 100)}%` }} />
          </li>
        ))}
      </ul>
      {items.length > SHOWN && <p>{t.upload.more(items.length - SHOWN)}</p>}
    </section>
  );
}

function sentOf({ state, size }: Item): number {
  if (state.kind === "stored") return 1;
  return state.kind === "sending" ? state.sent / Math.max(1, size) : 0;
}
