/**
 * Where in the client the person is. Our own store over the browser's history, because what is unsaved has to be asked about
 * before a page goes: wouter shows an address as soon as the browser has it, also after Back, which nothing can prevent.
 */
import { useCallback, useSyncExternalStore } from "react";
import { type BaseLocationHook, useLocation, useRouter } from "wouter";
import { discarding, isUnsaved } from "../ui/unsaved";

interface Spot {
  readonly path: string;
  readonly search: string;
  /** The place among the entries of this tab, so that Back can be told from Forward. */
  readonly at: number;
  /** The address of the entry before this one; null when there is none of ours. */
  readonly from: string | null;
}

interface Mark {
  readonly at: number;
  readonly from: string | null;
}

function markIn(state: unknown): Mark | null {
  const mark = (state as { readonly cutis?: Mark } | null)?.cutis;
  return mark && typeof mark.at === "number" ? mark : null;
}

const here = (): Spot => ({ path: location.pathname, search: location.search, ...(markIn(history.state) ?? { at: 0, from: null }) });
const address = (spot: Spot): string => spot.path + spot.search;

/** What fills the screen: a page, a tab of a record, or a visit. A photo that lies over it is no other. */
export function partOf(path: string): string {
  const [, area, id, tab = "visits", entry] = path.split("/");
  if (area !== "patients" || !id) return path;
  return tab === "visits" && entry ? `/patients/${id}/visits/${entry}` : `/patients/${id}/${tab}`;
}

let shown: Spot = typeof window === "undefined" ? { path: "/", search: "", at: 0, from: null } : here();
let isHeld = false;
let isReturning = false;
/** Whether what is shown was reached by Back. */
let isBack = false;
/** What is done once the entry of a sheet has gone; null while none is going. */
let waiting: (() => void)[] | null = null;
const listeners = new Set<() => void>();

function show(next: Spot): void {
  shown = next;
  for (const listener of listeners) listener();
}

/** Which entry of this tab's history is shown; the same after a reload. */
export const entryAt = (): number => shown.at;

export const cameBack = (): boolean => isBack;

/** The address from which what is shown was opened; null when there is none of ours. */
export const cameFrom = (): string | null => shown.from;

interface Options {
  readonly replace?: boolean;
  /** What a page keeps with the entry. */
  readonly state?: unknown;
}

interface Alone {
  readonly cutisAlone?: true;
}

const isAlone = (): boolean => (history.state as Alone | null)?.cutisAlone === true;

/** Puts one more entry for the same place over this one, so that Back stays on the sheet that lies over the page. */
export function pushAlone(): void {
  if (!isAlone()) history.pushState({ ...(history.state as object | null), cutisAlone: true } satisfies Alone, "");
}

/** Takes that entry back. Whatever goes to another place meanwhile waits, as the browser goes back only after this. */
export function dropAlone(): void {
  if (waiting !== null || !isAlone()) return;
  waiting = [];
  history.back();
}

/** Goes to an address without asking. */
export function move(to: string, options: Options): void {
  if (waiting) waiting.push(() => moveNow(to, options));
  else moveNow(to, options);
}

function moveNow(to: string, { replace = false, state }: Options): void {
  const mark: Mark = replace ? { at: shown.at, from: shown.from } : { at: shown.at + 1, from: address(shown) };
  const kept = typeof state === "object" && state !== null ? state : {};
  history[replace ? "replaceState" : "pushState"]({ ...kept, cutis: mark }, "", to);
  const next = here();
  isBack = false;
  // A page begins at its top; Back and Forward, which don't come here, find it where it was left.
  if (partOf(next.path) !== partOf(shown.path)) scrollTo(0, 0);
  show(next);
}

/** Goes to an address, once nothing unsaved is lost by that or the person agreed to it. */
export function navigate(to: string, options: Options = {}): void {
  if (to === address(shown)) move(to, options);
  else discarding(() => move(to, options));
}

/** While a sheet lies over the page, Back and Forward stay where they are. */
export function holdPlace(held: boolean): void {
  isHeld = held;
}

function onPopState(): void {
  if (waiting) {
    const done = waiting;
    waiting = null;
    for (const go of done) go();
    return;
  }
  if (isReturning) {
    isReturning = false;
    return;
  }
  const next = here();
  const isSame = address(next) === address(shown);
  if (!markIn(history.state)) {
    // An entry that the browser made, as for `#content`: it becomes one of ours.
    const mark: Mark = { at: shown.at + 1, from: address(shown) };
    history.replaceState({ cutis: mark }, "");
    show({ ...next, ...mark });
    return;
  }
  const step = next.at - shown.at;
  if (step !== 0 && !isSame && (isHeld || isUnsaved())) {
    isReturning = true;
    history.go(-step);
    if (!isHeld) discarding(() => history.go(step));
    return;
  }
  isBack = step < 0;
  show(next);
}

if (typeof window !== "undefined") {
  addEventListener("popstate", onPopState);
  // The place outlives a reload; the browser would put the new page where the old one was scrolled to before it is filled.
  if (!markIn(history.state)) history.replaceState({ cutis: { at: 0, from: null } satisfies Mark }, "");
  // The sheet has gone by the reload.
  dropAlone();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const pathHook: BaseLocationHook = () => [useSyncExternalStore(subscribe, () => shown.path), navigate];

/** The hooks that wouter's Router is given. */
export const placeHook = Object.assign(pathHook, {
  searchHook: () => useSyncExternalStore(subscribe, () => shown.search),
});

/** Leaves a page that lies over another one, such as the viewer: Back where that is the other page, else to its address. */
export function useBack(): (below: string) => void {
  const router = useRouter();
  const [, go] = useLocation();
  const isOurs = router.hook === placeHook;
  return useCallback(
    (below: string) => {
      const leave = () => {
        if (isOurs && shown.from === below) history.back();
        else go(below, { replace: true });
      };
      if (waiting) waiting.push(leave);
      else leave();
    },
    [isOurs, go],
  );
}
