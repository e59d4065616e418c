/**
 * Chooses tags by typing (T1): recent ones first, then what matches, and where nothing has that name, one press creates it. The
 * field keeps the focus; the arrows choose, Enter takes, Backspace in the empty field removes the last. What is chosen stands above.
 */
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { explain, fieldMessages } from "../api/problem";
import { tags as texts } from "../i18n/tags";
import { useCreateTag, useTags } from "../resources/tags";
import { Icon } from "../ui/icons";
import { Failed, Skeleton } from "../ui/parts";
import field from "../ui/Field.module.css";
import { allOptions, matching, sameName } from "./match";
import { noteTags, useRecentTags } from "./recentTags";
import { TagDot } from "./TagChips";
import styles from "./tags.module.css";

const g = texts;

export interface TagPickerProps {
  label: string;
  /** Ids. */
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  /** False where tags are only looked for, as in a filter; then archived ones are offered too. */
  canCreate?: boolean;
  autoFocus?: boolean;
}

/** How many characters a name may have. */
const LONGEST = 60;

export function TagPicker({ label, chosen, onChange, canCreate = true, autoFocus = false }: TagPickerProps) {
  const id = useId();
  const { query, categories } = useTags();
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const recent = useRecentTags();
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const add = (tagId: string) => {
    noteTags([tagId]);
    onChange([...chosen.filter((it) => it !== tagId), tagId]);
    setTyped("");
    setActive(0);
    input.current?.focus();
  };
  const create = useCreateTag((tag) => add(tag.id));
  const all = allOptions(categories);
  const found = matching(categories, typed, recent, !canCreate).filter(({ tag }) => !chosen.includes(tag.id));
  const name = typed.trim().replaceAll(/\s+/g, " ");
  const isNew = canCreate && name !== "" && name.length <= LONGEST && !all.some(({ tag }) => sameName(tag.name, name));
  // The category of the tag that was chosen last is the likely one.
  const last = all.find(({ tag }) => tag.id === recent[0])?.tag.categoryId;
  const places = isNew ? categories.toSorted((a, b) => Number(b.id === last) - Number(a.id === last)) : [];
  const amount = found.length + places.length;
  const at = Math.min(active, Math.max(0, amount - 1));

  useEffect(() => {
    list.current?.querySelector("[data-active]")?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const take = (index: number) => {
    const option = found[index];
    const place = places[index - found.length];
    if (option) add(option.tag.id);
    else if (place && !create.isPending) create.mutate({ categoryId: place.id, name });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined && amount > 0) {
      event.preventDefault();
      setActive((at + step + amount) % amount);
    } else if (event.key === "Enter" && amount > 0) {
      event.preventDefault();
      take(at);
    } else if (event.key === "Escape" && typed !== "") {
      // The first one empties the field, the next one closes what is around.
      event.stopPropagation();
      event.preventDefault();
      setTyped("");
    } else if (event.key === "Backspace" && typed === "" && chosen.length > 0) {
      onChange(chosen.slice(0, -1));
    }
  };
  const refused = create.error ? (Object.values(fieldMessages(create.error))[0] ?? explain(create.error)) : null;

  if (query.isPending) return <Skeleton rows={2} />;
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className={styles.picker}>
      {chosen.length > 0 && (
        <ul className={styles.chips} aria-label={g.chosen}>
          {chosen.map((tagId) => {
            const option = all.find(({ tag }) => tag.id === tagId);
            if (!option) return null;
            return (
              <li key={tagId}>
                <button type="button" className={styles.remove} aria-label={g.removeNamed(option.tag.name)} onClick={() => onChange(chosen.filter((it) => it !== tagId))}>
                  <TagDot colour={option.colour} />
                  <span className={styles.name}>{option.tag.name}</span>
                  <Icon name="close" size={15} />
                </button>
              </li>
            );
          })}
        </ul>
      )}
      <div className={field.field}>
        <label className={field.label} htmlFor={id}>
          {label}
        </label>
        <input
          ref={input}
          id={id}
          role="combobox"
          aria-expanded={amount > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={amount > 0 ? `${id}-${at}` : undefined}
          aria-invalid={refused ? true : undefined}
          aria-describedby={refused ? `${id}-error` : undefined}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- whoever opens a dialog of tags wants to type one
          autoFocus={autoFocus}
          className={field.input}
          placeholder={g.typeHere}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setActive(0);
            if (create.isError) create.reset();
          }}
          onKeyDown={onKeyDown}
        />
        {refused && (
          <span id={`${id}-error`} className={field.error} role="alert">
            {refused}
          </span>
        )}
      </div>
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={label} className={amount > 0 ? styles.options : undefined}>
        {found.map(({ tag, category, colour }, index) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the field has the focus and the keys
          <div key={tag.id} id={`${id}-${index}`} role="option" aria-selected={index === at} data-active={index === at || undefined} className={styles.option} onPointerDown={(event) => event.preventDefault()} onClick={() => take(index)}>
            <TagDot colour={colour} />
            <span className={styles.name}>{tag.name}</span>
            <span className={styles.source}>{tag.archived ? `${category} · ${g.archived}` : category}</span>
          </div>
        ))}
        {places.map((category, offset) => {
          const index = found.length + offset;
          return (
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- as above
            <div key={category.id} id={`${id}-${index}`} role="option" aria-selected={index === at} data-active={index === at || undefined} className={styles.option} onPointerDown={(event) => event.preventDefault()} onClick={() => take(index)}>
              <Icon name="plus" size={16} />
              <span className={styles.name}>{g.createIn(name)}</span>
              <span className={styles.source}>
                <TagDot colour={category.colour} /> {category.name}
              </span>
            </div>
          );
        })}
      </div>
      {amount === 0 && (name !== "" || all.length === 0) && <p className={styles.note}>{name === "" ? g.noneYet : g.noMatch}</p>}
      <p role="status" className="visually-hidden">
        {typed === "" ? "" : g.found(found.length)}
      </p>
    </div>
  );
}
