/** A comparison is saved in a visit: one that exists, or a new one. From then on it saves by itself. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fieldMessages } from "../api/problem";
import { compare as t } from "../i18n/compare";
import { dateTime } from "../i18n/format";
import { useSaveComparison } from "../resources/comparisons";
import { visitsQuery } from "../resources/visits";
import { Select, TextField } from "../ui/Field";
import { FormDialog } from "../ui/FormDialog";
import { Choice, Failed, Skeleton } from "../ui/parts";
import { type Group, LONGEST_TITLE } from "./group";
import type { Stored } from "./store";

interface Props {
  patientId: string;
  /** The visit that it was begun from. */
  entryId: string | undefined;
  group: Group;
  zone: string | undefined;
  onClose: () => void;
  onSaved: (comparisonId: string, stored: Stored, title: string | null) => void;
}

export function SaveDialog({ patientId, entryId, group, zone, onClose, onSaved }: Props) {
  const list = useInfiniteQuery(visitsQuery(patientId));
  const entries = (list.data?.pages ?? []).flatMap((it) => it.entries).filter((it) => it.signedAt === null);
  const [kind, setKind] = useState<"old" | "new" | null>(null);
  const [picked, setEntry] = useState(entryId ?? "");
  // Not one that is signed.
  const entry = entries.some((it) => it.id === picked) ? picked : (entries[0]?.id ?? "");
  const [visitTitle, setVisitTitle] = useState("");
  const [title, setTitle] = useState(group.title ?? "");
  const chosen = kind ?? (entries.length > 0 ? "old" : "new");
  const save = useSaveComparison(patientId);
  const messages = fieldMessages(save.error);
  const submit = () => {
    const name = title.trim() || null;
    const into = chosen === "new" ? { title: visitTitle.trim() || null } : { entryId: entry };
    save.mutate({ into, group: { ...group, title: name } }, {
      onSuccess: ({ id, stored }) => {
        onSaved(id, stored, name);
        onClose();
      },
    });
  };
  return (
    <FormDialog title={t.saveTitle} onClose={onClose} isDirty={visitTitle !== "" || title !== (group.title ?? "")} submit={t.saveNow} submitting={t.saving} isPending={save.isPending} isDisabled={list.isPending} error={save.error} onSubmit={submit}>
      {list.isPending && <Skeleton rows={2} />}
      {list.isError && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && (
        <>
          {entries.length > 0 ? (
            <Choice<"old" | "new">
              label={t.saveTo}
              name="save-to"
              columns
              value={chosen}
              onChange={setKind}
              options={[
                { value: "old", name: t.aVisit },
                { value: "new", name: t.newVisit },
              ]}
            />
          ) : (
            <p>{t.noVisits}</p>
          )}
          {chosen === "old" ? (
            <Select label={t.visit} value={entry} onChange={setEntry} options={entries.map((it) => ({ value: it.id, label: t.visitOf(dateTime(it.appointmentAt, zone), it.title ?? null) }))} />
          ) : (
            <TextField label={t.visitTitle} optional value={visitTitle} onChange={setVisitTitle} maxLength={LONGEST_TITLE} help={t.visitNow} autoComplete="off" />
          )}
          <TextField label={t.name} optional value={title} onChange={setTitle} maxLength={LONGEST_TITLE} autoComplete="off" error={messages.title} />
        </>
      )}
    </FormDialog>
  );
}
