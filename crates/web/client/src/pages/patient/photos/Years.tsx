/** The years of a pool, to jump to or to drag over. Beside the photos where there is room, over them on a phone. */
import { type PointerEvent, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { t } from "../../../i18n/photos";
import type { Layout } from "./layout";
import { covered } from "./useReveal";
import styles from "./Years.module.css";

const REST_MS = 1600;

interface Props {
  pool: RefObject<HTMLElement | null>;
  layout: Layout;
  onOlder: (() => void) | undefined;
  isLoading: boolean;
}

interface Year {
  readonly name: string;
  readonly top: number;
}

export function Years({ pool, layout, onOlder, isLoading }: Props) {
  const years = useMemo(() => yearsOf(layout), [layout]);
  const { at, isScrolling } = useYear(pool, years);
  /** The place in the list of the year that older photos are loaded for. */
  const wanted = useRef<number | null>(null);

  const goTo = (year: Year | undefined) => {
    const box = pool.current?.getBoundingClientRect();
    if (box && year) scrollBy({ top: box.top + year.top - covered(0), behavior: "instant" });
  };
  const latest = useRef(goTo);
  useEffect(() => {
    latest.current = goTo;
  });
  // Older photos come page by page, until there is a year that was not here before, or no more.
  useEffect(() => {
    const place = wanted.current;
    if (place === null || isLoading) return;
    if (years.length > place || !onOlder) {
      wanted.current = null;
      latest.current(years[place] ?? years.at(-1));
    } else onOlder();
  }, [isLoading, years, onOlder]);

  const drag = (event: PointerEvent) => {
    if (event.buttons !== 1) return;
    const name = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>("[data-year]")?.dataset.year;
    const year = years.find((it) => it.name === name);
    if (year && year.name !== at) goTo(year);
  };

  if (years.length < 2 && !onOlder) return null;
  return (
    <nav className={styles.years} aria-label={t.photos.years} data-scrolling={isScrolling || undefined} onPointerMove={drag}>
      <ul>
        {years.map((year) => (
          <li key={year.name}>
            <button type="button" data-year={year.name} aria-current={year.name === at ? "true" : undefined} aria-label={t.photos.toYear(year.name)} onClick={() => goTo(year)}>
              <span>{year.name}</span>
            </button>
          </li>
        ))}
        {onOlder && (
          <li>
            <button type="button" aria-busy={isLoading}
              onClick={() => {
                wanted.current = years.length;
                onOlder();
              }}
            >
              <span>{t.photos.older}</span>
            </button>
          </li>
        )}
      </ul>
    </nav>
  );
}

function yearsOf({ blocks }: Layout): readonly Year[] {
  const years = new Map<string, Year>();
  for (const { day, top } of blocks) {
    const name = day.key.slice(0, 4);
    if (!years.has(name)) years.set(name, { name, top });
  }
  return [...years.values()];
}

/** The year at the upper end of the window, and whether it is being scrolled. */
function useYear(pool: RefObject<HTMLElement | null>, years: readonly Year[]) {
  const [at, setAt] = useState(years[0]?.name);
  const [isScrolling, setScrolling] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      const box = pool.current?.getBoundingClientRect();
      if (!box) return;
      const edge = covered(0) - box.top + 1;
      setAt((years.findLast((year) => year.top <= edge) ?? years[0])?.name);
    };
    const scrolled = () => {
      look();
      setScrolling(true);
      clearTimeout(timer);
      timer = setTimeout(() => setScrolling(false), REST_MS);
    };
    look();
    addEventListener("scroll", scrolled, { passive: true });
    return () => {
      clearTimeout(timer);
      removeEventListener("scroll", scrolled);
    };
  }, [pool, years]);
  return { at, isScrolling };
}
