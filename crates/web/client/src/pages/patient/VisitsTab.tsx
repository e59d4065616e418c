import { useQuery } from "@tanstack/react-query";
import { useId, useMemo, useRef, useState } from "react";
import { fieldMessages } from "../../api/problem";
import type { ListedEntry } from "../../api/types";
import { useNow } from "../../app/clock";
import { later } from "../../app/later";
import { useMe, useZone } from "../../app/session";
import { t } from "../../i18n";
import { tags as texts } from "../../i18n/tags";
import { dateProblem } from "../../i18n/dateProblem";
import { dateTime, instantFromWall, longDay, wallFromInstant } from "../../i18n/format";
import { isHalvedClock } from "../../rules/dateParts";
import { entriesQuery, useCreateEntry } from "../../resources/entries";
import { PickMark } from "../../select/PickMark";
import { alongRows, HELP } from "../../select/toggle";
import { type Pick, useSelection } from "../../select/useSelection";
import { TagChips } from "../../tags/TagChips";
import { EditableTags } from "../../tags/ThingTags";
import { Button } from "../../ui/Button";
import { DateTimeField } from "../../ui/DateField";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
import { Badge, Empty, Failed, Skeleton } from "../../ui/parts";
import { toast } from "../../ui/toasts";
import styles from "./VisitsTab.module.css";

const v = t.record.visits;
const TagBar = later(() => import("../../select/TagBar").then((it) => it.TagBar));
/** The first year that the server takes for a visit. */
const EARLIEST = 1970;

export function VisitsTab({ patientId }: { patientId: string }) {
  const [creating, setCreating] = useState(false);
  const list = useQuery(entriesQuery(patientId));
  const entries = useMemo(() => (list.data?.entries ?? []).toSorted((a, b) => Date.parse(b.appointmentAt) - Date.parse(a.appointmentAt)), [list.data]);
  const start = useRef<HTMLButtonElement>(null);
  const visits = useRef<HTMLOListElement>(null);
  const { picked, pick, pickAll, begin, end } = useSelection(entries);
  const finish = () => {
    // What had the focus goes with the selection.
    if (visits.current?.contains(document.activeElement)) start.current?.focus();
    end();
  };
  const button = (
    <Button look="primary" icon="plus" onPress={() => setCreating(true)}>
      {v.new}
    </Button>
  );
  return (
    <>
      <header className={styles.head}>
        <h2>{v.title}</h2>
        {entries.length > 0 && (
          <div className={styles.tools}>
            <Button ref={start} aria-pressed={picked !== null} onPress={picked ? finish : begin}>
              {t.common.select}
            </Button>
            {button}
          </div>
        )}
      </header>
      {list.isPending && <Skeleton rows={3} shape="card" />}
      {list.isError && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && entries.length === 0 && (
        <Empty icon="calendar" title={v.emptyTitle} action={button}>
          {v.emptyText}
        </Empty>
      )}
      {/* The arrow keys are an addition; every visit is a checkbox while visits are being selected. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <ol ref={visits} className={styles.list} onKeyDown={(event) => alongRows(event, picked && pick)}>
        {entries.map((entry) => (
          <Visit key={entry.id} patientId={patientId} entry={entry} isPicked={picked && picked.has(entry.id)} onPick={pick} />
        ))}
      </ol>
      {picked && <TagBar kind="visits" picked={picked} shown={entries} isPart={false} onAll={pickAll} onNone={begin} onDone={finish} start={start} />}
      {creating && <NewVisitDialog patientId={patientId} onClose={() => setCreating(false)} />}
    </>
  );
}

interface VisitProps {
  patientId: string;
  entry: ListedEntry;
  /** Null while no visits are being selected. */
  isPicked: boolean | null;
  onPick: Pick;
}

function Visit({ patientId, entry, isPicked, onPick }: VisitProps) {
  const id = useId();
  const isSelecting = isPicked !== null;
  const zone = useZone();
  const isAhead = Date.parse(entry.appointmentAt) > useNow();
  return (
    <li className={styles.visit} data-ahead={isAhead || undefined} data-picked={isPicked ?? undefined}>
      {isSelecting && (
        <>
          <input
            type="checkbox"
            className={styles.pick}
            data-row={entry.id}
            aria-labelledby={`${id}-title ${id}-when`}
            aria-describedby={HELP}
            checked={isPicked}
            // The event of a click, also where the space bar made it.
            onChange={(event) => onPick(entry.id, (event.nativeEvent as unknown as MouseEvent).shiftKey ? "range" : "toggle")}
          />
          <PickMark isPicked={isPicked} />
        </>
      )}
      <p className={styles.when}>
        <time id={`${id}-when`} dateTime={entry.appointmentAt}>{dateTime(entry.appointmentAt, zone)}</time>
        {isAhead && <Badge tone="info">{v.upcoming}</Badge>}
      </p>
      <div className={styles.body}>
        <h3 id={`${id}-title`}>{entry.title || v.untitled}</h3>
        {entry.excerpt && <p className={styles.notes}>{entry.excerpt}</p>}
        {isSelecting ? <TagChips tags={entry.tags} /> : <EditableTags of={{ patientId, entryId: entry.id }} tags={entry.tags} title={texts.ofVisit} />}
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
