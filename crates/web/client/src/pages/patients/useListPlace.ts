/**
 * F11: where a person is in a long list survives a reload, also one in a record that they then leave by Back. Remembered, as the
 * search is, in what is sealed with the session: how many pages were loaded and how far they were scrolled, for this entry of the
 * browser's history. While the pages are still in memory the browser itself finds the place.
 */
import { useEffect, useRef } from "react";
import { entryAt } from "../../app/place";
import { recall, remember } from "../../app/sealed";

const NAME = "patients.place";
/** Each page is a request, and a view that is recorded. */
const MOST_PAGES = 20;
/** A place that was scrolled to is one where a person rested. */
const REST_MS = 200;

interface Place {
  readonly at: number;
  /** Which list. */
  readonly list: string;
  readonly pages: number;
  readonly y: number;
}

interface Shown {
  /** What is listed, in which order. */
  readonly list: string;
  readonly pages: number;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly isFailed: boolean;
  readonly loadMore: () => void;
}

export function useListPlace({ list, pages, hasMore, isLoading, isFailed, loadMore }: Shown): void {
  /** Null once the person is there, or where there is nowhere to go. */
  const wanted = useRef<Place | null | undefined>(undefined);
  const latest = useRef({ list, pages });

  useEffect(() => {
    latest.current = { list, pages };
    // What the session remembers is there once its key is, so it is looked up with the first page.
    if (wanted.current === undefined && pages > 0) {
      const kept = recall(NAME) as Place | undefined;
      wanted.current = kept && kept.at === entryAt() && kept.list === list && kept.y > 0 && pages < kept.pages ? kept : null;
      if (kept && wanted.current === null && kept.at === entryAt() && kept.list === list && scrollY === 0 && kept.y > 0) scrollTo(0, kept.y);
    }
    const place = wanted.current;
    if (!place || isLoading) return;
    if (place.list === list && !isFailed && hasMore && pages < Math.min(place.pages, MOST_PAGES)) {
      loadMore();
      return;
    }
    wanted.current = null;
    if (place.list === list) scrollTo(0, place.y);
  }, [list, pages, hasMore, isLoading, isFailed, loadMore]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const at = entryAt();
    const note = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        // On the way to a place nothing is noted, nor before anything is shown.
        if (wanted.current !== null || entryAt() !== at) return;
        remember(NAME, { at, ...latest.current, y: Math.round(scrollY) } satisfies Place);
      }, REST_MS);
    };
    // A person who scrolls themselves wants to be there.
    const stop = () => {
      if (wanted.current) wanted.current = null;
    };
    addEventListener("scroll", note, { passive: true });
    addEventListener("wheel", stop, { passive: true });
    addEventListener("touchmove", stop, { passive: true });
    return () => {
      clearTimeout(timer);
      removeEventListener("scroll", note);
      removeEventListener("wheel", stop);
      removeEventListener("touchmove", stop);
    };
  }, []);
}
