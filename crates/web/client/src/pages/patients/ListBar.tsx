/** What stands between the heading and the list: sort, view, filters, selecting, and a chip for each filter that is on. */
import { type Ref, useState } from "react";
import type { PatientFilter } from "../../api/types";
import { useToday } from "../../app/clock";
import { later } from "../../app/later";
import { t } from "../../i18n";
import type { Order, Sort } from "../../resources/patients";
import { Button, IconButton } from "../../ui/Button";
import { Icon } from "../../ui/icons";
import { chips } from "./filters";
import styles from "./ListBar.module.css";
import { WithTagNames } from "./WithTagNames";

const s = t.patients;
const FilterDialog = later(() => import("./FilterDialog").then((it) => it.FilterDialog), { missing: "dialog" });
const SORTS = ["lastModified", "lastAppointment", "uniqueId", "name"] as const;

interface Props {
  /** Whether a text is searched for, which has an order of its own. */
  isSearch: boolean;
  sort: Sort;
  order: Order;
  onSort: (sort: Sort, order: Order) => void;
  filter: PatientFilter;
  onFilter: (filter: PatientFilter) => void;
  isCards: boolean;
  onCards: (isCards: boolean) => void;
  isSelecting: boolean;
  onSelect: () => void;
  /** Of the button that begins and ends selecting. */
  start: Ref<HTMLButtonElement>;
}

/** Times begin with the newest, names with A. */
export const natural = (sort: Sort): Order => (sort === "uniqueId" || sort === "name" ? "ascending" : "descending");

export function ListBar({ isSearch, sort, order, onSort, filter, onFilter, isCards, onCards, isSelecting, onSelect, start }: Props) {
  const [choosing, setChoosing] = useState(false);
  const on = chips(filter, useToday());
  return (
    <div className={styles.bar}>
      {isSearch ? (
        <p className={styles.best}>{s.bestFirst}</p>
      ) : (
        <div className={styles.sort}>
          <label>
            <span className={styles.word}>{s.sort}</span>
            <select value={sort} onChange={(event) => onSort(event.target.value as Sort, natural(event.target.value as Sort))}>
              {SORTS.map((it) => (
                <option key={it} value={it}>
                  {s.sorts[it]}
                </option>
              ))}
            </select>
            <Icon name="chevronDown" size={16} />
          </label>
          <Button look="quiet" icon={order === "ascending" ? "arrowUp" : "arrowDown"} onPress={() => onSort(sort, order === "ascending" ? "descending" : "ascending")}>
            <span className={styles.word}>{s[order][sort]}</span>
          </Button>
        </div>
      )}
      <div className={styles.tools}>
        <Button icon="filter" onPress={() => setChoosing(true)}>
          <span className={styles.word}>{on.length > 0 ? s.filtersOn(on.length) : s.filters}</span>
          {on.length > 0 && (
            <span className={styles.amount} aria-hidden="true">
              {on.length}
            </span>
          )}
        </Button>
        <IconButton icon={isCards ? "list" : "cards"} label={isCards ? s.asList : s.asCards} onPress={() => onCards(!isCards)} />
        <Button ref={start} icon="select" aria-pressed={isSelecting} onPress={onSelect}>
          <span className={styles.word}>{t.common.select}</span>
        </Button>
      </div>
      {on.length > 0 && (
        <ul className={styles.chips} aria-label={s.filters}>
          {on.map((chip) => (
            <li key={chip.key}>
              {chip.tags ? (
                <WithTagNames text={chip.label} ids={chip.tags}>
                  {(text) => <ChipWords text={text} onRemove={() => onFilter(chip.rest)} />}
                </WithTagNames>
              ) : (
                <ChipWords text={chip.label} onRemove={() => onFilter(chip.rest)} />
              )}
            </li>
          ))}
          {on.length > 1 && (
            <li data-clear>
              <Button look="quiet" onPress={() => onFilter({})}>
                {s.clearFilters}
              </Button>
            </li>
          )}
        </ul>
      )}
      {choosing && (
        <FilterDialog
          filter={filter}
          onClose={() => setChoosing(false)}
          onChosen={(next) => {
            setChoosing(false);
            onFilter(next);
          }}
        />
      )}
    </div>
  );
}

function ChipWords({ text, onRemove }: { text: string; onRemove: () => void }) {
  return (
    <>
      <span>{text}</span>
      <IconButton icon="close" iconSize={16} tip={false} label={s.removeFilter(text)} onPress={onRemove} />
    </>
  );
}
