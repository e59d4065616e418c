/**
 * Chooses tags by typing (T1): recent ones first, then what matches, and where nothing has that name, a row that creates it; which
 * category it belongs to is asked next, so that nothing is created in one that nobody saw. The field keeps the focus; the arrows
 * choose, Enter takes, Escape goes a step back, Backspace in the empty field removes the last.
 */
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
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
  /** Told what stands in the field and was not taken: whoever saves now would lose it. */
  onTyped?: (name: string) => void;
  /**
   * What for: to give tags, also new ones; to find what has them, archived ones too; or to name one tag that there is. Only the
   * first has its list open all the time.
   */
  use?: "give" | "find" | "one";
  /** The id of a tag that is not offered. */
  without?: string;
  error?: string | undefined;
  autoFocus?: boolean;
}

/** How many characters a name may have. */
const LONGEST = 60;

const cleaned = (typed: string): string => typed.trim().replaceAll(/\s+/g, " ");

export function TagPicker({ label, chosen, onChange, onTyped, use = "give", without, error, autoFocus = false }: TagPickerProps) {
  const id = useId();
  const { query, categories } = useTags();
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  /** Whether the category of a new tag is being chosen. */
  const [isPlacing, setPlacing] = useState(false);
  const [isOpened, setOpened] = useState(false);
  const recent = useRecentTags();
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const turn = (to: { typed?: string; active?: number; isPlacing?: boolean }) => {
    if (to.typed !== undefined) {
      setTyped(to.typed);
      onTyped?.(cleaned(to.typed));
    }
    setActive(to.active ?? 0);
    setPlacing(to.isPlacing ?? false);
  };
  const add = (tagId: string) => {
    noteTags([tagId]);
    onChange(use === "one" ? [tagId] : [...chosen.filter((it) => it !== tagId), tagId]);
    turn({ typed: "" });
    if (use === "one") setOpened(false);
    input.current?.focus();
  };
  const create = useCreateTag((tag) => add(tag.id));
  const all = allOptions(categories);
  const isOpen = use === "give" || isOpened;
  const found = isOpen && !isPlacing ? matching(categories, typed, recent, use === "find").filter(({ tag }) => !chosen.includes(tag.id) && tag.id !== without) : [];
  const name = cleaned(typed);
  const isNew = use === "give" && name !== "" && name.length <= LONGEST && categories.length > 0 && !all.some(({ tag }) => sameName(tag.name, name));
  // The category of the tag that was chosen last is the likely one.
  const last = all.find(({ tag }) => tag.id === recent[0])?.tag.categoryId;
  const places = isPlacing ? categories.toSorted((a, b) => Number(b.id === last) - Number(a.id === last)) : [];
  const amount = isPlacing ? places.length : found.length + Number(isNew);
  const at = Math.min(active, Math.max(0, amount - 1));

  useEffect(() => {
    list.current?.querySelector("[data-active]")?.scrollIntoView({ block: "nearest" });
  }, [at, isPlacing]);

  const createIn = (categoryId: string | undefined) => {
    if (categoryId && !create.isPending) create.mutate({ categoryId, name });
  };
  const take = (index: number) => {
    const option = found[index];
    if (isPlacing) createIn(places[index]?.id);
    else if (option) add(option.tag.id);
    else if (categories.length === 1) createIn(categories[0]?.id);
    else turn({ isPlacing: true });
  };
  /** Whether there was a step to go back. */
  const goBack = (): boolean => {
    create.reset();
    if (isPlacing) turn({ active: matching(categories, typed, recent).length });
    else if (typed !== "") turn({ typed: "" });
    else if (use === "give" || amount === 0) return false;
    if (use !== "give") setOpened(false);
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined && !isOpen) {
      event.preventDefault();
      setOpened(true);
    } else if (step !== undefined && amount > 0) {
      event.preventDefault();
      setActive((at + step + amount) % amount);
    } else if (event.key === "Enter" && (amount > 0 || use === "one")) {
      event.preventDefault();
      if (amount > 0) take(at);
    } else if (event.key === "Escape" && goBack()) {
      // What is around is closed by the next one.
      event.stopPropagation();
      event.preventDefault();
    } else if (event.key === "Backspace" && typed === "" && chosen.length > 0) {
      onChange(chosen.slice(0, -1));
    }
  };
  const refused = create.error ? (Object.values(fieldMessages(create.error))[0] ?? explain(create.error)) : error;

  // What something has already stands above the field that adds to it; what is chosen in a field stands below its label.
  const chips = chosen.length > 0 && (
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
  );

  if (query.isPending) return <Skeleton rows={2} />;
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className={styles.picker}>
      {use === "give" && chips}
      <div className={field.field}>
        <label className={field.label} htmlFor={id}>
          {label}
        </label>
        {use !== "give" && chips}
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
            turn({ typed: event.target.value });
            create.reset();
            setOpened(true);
          }}
          onKeyDown={onKeyDown}
          // Where the one tag is chosen already, the list would only be in the way of the button below it.
          onFocus={() => setOpened(use !== "one" || chosen.length === 0 || typed !== "")}
          onClick={() => setOpened(true)}
          // Where the button below was pressed, the dialog would shrink away from under the pointer, and the press be lost.
          onBlur={() => setOpened(use === "one" && isOpened)}
        />
        {refused && (
          <span id={`${id}-error`} className={field.error} role="alert">
            {refused}
          </span>
        )}
      </div>
      <p role="status" className={isPlacing ? styles.note : "visually-hidden"}>
        {isPlacing ? g.chooseCategory(name) : typed === "" ? "" : g.found(found.length)}
      </p>
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={label} className={amount > 0 ? styles.options : undefined}>
        {found.map(({ tag, category, colour }, index) => (
          <Row key={tag.id} id={`${id}-${index}`} isActive={index === at} onTake={() => take(index)}>
            <TagDot colour={colour} />
            <span className={styles.name}>{tag.name}</span>
            <span className={styles.source}>{tag.archived ? `${category} · ${g.archived}` : category}</span>
          </Row>
        ))}
        {isNew && !isPlacing && (
          <Row id={`${id}-${found.length}`} isActive={at === found.length} onTake={() => take(found.length)}>
            <Icon name="plus" size={16} />
            <span className={styles.name}>{g.createNamed(name)}</span>
          </Row>
        )}
        {places.map((category, index) => (
          <Row key={category.id} id={`${id}-${index}`} isActive={index === at} onTake={() => take(index)}>
            <TagDot colour={category.colour} />
            <span className={styles.name}>{category.name}</span>
          </Row>
        ))}
      </div>
      {amount === 0 && isOpen && (name !== "" || all.length === 0) && <p className={styles.note}>{name === "" ? g.noneYet : g.noMatch}</p>}
    </div>
  );
}

/** One of the options; the field has the focus and the keys. */
function Row({ id, isActive, onTake, children }: { id: string; isActive: boolean; onTake: () => void; children: ReactNode }) {
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- as said above
    <div id={id} role="option" aria-selected={isActive} data-active={isActive || undefined} className={styles.option} onPointerDown={(event) => event.preventDefault()} onClick={onTake}>
      {children}
    </div>
  );
}
