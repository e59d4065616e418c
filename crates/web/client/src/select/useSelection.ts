/** Which things of a list are chosen. A range begins at the one that was chosen last. */
import { useCallback, useEffect, useRef, useState } from "react";

export type Picked = ReadonlySet<string>;

/** All from one to another in the order of the list, both included. */
export function between(ids: readonly string[], from: string, to: string): readonly string[] {
  const [a, b] = [ids.indexOf(from), ids.indexOf(to)];
  return a < 0 || b < 0 ? [to] : ids.slice(Math.min(a, b), Math.max(a, b) + 1);
}

/** `add` keeps it chosen, as when the pointer is drawn over it. */
export type How = "toggle" | "range" | "add";

export type Pick = (id: string, how: How) => void;

type Listed = readonly { readonly id: string }[];

/** `shown` is the list in its order. What is chosen stays so when the list no longer shows it. */
export function useSelection(shown: Listed) {
  const [picked, setPicked] = useState<Picked | null>(null);
  const last = useRef<string | null>(null);
  const order = useRef<Listed>(shown);
  useEffect(() => {
    order.current = shown;
  });
  const pick = useCallback<Pick>((id, how) => {
    const from = last.current;
    last.current = id;
    setPicked((old) => {
      if (!old) return old;
      const next = new Set(old);
      if (how === "range" && from !== null) for (const one of between(order.current.map((it) => it.id), from, id)) next.add(one);
      else if (how === "toggle" && next.has(id)) next.delete(id);
      else next.add(id);
      return next;
    });
  }, []);
  const begin = useCallback(() => setPicked(new Set()), []);
  const end = useCallback(() => {
    last.current = null;
    setPicked(null);
  }, []);
  const pickAll = useCallback(() => setPicked((old) => new Set([...(old ?? []), ...order.current.map((it) => it.id)])), []);
  return { picked, pick, pickAll, begin, end };
}
