/** Downloads the selected photos as one ZIP: which files, for what, and the password; then how far it is (I5, R1). */
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { Link } from "wouter";
import { isProblem } from "../../../../api/problem";
import type { NewArchive } from "../../../../api/types";
import { t } from "../../../../i18n";
import { download as d } from "../../../../i18n/download";
import { consentsQuery } from "../../../../resources/consents";
import { archiveQuery, archiveUrl, saveArchive, useAskArchive, usePasswordEntered } from "../../../../resources/archives";
import { Button } from "../../../../ui/Button";
import { CancelButton, Dialog } from "../../../../ui/Dialog";
import { Select } from "../../../../ui/Field";
import { Banner, Choice, FormProblem } from "../../../../ui/parts";
import { PasswordField } from "../../../PasswordField";
import styles from "./Download.module.css";

export interface DownloadProps {
  patientId: string;
  /** In the order of the pool. */
  images: readonly string[];
  /** Which files are proposed. */
  files?: Form;
  onClose: () => void;
}

type Form = "display" | "originals";
type Purpose = keyof typeof d.purposes;

/** What needs no agreement: the practice's own care, and what the patient takes home. */
const ALWAYS: readonly string[] = ["clinical_record", "patient_copy"] satisfies Purpose[];

/** The purposes that no consent in force covers; none where that is not known, as the server says it then. */
function useNotAgreed(patientId: string): ReadonlySet<string> {
  const { data } = useQuery({ ...consentsQuery(patientId), staleTime: 0 });
  if (!data) return new Set();
  const agreed = new Set([...ALWAYS, ...data.consents.filter((it) => it.status === "given").flatMap((it) => it.purposes)]);
  return new Set(Object.keys(d.purposes).filter((it) => !agreed.has(it)));
}

export function DownloadDialog({ patientId, images, files = "display", onClose }: DownloadProps) {
  const form = useId();
  const entered = usePasswordEntered();
  // Where the server does not say, it will at the order.
  const needsPassword = !entered.isPending && !entered.isEntered;
  const notAgreed = useNotAgreed(patientId);
  // What is selected may change behind the dialog; this is about what was selected when it was opened.
  const [selected, setSelected] = useState(() => [...images]);
  const [which, setWhich] = useState<Form>(files);
  const [purpose, setPurpose] = useState("");
  const [password, setPassword] = useState("");
  const [isTried, setTried] = useState(false);
  const [archive, setArchive] = useState<string | null>(null);
  const ask = useAskArchive(patientId);
  const isRefused = notAgreed.has(purpose);
  const isWrong = isProblem(ask.error, "sign_in_failed");
  const isNeeded = isProblem(ask.error, "password_needed");

  const send = (these: string[]) => {
    const order: NewArchive = { images: these, form: which, purpose };
    ask.mutate(
      { order, password: needsPassword ? password : null, onConfirmed: () => entered.note(true) },
      {
        onSuccess: ({ id }) => {
          setArchive(id);
          saveArchive(id);
        },
        onError: (error) => {
          setArchive(null);
          if (isProblem(error, "password_needed")) entered.note(false);
        },
        onSettled: () => setPassword(""),
      },
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (purpose !== "" && !isRefused && (!needsPassword || password !== "")) send(selected);
  };
  const again = (without: string | undefined) => {
    const these = selected.filter((id) => id !== without);
    setSelected(these);
    send(these);
  };

  const following = useFollowing({ archive, selected, isAsking: ask.isPending, onAgain: again, onClose });
  // One dialog throughout, so that the focus returns to where it was when it was opened.
  if (following) {
    return (
      <Dialog title={d.title(selected.length)} isOpen onClose={onClose} actions={following.actions}>
        {following.content}
      </Dialog>
    );
  }
  const passwordError = isWrong ? d.passwordWrong : isNeeded || (isTried && !ask.error && password === "" && !ask.isPending) ? d.passwordMissing : undefined;
  const actions = (
    <>
      <CancelButton />
      <Button look="primary" type="submit" form={form} isDisabled={isRefused} isPending={ask.isPending || entered.isPending}>
        {d.start}
      </Button>
    </>
  );
  return (
    <Dialog title={d.title(selected.length)} isOpen onClose={onClose} actions={actions}>
      <form id={form} className={styles.form} noValidate onSubmit={submit}>
        <Choice
          label={d.form}
          name="form"
          value={which}
          onChange={setWhich}
          options={[
            { value: "display", name: d.display, text: d.displayText },
            { value: "originals", name: d.originals, text: d.originalsText },
          ]}
        />
        <Select
          label={d.purpose}
          name="purpose"
          value={purpose}
          onChange={setPurpose}
          options={[{ value: "", label: d.purposeNone }, ...Object.entries(d.purposes).map(([value, label]) => ({ value, label: notAgreed.has(value) ? d.notAgreed(label) : label }))]}
          help={d.purposeHelp}
          error={isTried && purpose === "" ? d.purposeMissing : undefined}
        />
        {isRefused && (
          <Banner
            tone="warn"
            icon="consent"
            role="status"
            action={
              <Link href={`/patients/${patientId}/consent?record=1`} className={styles.save}>
                {d.record}
              </Link>
            }
          >
            {d.notAgreedText}
          </Banner>
        )}
        {needsPassword && !isRefused && (
          <div>
            <PasswordField
              label={d.password}
              // A browser must not fill in what it knows: the question is who is there.
              isNew
              value={password}
              onChange={setPassword}
              error={passwordError}
            />
            <p className={styles.help}>{d.passwordHelp}</p>
          </div>
        )}
        <p className={styles.help}>{d.saves(selected.length)}</p>
      </form>
      {ask.error && !isWrong && !isNeeded && <FormProblem error={ask.error} />}
    </Dialog>
  );
}

interface Followed {
  archive: string | null;
  selected: readonly string[];
  isAsking: boolean;
  onAgain: (without: string | undefined) => void;
  onClose: () => void;
}

/** How the download goes and what can be done about it; null before it was asked for. */
function useFollowing({ archive, selected, isAsking, onAgain, onClose }: Followed) {
  const { data, error } = useQuery({ ...archiveQuery(archive ?? ""), enabled: archive !== null });
  if (archive === null) return null;
  const isLost = isProblem(error, "not_found");
  const stage = isLost ? "stopped" : (data?.stage ?? "ready");
  const { sent = 0, of = selected.length } = data ?? {};
  const isStopped = stage === "stopped";
  const bad = data?.imageId ?? undefined;
  const rest = bad === undefined ? selected.length : selected.length - 1;
  const actions = (
    <>
      <Button look={isStopped ? "quiet" : "primary"} onPress={onClose} autoFocus>
        {t.common.close}
      </Button>
      {isStopped && rest > 0 && (
        <Button look="primary" isPending={isAsking} onPress={() => onAgain(bad)}>
          {bad === undefined ? d.again : d.without}
        </Button>
      )}
    </>
  );
  const content = (
    <div className={styles.form}>
      {stage === "sent" && <Banner tone="good" role="status">{d.sent(of)}</Banner>}
      {isStopped && (
        <Banner tone="bad" role="alert">
          <p>{isLost ? d.lost : d.stopped(sent, of)}</p>
          {data?.reason && <p>{reasonOf(data.reason)}</p>}
          {bad !== undefined && <p>{d.which(selected.indexOf(bad) + 1)}</p>}
          {!isLost && <p>{d.stoppedHelp}</p>}
        </Banner>
      )}
      {(stage === "ready" || stage === "sending") && (
        <>
          <progress className={styles.progress} value={sent} max={of} aria-label={d.running(sent, of)} />
          <p role="status">{stage === "ready" ? d.ready : d.running(sent, of)}</p>
          <p className={styles.help}>{d.runningHelp}</p>
        </>
      )}
      {stage === "ready" && (
        <a className={styles.save} href={archiveUrl(archive)} download="photos.zip">
          {d.save}
        </a>
      )}
    </div>
  );
  return { actions, content };
}

const reasonOf = (code: string): string => (d.reasons as Readonly<Record<string, string>>)[code] ?? code;
