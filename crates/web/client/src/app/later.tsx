/**
 * Parts of the program that come in files of their own, so that the first page has less to wait for. They are fetched when they
 * are shown, and beforehand as soon as the browser has nothing else to do: from then on they open at once, also while the server
 * is away, and after an update that no longer has the files of this page.
 */
import { type ComponentType, type ReactNode, useEffect, useState } from "react";
import { lookNow, onComeback } from "../api/reach";
import { Missing, type MissingLook } from "./Missing";

interface Look {
  /** What stands in for it until it is there. */
  readonly waiting?: ReactNode;
  /** How its absence is shown: in its place in the page, over the page, or in passing. */
  readonly missing?: MissingLook;
  /** Fetched when it is shown, and never before. */
  readonly isRare?: boolean;
}

type Fetch = () => Promise<unknown>;
export type Later<P> = ComponentType<P> & { readonly preload: Fetch };

const wanted: Fetch[] = [];

/** A component that `load` fetches. One that is closed has `onClose` among its properties. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>, { waiting = null, missing = "page", isRare = false }: Look = {}): Later<P> {
  let Loaded: ComponentType<P> | null = null;
  let coming: Promise<unknown> | null = null;
  const arrive = async () => {
    try {
      Loaded = await load();
    } catch (fault) {
      // The next attempt asks again.
      coming = null;
      lookNow();
      throw fault;
    }
  };
  const fetchIt: Fetch = () => {
    coming ??= arrive();
    return coming;
  };
  if (!isRare) wanted.push(fetchIt);

  function Part(props: P) {
    const [state, setState] = useState<"coming" | "here" | "missing">("coming");
    useEffect(() => {
      if (Loaded || state !== "coming") return undefined;
      let isShown = true;
      const settle = (next: "here" | "missing") => {
        if (isShown) setState(next);
      };
      fetchIt().then(
        () => settle("here"),
        () => settle("missing"),
      );
      return () => {
        isShown = false;
      };
    }, [state]);
    if (Loaded) return <Loaded {...props} />;
    if (state !== "missing") return waiting;
    const onClose = "onClose" in props && typeof props.onClose === "function" ? (props.onClose as () => void) : undefined;
    return <Missing look={missing} onRetry={() => setState("coming")} {...(onClose ? { onClose } : {})} />;
  }
  return Object.assign(Part, { preload: fetchIt });
}

/** Fetches all parts, one after the other, and those that they name themselves. What fails is left for when it is wanted. */
export async function fetchParts(): Promise<void> {
  // Parts that arrive add their own to the list.
  for (const part of wanted) {
    // oxlint-disable-next-line no-await-in-loop -- they must not compete with what a person waits for
    await part().catch(() => undefined);
  }
}

/** Fetches the parts when the browser is idle, and those that failed once the server is back. */
export function useParts(): void {
  useEffect(() => {
    // Safari has no requestIdleCallback.
    const isPolite = "requestIdleCallback" in window;
    const handle = isPolite ? requestIdleCallback(() => void fetchParts(), { timeout: 3000 }) : setTimeout(() => void fetchParts(), 600);
    const stop = onComeback(() => void fetchParts());
    return () => {
      if (isPolite) cancelIdleCallback(handle as number);
      else clearTimeout(handle as ReturnType<typeof setTimeout>);
      stop();
    };
  }, []);
}
