/** The years of a pool, to jump to or to drag over: beside the photos where there is room, in a row above them on a phone. */
import { type PointerEvent, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import type { YearCount } from "../../../api/types";
import { t } from "../../../i18n/photos";
import type { Layout } from "./layout";
import { covered } from "./useReveal";
import styles from "./Years.module.css";

interface Props {
  pool: RefObject<HTMLElement | null>;
  layout: Layout;
  /** How many photos of each year there are, also of those that are not loaded yet; null before the server said so. */
  years: readonly YearCount[] | null;
  onOlder: (() => void) | undefined;
  isLoading: boolean;
}

interface Year {
  readonly name: string;
  /** Where it begins; null while it is not loaded. */
  readonly top: number | null;
  readonly count: number | null;
}

export function Years({ pool, layout, years: counted, onOlder, isLoading }: Props) {
  const years = useMemo(() => yearsOf(layout, counted), [layout, counted]);
  const at = useYear(pool, years);
  const bar = useInSight(at);
  /** The year that older photos are loaded for. */
  const wanted = useRef<string | null>(null);

  const goTo = (year: Year | undefined) => {
    const it = pool.current;
    if (it && year && year.top !== null) scrollBy({ top: it.getBoundingClientRect().top + year.top - covered(it, 0), behavior: "instant" });
  };
  const latest = useRef(goTo);
  useEffect(() => {
    latest.current = goTo;
  });
  // Older photos come page by page, until that year is there, or no more come.
  useEffect(() => {
    if (wanted.current === null || isLoading) return;
    const year = years.find((it) => it.name === wanted.current);
    if (!year || year.top !== null || !onOlder) {
      wanted.current = null;
      latest.current(year && year.top !== null ? year : years.findLast((it) => it.top !== null));
    } else onOlder();
  }, [isLoading, years, onOlder]);

  const drag = (event: PointerEvent) => {
    // A row with more years than it shows is drawn sideways instead.
    if (event.buttons !== 1 || event.currentTarget.scrollWidth > event.currentTarget.clientWidth) return;
    const name = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>("[data-year]")?.dataset.year;
    const year = years.find((it) => it.name === name);
    if (year && year.name !== at) goTo(year);
  };
  const choose = (year: Year) => {
    wanted.current = year.top === null ? year.name : null;
    if (year.top === null) onOlder?.();
    else goTo(year);
  };

  if (years.length < 2) return null;
  return (
    <nav ref={bar} className={styles.years} aria-label={t.photos.years} data-reflow="scrolls" onPointerMove={drag}>
      <ul>
        {years.map((year) => (
          <li key={year.name}>
            <button
              type="button"
              data-year={year.name}
              data-coming={year.top === null || undefined}
              aria-busy={year.top === null && isLoading}
              aria-current={year.name === at ? "true" : undefined}
              aria-label={year.count === null ? t.photos.toYear(year.name) : t.photos.ofYear(year.name, year.count)}
              onClick={() => choose(year)}
            >
              <span>{year.name}</span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Newest first: those that are loaded, and those that the server knows of beyond them. */
function yearsOf({ blocks }: Layout, counted: readonly YearCount[] | null): readonly Year[] {
  const counts = new Map((counted ?? []).map(({ year, count }) => [String(year).padStart(4, "0"), count]));
  const years = new Map<string, Year>();
  for (const { day, top } of blocks) {
    const name = day.key.slice(0, 4);
    if (!years.has(name)) years.set(name, { name, top, count: counts.get(name) ?? null });
  }
  for (const [name, count] of counts) if (!years.has(name)) years.set(name, { name, top: null, count });
  return [...years.values()].toSorted((one, other) => (one.name < other.name ? 1 : -1));
}

/** The year at the upper end of the window. */
function useYear(pool: RefObject<HTMLElement | null>, years: readonly Year[]): string | undefined {
  const [at, setAt] = useState(years[0]?.name);
  useEffect(() => {
    const look = () => {
      if (!pool.current) return;
      const edge = covered(pool.current, 0) - pool.current.getBoundingClientRect().top + 1;
      setAt((years.findLast((year) => year.top !== null && year.top <= edge) ?? years[0])?.name);
    };
    look();
    addEventListener("scroll", look, { passive: true });
    return () => removeEventListener("scroll", look);
  }, [pool, years]);
  return at;
}

/** Where there are more years than the bar shows, the one that is looked at is among those that it does; only the bar is scrolled. */
function useInSight(at: string | undefined): RefObject<HTMLElement | null> {
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    const it = bar.current;
    const year = it?.querySelector("[aria-current]")?.getBoundingClientRect();
    if (!it || !year) return;
    const { left, right, top, bottom } = it.getBoundingClientRect();
    it.scrollLeft += Math.min(0, year.left - left) + Math.max(0, year.right - right);
    it.scrollTop += Math.min(0, year.top - top) + Math.max(0, year.bottom - bottom);
  }, [at]);
  return bar;
}
