/** Title and note of a comparison, and how its photos are arranged. */
import { compare as t } from "../i18n/compare";
import { Checkbox } from "../ui/Checkbox";
import { Select, TextField } from "../ui/Field";
import styles from "./Compare.module.css";
import { type Group, LONGEST_NOTE, LONGEST_TITLE } from "./group";
import { hasLayout, type Layout, LAYOUTS } from "./layout";
import type { Store } from "./store";

const typed = (text: string): string | null => (text.trim() === "" ? null : text);

interface Props {
  group: Group;
  store: Store;
  /** Its visit is signed. */
  isFixed: boolean;
  hasShapes: boolean;
  onShapes: (shown: boolean) => void;
}

export function DetailsPanel({ group, store, isFixed, hasShapes, onShapes }: Props) {
  const flush = () => void store.flush();
  const arranged = hasLayout(group.mode) && <Select label={t.layout} value={group.layout} onChange={(layout) => store.setGroup("layout", layout as Layout)} options={LAYOUTS.map((value) => ({ value, label: t.layouts[value] }))} />;
  if (isFixed) {
    return (
      <>
        <p className={styles.fixed}>{group.title ?? t.title}</p>
        {group.note && <p className={styles.fixed}>{group.note}</p>}
        {arranged}
        {group.photos.some((it) => it.annotations.length > 0) && (
          <Checkbox isSelected={hasShapes} onChange={onShapes}>
            {t.shown}
          </Checkbox>
        )}
      </>
    );
  }
  return (
    <>
      <TextField label={t.name} value={group.title ?? ""} maxLength={LONGEST_TITLE} autoComplete="off" onChange={(text) => store.setGroup("title", typed(text), true)} onBlur={flush} />
      <TextField label={t.note} rows={6} value={group.note ?? ""} maxLength={LONGEST_NOTE} onChange={(text) => store.setGroup("note", typed(text), true)} onBlur={flush} />
      {arranged}
      {!store.isStored && <p className={styles.hint}>{t.unsavedNote}</p>}
    </>
  );
}
