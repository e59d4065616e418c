/** E5: what is added to a visit after it was signed, each with its author and time. */
import { useRef, useState } from "react";
import { explain, fieldMessages } from "../../../api/problem";
import type { Visit } from "../../../resources/visitLayout";
import { useZone } from "../../../app/session";
import { dateTime } from "../../../i18n/format";
import { visits as v } from "../../../i18n/visits";
import { useAddAddendum } from "../../../resources/visits";
import { Button } from "../../../ui/Button";
import { TextField } from "../../../ui/Field";
import { toast } from "../../../ui/toasts";
import { useUnsaved } from "../../../ui/unsaved";
import { useLeadToFault } from "../../../ui/useLeadToFault";
import { Rendered } from "./notes/Rendered";
import styles from "./Visit.module.css";

const a = v.addenda;

export function Addenda({ patientId, visit }: { patientId: string; visit: Visit }) {
  const zone = useZone();
  const [text, setText] = useState("");
  const [tries, setTries] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const add = useAddAddendum(patientId, visit.id, () => toast(a.added));
  useUnsaved(text.trim() !== "");
  const isMissing = tries > 0 && text.trim() === "";
  useLeadToFault(form, isMissing ? tries : 0);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    setTries(tries + 1);
    if (text.trim() === "" || add.isPending) return;
    add.mutate(text.trim(), {
      onSuccess: () => {
        setText("");
        setTries(0);
      },
    });
  };
  return (
    <section aria-labelledby="addenda-title" className={styles.addenda}>
      <h3 id="addenda-title">{a.title}</h3>
      {visit.addenda.length > 0 && (
        <ol>
          {visit.addenda.map((it) => (
            <li key={it.id} className={styles.addendum}>
              <p className={styles.addendumBy}>{a.by(it.by.name, dateTime(it.at, zone))}</p>
              <Rendered text={it.text} />
            </li>
          ))}
        </ol>
      )}
      <form ref={form} noValidate onSubmit={submit} className={styles.addendumForm}>
        <TextField
          label={a.label}
          rows={3}
          value={text}
          onChange={(next) => {
            setText(next);
            if (add.isError) add.reset();
          }}
          error={isMissing ? a.needed : add.error ? (Object.values(fieldMessages(add.error))[0] ?? explain(add.error)) : undefined}
        />
        <Button type="submit" isPending={add.isPending}>
          {add.isPending ? a.adding : a.add}
        </Button>
      </form>
    </section>
  );
}
