/**
 * The photos of this stay at the camera, newest first, and how each stands. The list of uploads forgets what is in as soon as another
 * batch begins; the strip keeps it (case 15), and finds again what an earlier page took and left, and nothing that was in before.
 */
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { UploadDetails } from "../api/types";
import { uploads } from "../upload/manager";
import { hasEnded, isLeft, type Item, type Queue, type Whose } from "../upload/queue";
import { usePatientUploads } from "../upload/useUploads";

export interface StripShot {
  readonly key: string;
  /** As it was taken, from 1. */
  readonly number: number;
  /** Null while it is being taken. */
  readonly item: Item | null;
  /** The photo itself, until the server shows it. */
  readonly file: File | null;
}

export interface Taken {
  readonly key: string;
  readonly id: string | null;
  readonly file: File | null;
}

/** What becomes of a photo that is being taken. */
export interface Taking {
  readonly take: (file: File, said: UploadDetails) => void;
  readonly fail: () => void;
}

export interface Strip {
  readonly shots: readonly StripShot[];
  /** Photos of this patient that are here and not in yet. */
  readonly left: number;
  readonly added: number;
  readonly begin: () => Taking;
  readonly discard: (shot: StripShot) => void;
}

/** Not in, and not on its way at this moment: it can be discarded. */
export const isDiscardable = ({ item }: StripShot): boolean => item !== null && item.gone === undefined && item.state.kind !== "sending" && item.state.kind !== "stored" && item.state.kind !== "duplicate";

const isIn = (item: Item | null): boolean => item?.state.kind === "stored" || item?.state.kind === "duplicate";

/** What the list of uploads says now, over what it last said of those that it has forgotten. */
export function remembered(before: ReadonlyMap<string, Item>, queue: Queue): ReadonlyMap<string, Item> {
  const next = new Map([...before].filter(([, item]) => hasEnded(item)));
  // What was in before this stay is not of it.
  for (const item of queue) if (before.has(item.id) || (item.said && !isIn(item))) next.set(item.id, item);
  return next;
}

export function stripOf(taken: readonly Taken[], known: ReadonlyMap<string, Item>): readonly StripShot[] {
  const here = new Set(taken.map(({ id }) => id));
  // Those of an earlier page come first, and so stand last.
  const former = [...known.values()].filter(({ id }) => !here.has(id)).map((item) => ({ key: item.id, item, file: null }));
  const own = taken.flatMap(({ key, id, file }) => {
    const item = id === null ? null : (known.get(id) ?? null);
    // One that was discarded is gone.
    if (id !== null && item === null) return [];
    return [{ key, item, file: isIn(item) ? null : file }];
  });
  return [...former, ...own].map((shot, index) => ({ ...shot, number: index + 1 })).toReversed();
}

export function useStrip(whose: Whose): Strip {
  const queue = usePatientUploads(whose.id);
  const [taken, setTaken] = useState<readonly Taken[]>([]);
  const [seen, setSeen] = useState<Queue | null>(null);
  const [known, setKnown] = useState<ReadonlyMap<string, Item>>(new Map());
  const begun = useRef(0);
  /** The last that was taken in this stay: the next one joins it in the list of uploads. */
  const stay = useRef<string | null>(null);
  if (seen !== queue) {
    setSeen(queue);
    setKnown(remembered(known, queue));
  }
  const shots = stripOf(taken, known);
  const begin = (): Taking => {
    begun.current += 1;
    const key = `taken-${begun.current}`;
    setTaken((old) => [...old, { key, id: null, file: null }]);
    return {
      // At once, so that it is not seen twice for a moment: by the list of uploads, and by the strip.
      take: (file, said) =>
        flushSync(() => {
          const id = uploads.addShot(whose, file, said, stay.current);
          stay.current = id;
          setTaken((old) => old.map((it) => (it.key === key ? { key, id, file } : it)));
        }),
      fail: () => setTaken((old) => old.filter((it) => it.key !== key)),
    };
  };
  const discard = ({ item }: StripShot) => {
    if (!item) return;
    uploads.remove([item.id]);
    setKnown((old) => new Map([...old].filter(([id]) => id !== item.id)));
  };
  return { shots, left: queue.filter(isLeft).length, added: shots.filter(({ item }) => isIn(item)).length, begin, discard };
}
