/** The comparisons of a visit, each with small previews. They are made from photos that are selected, and opened on a page of their own. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { explain } from "../../../api/problem";
import type { Comparison } from "../../../api/types";
import { named } from "../../../i18n";
import { visits as v } from "../../../i18n/visits";
import { useDeleteComparison, workspaceQuery } from "../../../resources/workspace";
import { IconButton } from "../../../ui/Button";
import { ConfirmDialog } from "../../../ui/FormDialog";
import { Failed, Skeleton } from "../../../ui/parts";
import { toast } from "../../../ui/toasts";
import { Thumb } from "../photos/Thumb";
import { comparisonPath } from "./addresses";
import styles from "./Comparisons.module.css";

const c = v.comparisons;
/** More previews than these say nothing more. */
const PREVIEWS = 4;

interface Props {
  patientId: string;
  entryId: string;
  isSigned: boolean;
}

export function ComparisonList({ patientId, entryId, isSigned }: Props) {
  const { data, error, refetch } = useQuery(workspaceQuery(patientId, entryId));
  const [deleting, setDeleting] = useState<Comparison | null>(null);
  const remove = useDeleteComparison(patientId);
  if (!data) return error ? <Failed error={error} onRetry={() => void refetch()} /> : <Skeleton rows={1} shape="card" />;
  if (data.comparisons.length === 0) return <p className={styles.empty}>{c.empty}</p>;
  const close = () => {
    remove.reset();
    setDeleting(null);
  };
  return (
    <>
      <ul className={styles.list}>
        {data.comparisons.map((it) => {
          const title = it.title || c.untitled;
          return (
            <li key={it.id} className={styles.card}>
              <Link href={comparisonPath(patientId, it.id)} className={styles.link}>
                <span className={styles.previews} aria-hidden="true">
                  {it.images.slice(0, PREVIEWS).map((id) => (
                    <span key={id} className={styles.preview}>
                      <Thumb patientId={patientId} image={{ id }} />
                    </span>
                  ))}
                </span>
                <span className={styles.words}>
                  <span className={styles.name}>{title}</span>
                  <span className={styles.facts}>
                    {named(c.modes, it.mode)} · {c.photos(it.images.length)}
                  </span>
                </span>
              </Link>
              {!isSigned && <IconButton icon="trash" label={c.deleteNamed(title)} onPress={() => setDeleting(it)} />}
            </li>
          );
        })}
      </ul>
      {deleting && !isSigned && (
        <ConfirmDialog
          title={c.deleteTitle}
          submit={c.delete}
          isPending={remove.isPending}
          error={remove.error}
          problem={remove.error ? explain(remove.error) : undefined}
          onClose={close}
          onConfirm={() =>
            remove.mutate(deleting.id, {
              onSuccess: () => {
                setDeleting(null);
                toast(c.deleted);
              },
            })
          }
        >
          <p>{c.deleteText}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
