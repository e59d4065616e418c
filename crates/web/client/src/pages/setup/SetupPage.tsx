import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { explain, fieldMessages, isProblem } from "../../api/problem";
import type { ConsentLevel, SetupRequest } from "../../api/types";
import { showFirstDay } from "../../app/firstDay";
import { useSession } from "../../app/session";
import { useTitle } from "../../app/useTitle";
import { t } from "../../i18n";
import { setup as s } from "../../i18n/setup";
import { ownZone, zoneOptions } from "../../i18n/zones";
import { useCheckSetupCode, useSetUp } from "../../resources/setup";
import { bareCode, dashedCode, isSetupCode, isUsername, looksLikeEmail, normalUsername } from "../../rules/fields";
import type { Policy } from "../../rules/password";
import { Button } from "../../ui/Button";
import { Select, TextField } from "../../ui/Field";
import { Choice, FormProblem } from "../../ui/parts";
import { toast } from "../../ui/toasts";
import { Gate } from "../Gate";
import { PasswordField, usePasswordCheck } from "../PasswordField";
import styles from "./SetupPage.module.css";

const STEPS = s.steps.length;

interface Values {
  code: string;
  practiceName: string;
  timeZone: string;
  consentLevel: ConsentLevel;
  firstName: string;
  lastName: string;
  email: string;
  username: string;
  password: string;
}

/** The code of `/setup?code=…`; taken out of the address at once, so that no history keeps it. */
function codeFromAddress(): string {
  const code = new URLSearchParams(location.search).get("code") ?? "";
  if (code) history.replaceState(history.state, "", location.pathname);
  return dashedCode(code);
}

const requestOf = (values: Values): SetupRequest => ({
  ...values,
  code: bareCode(values.code),
  username: normalUsername(values.username),
  firstName: values.firstName.trim(),
  lastName: values.lastName.trim(),
  email: values.email.trim() || null,
  practiceName: values.practiceName.trim(),
});

/** Which step a field of the server's answer belongs to. */
function stepOfField(field: string): number {
  if (field === "code") return 0;
  return ["practiceName", "timeZone", "consentLevel"].includes(field) ? 1 : 2;
}

export function SetupPage({ policy }: { policy: Policy }) {
  useTitle(s.title);
  const { enter } = useSession();
  const [values, setValues] = useState<Values>(() => ({
    code: codeFromAddress(),
    practiceName: "",
    timeZone: ownZone(),
    consentLevel: "required",
    firstName: "",
    lastName: "",
    email: "",
    username: "",
    password: "",
  }));
  const [step, setStep] = useState(0);
  const [tried, setTried] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  const password = usePasswordCheck(policy, values);

  const finish = useSetUp({
    onDone: (presence) => {
      showFirstDay();
      enter(presence);
      toast(s.welcome(presence.me.firstName));
    },
    onRefused: (error) => {
      if (isProblem(error, "setup_code_wrong")) setStep(0);
      else if (isProblem(error, "setup_done")) location.assign("/");
      else if (isProblem(error) && error.fields[0]) setStep(Math.min(...error.fields.map((it) => stepOfField(it.field))));
    },
  });

  // F13: the code is checked in its own step, so that nobody fills in the rest in vain.
  const check = useCheckSetupCode(() => {
    setTried(false);
    setStep(1);
  });
  const { mutate: checkCode } = check;
  const [given] = useState(values.code);
  useEffect(() => {
    // The code of the address needs no press.
    if (isSetupCode(given)) checkCode(bareCode(given));
  }, [given, checkCode]);

  useEffect(() => {
    if (first.current) first.current = false;
    else heading.current?.focus();
  }, [step]);

  const set = <K extends keyof Values>(key: K) => (value: Values[K]) => {
    setValues((old) => ({ ...old, [key]: value }));
    if (finish.isError) finish.reset();
    if (check.isError) check.reset();
  };

  const errors = problemsOf(values, step, password.acceptable);
  const fromServer = fieldMessages(finish.error);
  const codeWrong = isProblem(check.error, "setup_code_wrong") || isProblem(finish.error, "setup_code_wrong") ? s.codeWrong : undefined;
  const shown = (key: keyof Values): string | undefined => fromServer[key] ?? (tried ? errors[key] : undefined);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(errors).length > 0) return;
    if (step === 0) {
      if (!check.isPending) check.mutate(bareCode(values.code));
    } else if (step < STEPS - 1) {
      setTried(false);
      setStep(step + 1);
    } else finish.mutate(requestOf(values));
  };

  const pages: readonly ReactNode[] = [
    <TextField
      key="code"
      label={s.code}
      help={s.codeHelp}
      mono
      autoFocus
      autoComplete="off"
      autoCorrect="off"
      spellCheck="false"
      placeholder="XXXX-XXXX-XXXX"
      value={values.code}
      onChange={(code) => set("code")(dashedCode(code))}
      error={codeWrong ?? shown("code")}
    />,
    <div key="practice" className={styles.fields}>
      <TextField label={s.practiceName} autoComplete="organization" value={values.practiceName} onChange={set("practiceName")} error={shown("practiceName")} isRequired />
      <Select label={s.timeZone} help={s.timeZoneHelp} value={values.timeZone} onChange={set("timeZone")} options={zoneOptions(values.timeZone)} error={shown("timeZone")} />
      <Choice<ConsentLevel>
        label={s.consentLevel}
        help={s.consentHelp}
        name="consentLevel"
        value={values.consentLevel}
        onChange={set("consentLevel")}
        options={[
          { value: "required", ...s.levels.required, note: s.recommended },
          { value: "advisory", ...s.levels.advisory },
          { value: "disabled", ...s.levels.disabled },
        ]}
      />
    </div>,
    <div key="account" className={styles.fields}>
      <p className={styles.note}>{s.adminNote}</p>
      <div className={styles.pair}>
        <TextField label={s.firstName} autoComplete="given-name" value={values.firstName} onChange={set("firstName")} error={shown("firstName")} isRequired />
        <TextField label={s.lastName} autoComplete="family-name" value={values.lastName} onChange={set("lastName")} error={shown("lastName")} isRequired />
      </div>
      <TextField label={s.email} type="email" optional autoComplete="email" value={values.email} onChange={set("email")} error={shown("email")} />
      <TextField
        label={s.username}
        help={s.usernameHelp}
        autoComplete="username"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck="false"
        value={values.username}
        onChange={set("username")}
        error={shown("username") ?? (values.username.length >= 3 && errors.username ? errors.username : undefined)}
        isRequired
      />
      <PasswordField label={s.password} value={values.password} onChange={set("password")} check={password} error={shown("password")} isNew />
    </div>,
  ];

  return (
    <Gate wide>
      <h1>{s.title}</h1>
      <p className={styles.lead}>{s.lead}</p>
      <ol className={styles.steps}>
        {s.steps.map((name, index) => (
          <li key={name} data-state={index < step ? "done" : index === step ? "now" : "later"} aria-current={index === step ? "step" : undefined}>
            <span className={styles.stepName}>{name}</span>
          </li>
        ))}
      </ol>
      <form noValidate onSubmit={submit} className={styles.form}>
        <h2 ref={heading} tabIndex={-1} className={styles.stepTitle}>
          <span className="visually-hidden">{s.stepOf(step + 1, STEPS)}: </span>
          {s.steps[step]}
        </h2>
        {pages[step]}
        {finish.isError && !codeWrong && <FormProblem error={finish.error} title={finish.error && Object.keys(fromServer).length > 0 ? t.problem.formHasErrors : explain(finish.error)} />}
        {step === 0 && !codeWrong && <FormProblem error={check.error} />}
        <div className={styles.actions}>
          {step > 0 && (
            <Button
              size="lg"
              onPress={() => {
                setTried(false);
                setStep(step - 1);
              }}
            >
              {t.common.back}
            </Button>
          )}
          <Button look="primary" size="lg" type="submit" wide isPending={finish.isPending || check.isPending}>
            {check.isPending ? s.checking : step < STEPS - 1 ? t.common.next : finish.isPending ? s.submitting : s.submit}
          </Button>
        </div>
      </form>
    </Gate>
  );
}

function problemsOf(values: Values, step: number, passwordAcceptable: boolean): Partial<Record<keyof Values, string>> {
  const errors: Partial<Record<keyof Values, string>> = {};
  if (step === 0 && !isSetupCode(values.code)) errors.code = s.codeIncomplete;
  if (step === 1 && !values.practiceName.trim()) errors.practiceName = s.practiceNameNeeded;
  if (step === 2) {
    if (!values.firstName.trim()) errors.firstName = s.firstNameNeeded;
    if (!values.lastName.trim()) errors.lastName = s.lastNameNeeded;
    if (values.email.trim() && !looksLikeEmail(values.email)) errors.email = t.record.help.email;
    if (!isUsername(values.username)) errors.username = s.usernameRule;
    if (!passwordAcceptable) errors.password = t.account.passwordNotAcceptable;
  }
  return errors;
}
