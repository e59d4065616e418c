import { useEffect, useRef, useState } from "react";
import type { CustomField } from "../../../api/types";
import { customFields as fieldTexts } from "../../../i18n/customFields";
import { useMoveField, useCustomFields } from "../../../resources/customFields";
import { Button } from "../../../ui/Button";
import { Empty, Failed, FormProblem, Section, Skeleton } from "../../../ui/parts";
import { FieldDialog } from "./FieldDialog";
import { buttonId, FieldRow } from "./FieldRow";
import { MOST_IN_USE } from "./fieldRules";
import styles from "./CustomFieldsSection.module.css";
import { RetiredFields } from "./RetiredFields";
import { RetireDialog } from "./RetireDialog";

const f = fieldTexts;
const ADD_BUTTON = "add-field";

type Asked = { what: "edit"; field: CustomField | null } | { what: "retire"; field: CustomField } | null;

/** P2: where an administrator defines the practice's custom fields. */
export function CustomFieldsSection() {
  const { query, fields } = useCustomFields();
  const { move, error } = useMoveField();
  const [asked, setAsked] = useState<Asked>(null);
  const [said, setSaid] = useState("");
  const focusLater = useFocusLater();
  const used = fields.filter((field) => !field.retired);
  const isFull = used.length >= MOST_IN_USE;
  const close = () => setAsked(null);

  const moveAndSay = (field: CustomField, step: -1 | 1) => {
    const place = move(field.id, step);
    if (place === null) return;
    setSaid(f.moved(field.label, place, used.length));
    // At an end the pressed button can't be pressed again and would lose the focus.
    if (place === 1) focusLater(buttonId("down", field.id));
    if (place === used.length) focusLater(buttonId("up", field.id));
  };
  const add = (
    <Button id={ADD_BUTTON} icon="plus" isDisabled={isFull} onPress={() => setAsked({ what: "edit", field: null })}>
      {f.add}
    </Button>
  );

  return (
    <div className={styles.section}>
      <Section title={f.title} actions={used.length > 0 && add}>
        <p className={styles.lead}>
          {f.lead} {query.data && <span className="num">{isFull ? f.full(MOST_IN_USE) : `${f.inUse(used.length, MOST_IN_USE)}.`}</span>}
        </p>
        {query.isPending && <Skeleton rows={3} />}
        {query.isError && !query.data && <Failed error={query.error} onRetry={() => void query.refetch()} />}
        {query.data && used.length === 0 && (
          <Empty icon="details" title={f.emptyTitle} action={add}>
            {f.emptyText}
          </Empty>
        )}
        <FormProblem error={error} />
        <ol aria-label={f.title}>
          {used.map((field, at) => (
            <FieldRow
              key={field.id}
              field={field}
              isFirst={at === 0}
              isLast={at === used.length - 1}
              onMove={(step) => moveAndSay(field, step)}
              onEdit={() => setAsked({ what: "edit", field })}
              onRetire={() => setAsked({ what: "retire", field })}
            />
          ))}
        </ol>
        <p role="status" className="visually-hidden">
          {said}
        </p>
        <RetiredFields fields={fields.filter((field) => field.retired)} isFull={isFull} onRevived={(id) => focusLater(buttonId("edit", id))} />
      </Section>
      {asked?.what === "edit" && (
        <FieldDialog
          field={asked.field}
          others={fields.filter((field) => field.id !== asked.field?.id)}
          onClose={close}
          onSaved={(saved) => {
            close();
            // The first field moves the button that asked for it; after the last one it can't be pressed.
            if (!asked.field) focusLater(used.length + 1 < MOST_IN_USE ? ADD_BUTTON : buttonId("edit", saved.id));
          }}
        />
      )}
      {asked?.what === "retire" && (
        <RetireDialog
          field={asked.field}
          onClose={close}
          onRetired={() => {
            close();
            focusLater(ADD_BUTTON);
          }}
        />
      )}
    </div>
  );
}

/** Gives the focus to a button once it is there and can be pressed. */
function useFocusLater(): (id: string) => void {
  const wanted = useRef<string | null>(null);
  useEffect(() => {
    const element = wanted.current && document.getElementById(wanted.current);
    if (!element || element.matches(":disabled")) return;
    wanted.current = null;
    element.focus();
  });
  return (id) => {
    wanted.current = id;
  };
}
