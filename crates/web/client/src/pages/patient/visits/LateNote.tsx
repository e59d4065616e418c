/** R0: what was typed and could not be saved, because the visit was signed before it arrived. It stays until a person says what becomes of it. */
import { useState } from "react";
import { explain, fieldMessages } from "../../../api/problem";
import { useZone } from "../../../app/session";
import { dateTime } from "../../../i18n/format";
import { visits as v } from "../../../i18n/visits";
import type { Late } from "../../../live";
import { useAddAddendum } from "../../../resources/visits";
import { Button } from "../../../ui/Button";
import { ConfirmDialog } from "../../../ui/FormDialog";
import { Banner } from "../../../ui/parts";
import { toast } from "../../../ui/toasts";
import styles from "./Visit.module.css";

/** As many characters as the server takes in an addendum. */
const MOST_CHARACTERS = 16_000;
const w = v.late;

export function LateNote({ patientId, entryId, late: { field, text, drop } }: { patientId: string; entryId: string; late: Late }) {
  const zone = useZone();
  const [isAsking, setAsking] = useState(false);
  const add = useAddAddendum(patientId, entryId, () => {
    drop();
    toast(v.addenda.added);
  });
  const isNotes = field === "notes";
  const shown = field === "appointmentAt" ? dateTime(text, zone) : text;
  const size = Array.from(text.trim()).length;
  const isTooLong = isNotes && size > MOST_CHARACTERS;
  const copy = () => {
    // Without a safe connection there is no clipboard.
    const copied = navigator.clipboard?.writeText(shown) ?? Promise.reject(new Error("no clipboard"));
    copied.then(
      () => toast(w.copied),
      () => toast(w.notCopied, "bad"),
    );
  };
  return (
    <Banner tone="bad" role="alert">
      <div className={styles.late} data-testid="late">
        <p>
          <strong>{w.title}: {v.clash.fields[field]}.</strong> {w.help}
        </p>
        <p className={styles.lateText}>{shown.trim() === "" ? v.clash.none : shown}</p>
        {isTooLong && <p>{w.tooLong(MOST_CHARACTERS, size)}</p>}
        {add.error && <p>{Object.values(fieldMessages(add.error))[0] ?? explain(add.error)}</p>}
        <div className={styles.actions}>
          {isNotes && (
            <Button size="sm" look="primary" isDisabled={isTooLong || text.trim() === ""} isPending={add.isPending} onPress={() => add.mutate(text.trim())}>
              {add.isPending ? v.addenda.adding : w.add}
            </Button>
          )}
          <Button size="sm" icon="copy" onPress={copy}>
            {w.copy}
          </Button>
          <Button size="sm" isDisabled={add.isPending} onPress={() => setAsking(true)}>
            {w.discard}
          </Button>
        </div>
        {isAsking && (
          <ConfirmDialog title={w.discardTitle} submit={w.discard} onClose={() => setAsking(false)} onConfirm={drop}>
            <p>{w.discardText}</p>
          </ConfirmDialog>
        )}
      </div>
    </Banner>
  );
}
