/** Small parts that pages share: banners, badges, states for empty, loading and failed. */
import { type ReactNode, useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { explain, isProblem } from "../api/problem";
import { t } from "../i18n";
import { Button } from "./Button";
import { useDialog } from "./Dialog";
import { Icon, type IconName } from "./icons";
import styles from "./parts.module.css";
import { leadToFault } from "./useLeadToFault";

export type Tone = "info" | "warn" | "bad" | "good" | "plain";

const bannerIcons: Record<Tone, IconName> = { info: "info", warn: "warn", bad: "warn", good: "check", plain: "info" };

export function Banner({ tone, children, action, icon, role }: { tone: Tone; children: ReactNode; action?: ReactNode; icon?: IconName; role?: "alert" | "status" }) {
  return (
    <div className={styles.banner} data-tone={tone} role={role}>
      <Icon name={icon ?? bannerIcons[tone]} />
      <div className={styles.bannerText}>{children}</div>
      {action}
    </div>
  );
}

export function Badge({ tone = "plain", icon, children }: { tone?: Tone; icon?: IconName; children: ReactNode }) {
  return (
    <span className={styles.badge} data-tone={tone}>
      {icon && <Icon name={icon} size={14} />}
      {children}
    </span>
  );
}

export function Empty({ icon, title, children, action, isPage = false }: { icon: IconName; title: string; children?: ReactNode; action?: ReactNode; isPage?: boolean }) {
  const Title = isPage ? "h1" : "h2";
  return (
    <div className={styles.empty}>
      <span className={styles.emptyIcon}>
        <Icon name={icon} size={30} />
      </span>
      <Title>{title}</Title>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <div className={styles.empty} role="alert">
      <span className={styles.emptyIcon} data-tone="bad">
        <Icon name="warn" size={30} />
      </span>
      <h2>{t.problem.couldNotLoad}</h2>
      <p>{explain(error)}</p>
      {onRetry && (
        <Button icon="refresh" onPress={onRetry}>
          {t.common.retry}
        </Button>
      )}
    </div>
  );
}

/** Grey shapes where content will be. Announced once to assistive technology. */
export function Skeleton({ rows, shape = "row" }: { rows: number; shape?: "row" | "tile" | "card" }) {
  return (
    <div role="status" className={styles.skeletons} data-shape={shape}>
      <span className="visually-hidden">{t.common.loading}</span>
      {Array.from({ length: rows }, (_, index) => (
        <span key={index} className={styles.skeleton} data-shape={shape} />
      ))}
    </div>
  );
}

/**
 * What went wrong with a form: in a dialog above its actions, which never scroll away, else where it is drawn. Because a long
 * form may be larger than the screen, a refusal of fields leads to the first of them, and any other comes into sight (F9).
 */
export function FormProblem({ error, title }: { error: unknown; title?: string }) {
  const place = useRef<HTMLDivElement>(null);
  const problems = useDialog()?.problems;
  useEffect(() => {
    const isAboutFields = error === true || (isProblem(error) && error.fields.length > 0);
    if (!error) return;
    if (isAboutFields) leadToFault(place.current?.closest("form, [role='dialog'], [role='alertdialog']"));
    else place.current?.scrollIntoView({ block: "center" });
  }, [error]);
  // The sheet that comes up when a session has ended says so, and this would no longer be true after it.
  if (!error || isProblem(error, "unauthenticated")) return null;
  const shown = (
    <div ref={place}>
      <Banner tone="bad" role="alert">
        {title ?? explain(error)}
      </Banner>
    </div>
  );
  return problems ? createPortal(shown, problems) : shown;
}

/** `column`: the page is one column of cards, and its header and what lies above it end where they do. */
export function PageHeader({ title, lead, actions, column = false }: { title: string; lead?: ReactNode; actions?: ReactNode; column?: boolean }) {
  return (
    <header className={styles.pageHeader} data-column={column || undefined}>
      <div>
        <h1>{title}</h1>
        {lead && <p className={styles.lead}>{lead}</p>}
      </div>
      {actions && <div className={styles.pageActions}>{actions}</div>}
    </header>
  );
}

export function Section({ title, children, actions }: { title: string; children: ReactNode; actions?: ReactNode }) {
  return (
    <section className={styles.section} aria-label={title}>
      <header className={styles.sectionHeader}>
        <h2>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  );
}

/** Radio buttons as cards, each with a name and a line of text. */
export interface ChoiceOption<T extends string> {
  value: T;
  name: string;
  text?: ReactNode;
  note?: string;
  icon?: IconName;
}

export function Choice<T extends string>(props: {
  label: string;
  name: string;
  /** Null as long as nothing is chosen. */
  value: T | null;
  options: readonly ChoiceOption<T>[];
  onChange: (value: T) => void;
  columns?: boolean;
  help?: string | undefined;
}) {
  const { label, name, value, options, onChange, columns = false, help } = props;
  return (
    <fieldset className={styles.choice}>
      <legend>{label}</legend>
      {help && <p className={styles.choiceHelp}>{help}</p>}
      <div className={styles.choiceList} data-columns={columns || undefined}>
        {options.map((option) => (
          <label key={option.value} className={styles.choiceCard} data-selected={option.value === value || undefined}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>
              <span className={styles.choiceName}>
                {option.icon && <Icon name={option.icon} size={18} />}
                {option.name}
                {option.note && <Badge tone="good">{option.note}</Badge>}
              </span>
              {option.text && <span className={styles.choiceText}>{option.text}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
