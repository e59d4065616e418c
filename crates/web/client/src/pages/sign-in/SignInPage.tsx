import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { explain, isProblem } from "../../api/problem";
import { later } from "../../app/later";
import { type Ending, useSession } from "../../app/session";
import type { SessionInfo } from "../../api/types";
import { useTitle } from "../../app/useTitle";
import { t } from "../../i18n";
import { useSignIn } from "../../resources/session";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Banner } from "../../ui/parts";
import { Gate } from "../Gate";
import { PasswordField } from "../PasswordField";
import styles from "./SignInPage.module.css";

const s = t.signIn;
const SessionsToEnd = later(() => import("./SessionsToEnd").then((it) => it.SessionsToEnd), { missing: "section", isRare: true });

export function SignInPage() {
  useTitle(s.title);
  const { ending } = useSession();
  return (
    <Gate>
      <h1 className={styles.title}>{s.title}</h1>
      <SignInForm ending={ending} />
    </Gate>
  );
}

/** `lastUser` is whose session ended, when that is known: then only the password is asked for. */
export function SignInForm({ ending, lastUser = "", children }: { ending: Ending; lastUser?: string; children?: ReactNode }) {
  const { enter } = useSession();
  const [username, setUsername] = useState(lastUser);
  const [password, setPassword] = useState("");
  const [incomplete, setIncomplete] = useState(false);
  const [blockedUntil, setBlockedUntil] = useState(0);
  const wait = useCountdown(blockedUntil);

  // A7: with a hundred sessions open the person chooses which end.
  const [tooMany, setTooMany] = useState<readonly SessionInfo[]>([]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isNoneChosen, setNoneChosen] = useState(false);

  const enterNow = useSignIn(enter);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const missing = !username.trim() || !password;
    setIncomplete(missing);
    if (missing || wait > 0) return;
    if (tooMany.length > 0 && chosen.size === 0) {
      setNoneChosen(true);
      return;
    }
    enterNow.mutate(
      { username: username.trim(), password, ...(chosen.size > 0 ? { endSessions: [...chosen] } : {}) },
      {
        onError: (error) => {
          if (isProblem(error, "throttled")) setBlockedUntil(Date.now() + (error.retryAfterSeconds ?? 30) * 1000);
          if (isProblem(error, "sign_in_failed")) setPassword("");
          if (isProblem(error, "too_many_sessions")) setTooMany(error.sessions);
        },
      },
    );
  };

  const message = isNoneChosen && chosen.size === 0 ? s.tooManyNeeded : messageOf(enterNow.error, incomplete, wait);
  return (
    <form noValidate onSubmit={submit} className={styles.form}>
      {ending && !message && (
        <Banner tone={ending === "idle" ? "warn" : "plain"} icon="lock" role="status">
          {ending === "idle" ? s.endedIdle : ending === "out" ? s.endedOut : s.endedServer}
        </Banner>
      )}
      {message && (
        <Banner tone="bad" role="alert">
          {message}
        </Banner>
      )}
      {children}
      <TextField
        label={s.username}
        value={username}
        onChange={setUsername}
        autoComplete="username"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck="false"
        autoFocus={lastUser === ""}
        isRequired
      />
      <PasswordField label={s.password} value={password} onChange={setPassword} autoFocus={lastUser !== ""} />
      {tooMany.length > 0 && <SessionsToEnd sessions={tooMany} chosen={chosen} onChange={setChosen} />}
      <Button look="primary" size="lg" type="submit" wide isPending={enterNow.isPending} isDisabled={wait > 0}>
        {enterNow.isPending ? s.submitting : tooMany.length > 0 ? s.tooManySubmit : s.submit}
      </Button>
    </form>
  );
}

function messageOf(error: unknown, incomplete: boolean, wait: number): string | null {
  if (wait > 0) return s.wait(wait);
  if (incomplete) return s.fillBoth;
  if (isProblem(error, "sign_in_failed")) return s.failed;
  if (isProblem(error, "throttled") || isProblem(error, "too_many_sessions") || !error) return null;
  return explain(error);
}

function useCountdown(until: number): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const look = () => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    look();
    if (until <= Date.now()) return undefined;
    const timer = setInterval(look, 500);
    return () => clearInterval(timer);
  }, [until]);
  return left;
}
