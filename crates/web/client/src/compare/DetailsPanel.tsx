/** Title and note of a comparison, and how its photos are arranged. */
import { compare as t } from "../i18n/compare";
import { Select, TextField } from "../ui/Field";
import styles from "./Compare.module.css";
import { type Group, LONGEST_NOTE, LONGEST_TITLE } from "./group";
import { hasLayout, type Layout, LAYOUTS } from "./layout";
import type { Store } from "./store";

const typed = (text: string): string | null => (text.trim() === "" ? null : text);

export function DetailsPanel({ group, store }: { group: Group; store: Store }) {
  const flush = () => void store.flush();
  return (
    <>
      <TextField label={t.name} value={group.title ?? ""} maxLength={LONGEST_TITLE} autoComplete="off" onChange={(text) => store.setGroup("title", typed(text), true)} onBlur={flush} />
      <TextField label={t.note} rows={6} value={group.note ?? ""} maxLength={LONGEST_NOTE} onChange={(text) => store.setGroup("note", typed(text), true)} onBlur={flush} />
      {hasLayout(group.mode) && <Select label={t.layout} value={group.layout} onChange={(layout) => store.setGroup("layout", layout as Layout)} options={LAYOUTS.map((value) => ({ value, label: t.layouts[value] }))} />}
      {!store.isStored && <p className={styles.hint}>{t.unsavedNote}</p>}
    </>
  );
}
