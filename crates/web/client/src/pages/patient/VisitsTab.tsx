import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fieldMessages } from "../../api/problem";
import type { ListedEntry } from "../../api/types";
import { useNow } from "../../app/clock";
import { useMe, useZone } from "../../app/session";
import { t } from "../../i18n";
import { tags as texts } from "../../i18n/tags";
import { dateProblem } from "../../i18n/dateProblem";
import { dateTime, instantFromWall, longDay, wallFromInstant } from "../../i18n/format";
import { isHalvedClock } from "../../rules/dateParts";
import { entriesQuery, useCreateEntry } from "../../resources/entries";
import { EditableTags } from "../../tags/ThingTags";
import { Button } from "../../ui/Button";
import { DateTimeField } from "../../ui/DateField";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
import { Badge, Empty, Failed, Skeleton } from "../../ui/parts";
import { toast } from "../../ui/toasts";
import styles from "./VisitsTab.module.css";

const v = t.record.visits;
/** The first year that the server takes for a visit. */
const EARLIEST = 1970;

export function VisitsTab({ patientId }: { patientId: string }) {
  const [creating, setCreating] = useState(false);
  const list = useQuery(entriesQuery(patientId));
  const entries = (list.data?.entries ?? []).toSorted((a, b) => Date.parse(b.appointmentAt) - Date.parse(a.appointmentAt));
  const button = (
    <Button look="primary" icon="plus" onPress={() => setCreating(true)}>
      {v.new}
    </Button>
  );
  return (
    <>
      <header className={styles.head}>
        <h2>{v.title}</h2>
        {entries.length > 0 && button}
      </header>
      {list.isPending && <Skeleton rows={3} shape="card" />}
      {list.isError && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && entries.length === 0 && (
        <Empty icon="calendar" title={v.emptyTitle} action={button}>
          {v.emptyText}
        </Empty>
      )}
      <ol className={styles.list}>
        {entries.map((entry) => (
          <Visit key={entry.id} patientId={patientId} entry={entry} />
        ))}
      </ol>
      {creating && <NewVisitDialog patientId={patientId} onClose={() => setCreating(false)} />}
    </>
  );
}

function Visit({ patientId, entry }: { patientId: string; entry: ListedEntry }) {
  const zone = useZone();
  const isAhead = Date.parse(entry.appointmentAt) > useNow();
  return (
    <li className={styles.visit} data-ahead={isAhead || undefined}>
      <p className={styles.when}>
        <time dateTime={entry.appointmentAt}>{dateTime(entry.appointmentAt, zone)}</time>
        {isAhead && <Badge tone="info">{v.upcoming}</Badge>}
      </p>
      <div className={styles.body}>
        <h3>{entry.title || v.untitled}</h3>
        {entry.notes && <p className={styles.notes}>{entry.notes}</p>}
        <EditableTags of={{ patientId, entryId: entry.id }} tags={entry.tags} title={texts.ofVisit} />
        <p className={styles.author}>{v.by(entry.authorName)}</p>
      </div>
    </li>
  );
}

function NewVisitDialog({ patientId, onClose }: { patientId: string; onClose: () => void }) {
  const zone = useZone();
  const { practice } = useMe();
  const [start] = useState(() => wallFromInstant(Date.now(), zone));
  const [at, setAt] = useState(start);
  const [title, setTitle] = useState("");
  const [notes, setNotes] = useState("");
  const [tries, setTries] = useState(0);
  const create = useCreateEntry(patientId, () => toast(v.created));
  const messages = fieldMessages(create.error);
  const instant = instantFromWall(at, zone);
  const problem = dateProblem(at, { hasTime: true, isHalved: isHalvedClock(t.locale), earliest: EARLIEST }) ?? (instant === null ? v.atWrong : undefined);
  const submit = () => {
    setTries(tries + 1);
    // Given here, it is called only while this dialog is open: a late answer closes no dialog that was opened after it.
    if (instant !== null) create.mutate({ appointmentAt: instant, title: title.trim() || null, notes }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      title={v.new}
      onClose={onClose}
      isDirty={at !== start || title !== "" || notes !== ""}
      submit={v.create}
      submitting={t.common.saving}
      isPending={create.isPending}
      error={create.error}
      problem={Object.keys(messages).length > 0 ? t.problem.formHasErrors : undefined}
      tries={tries}
      onSubmit={submit}
    >
      <DateTimeField
        label={v.at}
        isRequired
        earliest={EARLIEST}
        zone={zone}
        help={v.atHelp(practice.timeZone, instant === null ? null : longDay(instant, zone))}
        value={at}
        onChange={(next) => {
          setAt(next);
          if (create.isError) create.reset();
        }}
        error={messages.appointmentAt ?? (tries > 0 ? problem : undefined)}
      />
      <TextField label={v.name} optional autoFocus autoComplete="off" value={title} onChange={setTitle} error={messages.title} />
      <TextField label={v.notes} optional rows={7} value={notes} onChange={setNotes} error={messages.notes} />
    </FormDialog>
  );
}
