/** P6: around each field of an edit: that it is not saved, what the record holds, and the way back to that. */
import { createContext, type ReactNode, use, useRef } from "react";
import { details as d } from "../../i18n/details";
import { Button } from "../../ui/Button";
import styles from "./Edited.module.css";
import type { CustomName } from "./customFields";
import type { FormField } from "./form";

export interface Edits {
  readonly changed: ReadonlySet<FormField | CustomName>;
  /** What the record holds, as text. */
  before: (name: FormField | CustomName) => string;
  undo: (name: FormField | CustomName) => void;
}

/** Null where there is no record yet. */
export const EditsContext = createContext<Edits | null>(null);

export function Edited({ name, label, children }: { name: FormField | CustomName; label: string; children: ReactNode }) {
  const edits = use(EditsContext);
  const place = useRef<HTMLDivElement>(null);
  if (!edits) return children;
  const isChanged = edits.changed.has(name);
  const undo = () => {
    edits.undo(name);
    // The button goes, and the focus with it.
    place.current?.querySelector<HTMLElement>("input, select, textarea")?.focus();
  };
  return (
    <div ref={place} className={styles.field} data-changed={isChanged || undefined}>
      {children}
      {isChanged && (
        <div className={styles.note}>
          <p>
            <strong>{d.unsaved}</strong> <span>{d.before(edits.before(name))}</span>
          </p>
          <Button size="sm" look="quiet" icon="undo" onPress={undo}>
            {d.undo}
            <span className="visually-hidden"> {label}</span>
          </Button>
        </div>
      )}
    </div>
  );
}
