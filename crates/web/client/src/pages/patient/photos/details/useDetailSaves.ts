/**
 * What a person says of photos in the viewer is saved as it is entered, each field on its own. A field keeps what was entered
 * until the server has it, also while other photos are looked at; what it refuses waits here to be sent again.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { explain, firstMessage, isProblem } from "../../../../api/problem";
import type { Image, ImageValues } from "../../../../api/types";
import { useChangeImage, useShowImages } from "../../../../resources/images";
import { toast } from "../../../../ui/toasts";
import { useUnsaved } from "../../../../ui/unsaved";

export type Field = "caption" | "capturedAt" | "site" | "view" | "modality" | "rating";
export type ValueOf<F extends Field> = NonNullable<ImageValues[F]> | null;

export type State = "edited" | "saving" | "saved" | "failed" | "clash";

export interface Entered {
  readonly value: unknown;
  readonly state: State;
  /** Why it was not saved. */
  readonly problem?: string;
  /** Whether that is what was entered, which would be refused again. */
  readonly isRefused?: boolean;
  /** What another device saved instead. */
  readonly theirs?: unknown;
}

interface Sent {
  readonly image: Image;
  readonly field: Field;
  readonly value: unknown;
}

export type DetailSaves = ReturnType<typeof useDetailSaves>;

const keyOf = (image: Pick<Image, "id">, field: Field): string => `${image.id}/${field}`;

export function useDetailSaves(patientId: string) {
  const change = useChangeImage(patientId);
  const show = useShowImages(patientId);
  const [entered, setEntered] = useState<ReadonlyMap<string, Entered>>(new Map());
  /** By field of a photo: the version that the person saw when they began, the last save, and what was typed and not sent. */
  const seen = useRef(new Map<string, number>());
  const tails = useRef(new Map<string, Promise<void>>());
  const turns = useRef(new Map<string, number>());
  const typed = useRef(new Map<string, Sent>());
  const isGone = useRef(false);

  const put = useCallback((key: string, next: Entered | null) => {
    setEntered((old) => {
      const all = new Map(old);
      if (next) all.set(key, next);
      else all.delete(key);
      return all;
    });
  }, []);

  const save = useCallback(
    (image: Image, field: Field, value: unknown) => {
      const key = keyOf(image, field);
      typed.current.delete(key);
      if (!seen.current.has(key)) seen.current.set(key, image.version);
      const turn = (turns.current.get(key) ?? 0) + 1;
      turns.current.set(key, turn);
      const isLatest = () => turns.current.get(key) === turn;
      put(key, { value, state: "saving" });
      const send = async () => {
        // What was entered after it takes its place.
        if (!isLatest()) return;
        try {
          const changed = await change({ id: image.id, version: seen.current.get(key) ?? image.version }, { [field]: value });
          // What was entered while it was on its way is based on it; what comes later, on what is then seen.
          if (isLatest() && !typed.current.has(key)) seen.current.delete(key);
          else seen.current.set(key, changed.version);
          if (isLatest()) put(key, typed.current.has(key) ? { value: typed.current.get(key)?.value, state: "edited" } : { value, state: "saved" });
        } catch (error) {
          if (isGone.current) toast(firstMessage(error) ?? explain(error), "bad");
          if (!isLatest()) return;
          const conflict = isProblem(error, "stale_version") ? error.conflicts.find((it) => it.field === field) : undefined;
          if (conflict && isProblem(error)) {
            if (error.current) seen.current.set(key, error.current.version);
            put(key, { value, state: "clash", theirs: conflict.current });
          } else {
            const message = firstMessage(error);
            put(key, { value, state: "failed", problem: message ?? explain(error), isRefused: message !== undefined });
          }
        }
      };
      tails.current.set(key, (tails.current.get(key) ?? Promise.resolve()).then(send));
    },
    [change, put],
  );

  /** Remembers what is being typed, without sending it yet. */
  const type = useCallback(
    (image: Image, field: Field, value: unknown) => {
      const key = keyOf(image, field);
      if (!seen.current.has(key)) seen.current.set(key, image.version);
      typed.current.set(key, { image, field, value });
      put(key, { value, state: "edited" });
    },
    [put],
  );
  /** Sends what was typed: of all photos. */
  const flush = useCallback(() => {
    for (const { image, field, value } of typed.current.values()) save(image, field, value);
  }, [save]);
  /** The other value stays. */
  const drop = useCallback(
    (image: Image, field: Field) => {
      const key = keyOf(image, field);
      typed.current.delete(key);
      put(key, null);
      show();
    },
    [put, show],
  );

  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);
  useUnsaved([...entered.values()].some(({ state }) => state === "edited" || state === "failed" || state === "clash"));

  const of = useCallback((image: Image, field: Field) => entered.get(keyOf(image, field)), [entered]);
  return useMemo(() => ({ of, save, type, flush, drop }), [of, save, type, flush, drop]);
}
