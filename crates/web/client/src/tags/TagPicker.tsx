/**
 * Chooses tags by typing (T1): recent ones first, then what matches, and where nothing has that name, one press on a category
 * creates it there. The field keeps the focus; the arrows choose, Enter takes, Backspace in the empty field removes the last. What
 * is chosen stands above. Nothing is created in a category that nobody saw: Enter proposes one first, and takes it the second time.
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
  /** False where tags are only looked for, as in a filter: archived ones are offered too, and nothing while the field is left alone. */
  canCreate?: boolean;
  autoFocus?: boolean;
}

/** How many characters a name may have. */
const LONGEST = 60;
/** No option is the active one. */
const NONE = -1;

export function TagPicker({ label, chosen, onChange, canCreate = true, autoFocus = false }: TagPickerProps) {
  const id = useId();
  const { query, categories } = useTags();
  const [typed, setTyped] = useState("");
  /** Null until a person chose one. */
  const [active, setActive] = useState<number | null>(null);
  const [hasFocus, setFocus] = useState(false);
  const recent = useRecentTags();
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const add = (tagId: string) => {
    noteTags([tagId]);
    onChange([...chosen.filter((it) => it !== tagId), tagId]);
    setTyped("");
    setActive(null);
    input.current?.focus();
  };
  const create = useCreateTag((tag) => add(tag.id));
  const all = allOptions(categories);
  const found = canCreate || hasFocus ? matching(categories, typed, recent, !canCreate).filter(({ tag }) => !chosen.includes(tag.id)) : [];
  const name = typed.trim().replaceAll(/\s+/g, " ");
  const isNew = canCreate && name !== "" && name.length <= LONGEST && !all.some(({ tag }) => sameName(tag.name, name));
  // The category of the tag that was chosen last is the likely one.
  const last = all.find(({ tag }) => tag.id === recent[0])?.tag.categoryId;
  const places = isNew ? categories.toSorted((a, b) => Number(b.id === last) - Number(a.id === last)) : [];
  const amount = found.length + places.length;
  const mustChoose = found.length === 0 && places.length > 1;
  const at = active === null && mustChoose ? NONE : Math.min(active ?? 0, Math.max(0, amount - 1));
  const proposed = mustChoose && at !== NONE ? places[at] : undefined;

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
      setActive((Math.max(at, step > 0 ? NONE : 0) + step + amount) % amount);
    } else if (event.key === "Enter" && at === NONE) {
      event.preventDefault();
      setActive(0);
    } else if (event.key === "Enter" && amount > 0) {
      event.preventDefault();
      take(at);
    } else if (event.key === "Escape" && typed !== "") {
      // The first one empties the field, the next one closes what is around.
      event.stopPropagation();
      event.preventDefault();
      setTyped("");
      setActive(null);
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
          aria-activedescendant={amount > 0 && at !== NONE ? `${id}-${at}` : undefined}
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
            setActive(null);
            if (create.isError) create.reset();
          }}
          onKeyDown={onKeyDown}
          onFocus={() => setFocus(true)}
          onBlur={() => setFocus(false)}
        />
        {refused && (
          <span id={`${id}-error`} className={field.error} role="alert">
            {refused}
          </span>
        )}
      </div>
      {mustChoose && (
        <p className={styles.note} role="status">
          {proposed ? g.proposed(proposed.name) : g.chooseCategory(name)}
        </p>
      )}
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
      {amount === 0 && (canCreate || hasFocus) && (name !== "" || all.length === 0) && <p className={styles.note}>{name === "" ? g.noneYet : g.noMatch}</p>}
      <p role="status" className="visually-hidden">
        {typed === "" || mustChoose ? "" : g.found(found.length)}
      </p>
    </div>
  );
}
