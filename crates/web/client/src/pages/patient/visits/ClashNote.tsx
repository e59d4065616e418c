/** F8: two devices changed the same. Nothing is chosen beforehand, both values are shown, and nothing is lost until a person decides. */
import { useState } from "react";
import { useZone } from "../../../app/session";
import { dateTime } from "../../../i18n/format";
import { visits as v } from "../../../i18n/visits";
import type { Choice as Chosen, Clash } from "../../../live";
import { Button } from "../../../ui/Button";
import { FormDialog } from "../../../ui/FormDialog";
import { Banner, Choice, type ChoiceOption } from "../../../ui/parts";
import { differing } from "./differing";
import styles from "./Visit.module.css";

type Keep = "mine" | "theirs" | "both";

/** Both texts of the notes, the saved one first. */
const bothOf = ({ mine, theirs }: Clash): string => `${theirs.replace(/\n+$/, "")}\n\n${mine}`;

export function ClashNote({ clash, onChoose }: { clash: Clash; onChoose: (choice: Chosen) => void }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Banner
        tone="warn"
        action={
          <Button size="sm" look="primary" onPress={() => setOpen(true)}>
            {v.status.choose}
          </Button>
        }
      >
        {v.clash.title}: {v.clash.fields[clash.field]}.
      </Banner>
      {isOpen && <ClashDialog clash={clash} onChoose={onChoose} onClose={() => setOpen(false)} />}
    </>
  );
}

function ClashDialog({ clash, onChoose, onClose }: { clash: Clash; onChoose: (choice: Chosen) => void; onClose: () => void }) {
  const zone = useZone();
  const [keep, setKeep] = useState<Keep | null>(null);
  const { field, by, at } = clash;
  const isNotes = field === "notes";
  const isDate = field === "appointmentAt";
  const parts = isNotes ? differing(clash.mine, clash.theirs) : clash;
  const shown = (value: string): string => (isDate && value ? dateTime(value, zone) : value.trim() === "" ? v.clash.none : value);
  const options: ChoiceOption<Keep>[] = [
    { value: "mine", name: v.clash.mine, text: shown(parts.mine) },
    { value: "theirs", name: v.clash.theirs, text: shown(parts.theirs) },
  ];
  const hasBoth = isNotes && clash.mine.trim() !== "" && clash.theirs.trim() !== "";
  if (hasBoth) options.push({ value: "both", name: v.clash.both, text: shown(differing(bothOf(clash), clash.theirs).mine) });
  const submit = () => {
    if (keep === null) return;
    onChoose(keep === "both" ? { text: bothOf(clash) } : keep);
    onClose();
  };
  return (
    <FormDialog title={v.clash.title} size="lg" submit={v.clash.submit} isDisabled={keep === null} onSubmit={submit} onClose={onClose}>
      <p>{v.clash.text}</p>
      <div className={styles.clash}>
        <Choice<Keep> label={v.clash.fields[field]} help={by && at ? v.clash.by(by.name, dateTime(at, zone)) : undefined} name="visit-clash" value={keep} onChange={setKeep} options={options} />
      </div>
    </FormDialog>
  );
}
