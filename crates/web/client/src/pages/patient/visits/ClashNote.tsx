/** F8: two devices changed the same. Nothing is chosen beforehand, both values are shown, and nothing is lost until a person decides. */
import { Fragment, useState } from "react";
import { useMe, useZone } from "../../../app/session";
import { dateTime } from "../../../i18n/format";
import { visits as v } from "../../../i18n/visits";
import type { Choice as Chosen, Clash, Other } from "../../../live";
import { keepBoth } from "../../../live/merge";
import { Button } from "../../../ui/Button";
import { FormDialog } from "../../../ui/FormDialog";
import { Banner, Choice, type ChoiceOption } from "../../../ui/parts";
import { deviceOf } from "../../activity/sentence";
import { piecesOf } from "./pieces";
import styles from "./Visit.module.css";

type Keep = "mine" | "theirs" | "both";

export function ClashNote({ clash, onOpen }: { clash: Clash; onOpen: () => void }) {
  return (
    <Banner
      tone="warn"
      action={
        <Button size="sm" look="primary" onPress={onOpen}>
          {v.status.choose}
        </Button>
      }
    >
      {v.clash.title}: {v.clash.fields[clash.field]}.
    </Banner>
  );
}

/** One's own change comes from a device. Which one is certain only where there is one. */
function otherDevice(others: readonly Other[]): string {
  const devices = new Set(others.map((it) => deviceOf(it.device)));
  const [device] = devices;
  return (devices.size === 1 && device) || v.clash.otherDevice;
}

/** The lines that differ from the other texts, marked. */
function Marked({ text, others }: { text: string; others: readonly string[] }) {
  const pieces = piecesOf(text, others);
  return pieces.map((piece, at) => (
    // oxlint-disable-next-line react/no-array-index-key -- the pieces have nothing but their places
    <Fragment key={at}>
      {at > 0 && "\n"}
      {piece.isDiffering ? <mark>{piece.text}</mark> : piece.text}
    </Fragment>
  ));
}

export function ClashDialog({ clash, others, onChoose, onClose }: { clash: Clash; others: readonly Other[]; onChoose: (choice: Chosen) => void; onClose: () => void }) {
  const zone = useZone();
  const { username } = useMe();
  const [keep, setKeep] = useState<Keep | null>(null);
  const { field, mine, theirs, base, by, at } = clash;
  const isNotes = field === "notes";
  const both = isNotes ? keepBoth(base, theirs, mine) : null;
  const shown = (value: string, ...against: string[]) => {
    if (value.trim() === "") return v.clash.none;
    return isNotes ? <Marked text={value} others={against} /> : field === "appointmentAt" ? dateTime(value, zone) : value;
  };
  const options: ChoiceOption<Keep>[] = [
    { value: "mine", name: v.clash.mine, text: shown(mine, theirs) },
    { value: "theirs", name: v.clash.theirs, text: shown(theirs, mine) },
  ];
  if (both !== null && mine.trim() !== "" && theirs.trim() !== "") options.push({ value: "both", name: v.clash.both, text: shown(both, mine, theirs) });
  const submit = () => {
    if (keep === null) return;
    onChoose(keep === "both" && both !== null ? { text: both } : keep === "theirs" ? keep : "mine");
    onClose();
  };
  const who = by && (by.username === username ? v.clash.on(otherDevice(others)) : v.clash.by(by.name));
  return (
    <FormDialog title={v.clash.title} size="lg" submit={v.clash.submit} isDisabled={keep === null} onSubmit={submit} onClose={onClose}>
      <p>{v.clash.text}</p>
      <div className={styles.clash}>
        <Choice<Keep> label={v.clash.fields[field]} help={who && at ? v.clash.changed(who, dateTime(at, zone)) : undefined} name="visit-clash" value={keep} onChange={setKeep} options={options} />
      </div>
    </FormDialog>
  );
}
