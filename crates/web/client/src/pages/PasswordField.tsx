/** A password with a way to see it and, for a new one, the rules as they are met (A5). */
import { useId, useState } from "react";
import { t } from "../i18n";
import { usePasswordReport } from "../resources/passwordReport";
import { type Names, passwordRules, type Policy, type RuleState } from "../rules/password";
import { IconButton } from "../ui/Button";
import { TextField } from "../ui/Field";
import { Icon } from "../ui/icons";
import styles from "./PasswordField.module.css";

export interface PasswordCheckState {
  readonly rules: readonly RuleState[];
  /** The server called this very password acceptable; without its answer, no rule is known to be unmet. */
  readonly acceptable: boolean;
  readonly policy: Policy;
}

export function usePasswordCheck(policy: Policy, values: Names & { readonly password: string }): PasswordCheckState {
  const { password, username, firstName, lastName, email, practiceName } = values;
  const report = usePasswordReport({ password, username, firstName, lastName, email: email || null, practiceName });
  const rules = passwordRules(password, policy, values, report);
  const acceptable = report ? report.acceptable : password !== "" && rules.every((rule) => rule.verdict !== "unmet");
  return { rules, acceptable, policy };
}

export function PasswordField(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  isNew?: boolean;
  check?: PasswordCheckState;
  autoFocus?: boolean;
}) {
  const { label, value, onChange, error, isNew = false, check, autoFocus } = props;
  const [visible, setVisible] = useState(false);
  const rulesId = useId();
  return (
    <div className={styles.password}>
      <TextField
        label={label}
        type={visible ? "text" : "password"}
        autoComplete={isNew ? "new-password" : "current-password"}
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck="false"
        value={value}
        onChange={onChange}
        error={error}
        autoFocus={autoFocus}
        aria-describedby={check ? rulesId : undefined}
        maxLength={1024}
        isRequired
        after={
          <IconButton
            icon={visible ? "eyeOff" : "eye"}
            label={visible ? t.signIn.hide : t.signIn.show}
            tip={false}
            aria-pressed={visible}
            onPress={() => setVisible(!visible)}
          />
        }
      />
      {check && <Rules id={rulesId} check={check} />}
    </div>
  );
}

function Rules({ id, check }: { id: string; check: PasswordCheckState }) {
  const texts: Readonly<Record<string, string>> = t.account.passwordRules;
  const states = { met: t.account.ruleMet, unmet: t.account.ruleUnmet, unknown: t.account.ruleUnknown };
  return (
    <ul id={id} className={styles.rules} aria-label={t.account.passwordRulesLabel}>
      {check.rules.map(({ code, label, verdict }) => (
        <li key={code} data-verdict={verdict}>
          <span className={styles.dot}>{verdict === "met" && <Icon name="check" size={12} />}</span>
          {code === "length" && check.policy === "passphrase" ? texts.lengthPassphrase : (texts[code] ?? label)}
          <span className="visually-hidden"> ({states[verdict]})</span>
        </li>
      ))}
    </ul>
  );
}
