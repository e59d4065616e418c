/** E5: what is signed is shown before it is, and only what was shown can be signed. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { explain, isProblem } from "../../../api/problem";
import type { Visit } from "../../../resources/visitLayout";
import { visits as v } from "../../../i18n/visits";
import type { VisitDraft } from "../../../live";
import { useSignVisit } from "../../../resources/visits";
import { workspaceQuery } from "../../../resources/workspace";
import { ConfirmDialog } from "../../../ui/FormDialog";
import { toast } from "../../../ui/toasts";
import { unmarked } from "./notes/markdown";
import styles from "./Visit.module.css";

/** Lines of the notes that are shown, and characters of each. */
const LINES = 4;
const CHARACTERS = 200;
const s = v.sign;

function beginning(notes: string): string {
  const lines = unmarked(notes).split("\n");
  return [...lines.slice(0, LINES).map((line) => (line.length > CHARACTERS ? `${line.slice(0, CHARACTERS)}…` : line)), ...(lines.length > LINES ? ["…"] : [])].join("\n");
}

interface Props {
  patientId: string;
  visit: Visit;
  when: string;
  draft: VisitDraft;
  onClose: () => void;
}

export function SignDialog({ patientId, visit, when, draft, onClose }: Props) {
  const workspace = useQuery(workspaceQuery(patientId, visit.id)).data;
  const sign = useSignVisit(patientId, visit.id, () => toast(s.done));
  const { title, appointmentAt, notes, entry } = draft;
  const content = JSON.stringify([appointmentAt.value, title.value, notes.value]);
  const [seen, setSeen] = useState(content);
  const [wasChanged, setChanged] = useState(false);
  const isRefused = isProblem(sign.error, "stale_version");
  const isSaved = draft.status.kind === "saved" && entry !== null;
  const confirm = () => {
    // A finger that was on its way when another device changed the visit signs nothing.
    setSeen(content);
    setChanged(content !== seen);
    if (!isSaved) draft.flush();
    else if (content === seen) sign.mutate(entry.versions, { onSuccess: onClose });
  };
  const facts: readonly (readonly [string, string])[] = [
    [v.at, when],
    [v.name, title.value.trim() || s.noTitle],
    [v.notes.label, beginning(notes.value) || s.noNotes],
    [v.sections.workspace, workspace ? String(workspace.images.length) : "…"],
    [v.sections.comparisons, workspace ? String(workspace.comparisons.length) : "…"],
  ];
  return (
    <ConfirmDialog
      title={s.title}
      submit={s.submit}
      submitting={s.signing}
      look="primary"
      isPending={sign.isPending}
      error={isRefused ? null : sign.error}
      problem={sign.error ? explain(sign.error) : undefined}
      onClose={onClose}
      onConfirm={confirm}
    >
      <dl className={styles.signed}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p>{s.text}</p>
      {!isSaved && <p role="status">{s.notYet}</p>}
      {(wasChanged || isRefused || content !== seen) && <p role="alert">{s.changed}</p>}
    </ConfirmDialog>
  );
}
