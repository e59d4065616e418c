import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { SearchField } from "react-aria-components/SearchField";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Link } from "wouter";
import type { PatientFilter, PatientPage } from "../../api/types";
import { later } from "../../app/later";
import { type Recent, useRecent } from "../../app/recent";
import { useRemembered } from "../../app/sealed";
import { SEARCH_ID } from "../../app/useSearchKeys";
import { useTitle } from "../../app/useTitle";
import { t } from "../../i18n";
import { type ListAsked, type Order, PAGE, patientCountQuery, patientListQuery, type Sort } from "../../resources/patients";
import { alongRows, rowsIn } from "../../select/toggle";
import { useSelection } from "../../select/useSelection";
import { Button, IconButton } from "../../ui/Button";
import { Icon } from "../../ui/icons";
import { Empty, Failed, Skeleton } from "../../ui/parts";
import { useLoadOnSight } from "../../ui/useLoadOnSight";
import { FirstDay } from "./FirstDay";
import { ListPage } from "./Pages";
import { PatientRow } from "./PatientRow";
import { useListPlace } from "./useListPlace";
import styles from "./PatientsPage.module.css";

const s = t.patients;
const ListBar = later(() => import("./ListBar").then((it) => it.ListBar), { waiting: <div className={styles.barToCome} />, missing: "section" });
const TagBar = later(() => import("../../select/TagBar").then((it) => it.TagBar));
const NewPatientDialog = later(() => import("./NewPatientDialog").then((it) => it.NewPatientDialog), { missing: "dialog" });
/** The server refuses to search for more. */
const LONGEST_QUERY = 200;
const NEWEST = { sort: "lastModified", order: "descending" } as const;
const EVERYBODY: PatientFilter = {};
const NO_PAGES: readonly PatientPage[] = [];

export function PatientsPage() {
  useTitle(s.title);
  const [typed, setTyped] = useRemembered("patients.search", "");
  const query = useSettled(typed.trim(), 250);
  const [creating, setCreating] = useState<{ readonly from: string } | null>(null);
  const recent = useRecent();

  const [{ sort, order }, setSort] = useRemembered<{ sort: Sort; order: Order }>("patients.sort", NEWEST);
  const [filter, setFilter] = useRemembered<PatientFilter>("patients.filter", EVERYBODY);
  const [isCards, setCards] = useRemembered("patients.cards", false);
  const isFiltered = Object.keys(filter).length > 0;

  const asked: ListAsked = { query, sort, order, filter };
  const list = useInfiniteQuery(patientListQuery(asked));
  const pages = list.data?.pages ?? NO_PAGES;
  const shown = useMemo(() => pages.flatMap((page) => page.patients), [pages]);
  const amount = shown.length;
  const start = useRef<HTMLButtonElement>(null);
  const { picked, pick, pickAll, begin, end } = useSelection(shown);
  useListPlace({
    list: JSON.stringify(asked),
    pages: list.isPlaceholderData ? 0 : pages.length,
    hasMore: list.hasNextPage,
    isLoading: list.isFetching,
    isFailed: list.isError,
    loadMore: () => void list.fetchNextPage(),
  });
  const first = pages[0];
  const counted = useQuery(patientCountQuery(filter, first?.total === null && !list.isPlaceholderData));
  const total = first?.total ?? counted.data ?? null;
  const sentinel = useLoadOnSight(list.hasNextPage && !list.isFetchingNextPage && !list.isError, () => void list.fetchNextPage());

  return (
    <>
      <header className={styles.header}>
        <div className={styles.heading}>
          <h1>{s.title}</h1>
          {list.data && (
            <p className="num" role="status">
              {list.isPlaceholderData ? s.searching : totalOf(total, first?.totalIsExact !== false || total === counted.data, query !== "" || isFiltered)}
            </p>
          )}
        </div>
        <SearchField className={styles.search ?? ""} value={typed} onChange={setTyped} type="search" maxLength={LONGEST_QUERY}>
          <Label className="visually-hidden">{s.search}</Label>
          <Icon name="search" size={18} />
          <Input id={SEARCH_ID} placeholder={s.search} autoComplete="off" autoCorrect="off" spellCheck="false" onFocus={(event) => event.target.select()} onKeyDown={intoList} />
          {typed !== "" && <IconButton slot={null} icon="close" iconSize={16} label={s.clearSearch} tip={false} onPress={() => setTyped("")} />}
          {typed === "" && recent.length > 0 && <RecentPatients recent={recent} />}
        </SearchField>
        <Button look="primary" icon="plus" onPress={() => setCreating({ from: "" })}>
          {s.new}
        </Button>
      </header>

      {query === "" && typed.trim() === "" && !isFiltered && <FirstDay isFolded={!list.isSuccess || amount > 0} />}
      {(amount > 0 || isFiltered || query !== "") && (
        <ListBar
          isSearch={query !== ""}
          sort={sort}
          order={order}
          onSort={(nextSort, nextOrder) => setSort({ sort: nextSort, order: nextOrder })}
          filter={filter}
          onFilter={setFilter}
          isCards={isCards}
          onCards={setCards}
          isSelecting={picked !== null}
          onSelect={picked ? end : begin}
          start={start}
        />
      )}
      {list.isPending && <Skeleton rows={8} />}
      {list.isError && amount === 0 && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && amount === 0 && <NoRows query={query} isFiltered={isFiltered} onClear={() => setFilter(EVERYBODY)} onNew={() => setCreating({ from: query })} />}
      {amount > 0 && (
        <div className={styles.table} data-cards={isCards || undefined} role="presentation" onKeyDown={(event) => alongRows(event, picked && pick, document.getElementById(SEARCH_ID))}>
          <div className={styles.columns} aria-hidden="true">
            <span />
            <span>{s.columns.patient}</span>
            <span>{s.columns.photos}</span>
            <span>{s.columns.visits}</span>
            <span>{s.columns.last}</span>
            <span>{s.columns.next}</span>
            <span>{s.columns.changed}</span>
            <span>{s.columns.consent}</span>
          </div>
          {pages.map((page, index) => (
            <ListPage key={page.patients[0]?.id ?? index} className={styles.list ?? ""} label={index === 0 ? s.title : s.pageFrom(index * PAGE + 1)} isStale={list.isPlaceholderData}>
              {page.patients.map((patient) => (
                <PatientRow key={patient.id} patient={patient} isCard={isCards} isPicked={picked && picked.has(patient.id)} onPick={pick} />
              ))}
            </ListPage>
          ))}
          <div ref={sentinel} className={styles.more}>
            {total !== null && amount < total && <p className="num">{s.shown(amount, total)}</p>}
            {list.hasNextPage && (
              <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
                {list.isFetchingNextPage ? t.common.loading : t.common.loadMore}
              </Button>
            )}
            {list.isFetchNextPageError && <Failed error={list.error} />}
          </div>
        </div>
      )}
      {picked && <TagBar kind="patients" picked={picked} shown={shown} isPart={list.hasNextPage || isFiltered || query !== ""} onAll={pickAll} onNone={begin} onDone={end} start={start} />}
      {creating && <NewPatientDialog from={creating.from} onClose={() => setCreating(null)} />}
    </>
  );
}

interface NoRowsProps {
  query: string;
  isFiltered: boolean;
  onClear: () => void;
  onNew: () => void;
}

function NoRows({ query, isFiltered, onClear, onNew }: NoRowsProps) {
  if (isFiltered) {
    return (
      <Empty
        icon="filter"
        title={query ? s.noMatchTitle : s.noneFilteredTitle}
        action={
          <Button icon="close" onPress={onClear}>
            {s.clearFilters}
          </Button>
        }
      >
        {query ? s.noMatchFiltered(query) : s.noneFilteredText}
      </Empty>
    );
  }
  if (query) {
    return (
      <Empty
        icon="search"
        title={s.noMatchTitle}
        action={
          <Button icon="plus" onPress={onNew}>
            {s.createNamed(query)}
          </Button>
        }
      >
        {s.noMatchText(query)}
      </Empty>
    );
  }
  return (
    <Empty
      icon="patients"
      title={s.emptyTitle}
      action={
        <Button look="primary" icon="plus" onPress={onNew}>
          {s.new}
        </Button>
      }
    >
      {s.emptyText}
    </Empty>
  );
}

/** F11: the patients opened last, while the empty search field has the focus. */
function RecentPatients({ recent }: { recent: readonly Recent[] }) {
  return (
    <nav className={styles.recent} aria-label={s.recent}>
      <p>{s.recent}</p>
      <ul>
        {recent.map((it) => (
          <li key={it.id}>
            <Link href={`/patients/${it.id}`}>
              <span>{it.name}</span>
              <span className="mono">{it.uniqueId}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** "12 patients", "More than 200 patients found"; while it is counted, that. */
function totalOf(total: number | null, isExact: boolean, isFound: boolean): string {
  if (total === null) return s.counting;
  if (!isExact) return s.moreThan(total);
  return isFound ? s.found(total) : s.total(total);
}

/** Down from the search to the first patient. */
function intoList(event: KeyboardEvent) {
  if (event.key !== "ArrowDown") return;
  const [first] = rowsIn(document);
  if (!first) return;
  event.preventDefault();
  first.focus();
}

/** The value once it has rested. */
function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
