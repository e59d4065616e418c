/**
 * R0: what was typed and not saved. Forms say whether they hold something; whoever would close them asks first. The question
 * itself is drawn once, by DiscardQuestion.
 */
import { createContext, use, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";

/** The forms inside of one dialog, or of the whole page. */
export type Scope = Set<symbol>;

const everything: Scope = new Set();
/** The dialog around; null on the page itself. */
export const ScopeContext = createContext<Scope | null>(null);

/** What a question says that is not the usual one about what was typed. */
export interface Words {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly no: string;
  /** What `no` does beyond staying, where that is more; then nothing is lost by `yes` that was worth much. */
  readonly instead?: () => void;
  /** What keeps it, as a third answer; `act` does the rest. */
  readonly also?: { readonly label: string; readonly act: () => void };
}

export interface Question {
  readonly scope: Scope;
  /** Null for the usual question. */
  readonly words: Words | null;
  /** Whether it is about forms, and so void once these are saved. */
  readonly isOfForms: boolean;
  readonly answer: (yes: boolean) => void;
}

/** Forms that are asked about in words of their own. */
const wordsOf = new Map<symbol, () => Words>();

/** The words for all of what would be lost: a form's own only where it is the only one. */
function wordsFor(scope: Scope): Words | null {
  const [form, ...others] = scope;
  return form !== undefined && others.length === 0 ? (wordsOf.get(form)?.() ?? null) : null;
}

let question: Question | null = null;
const listeners = new Set<() => void>();
const tell = (): void => {
  for (const listener of listeners) listener();
};

/** Whether something in a dialog, or anywhere, is not saved. */
export const isUnsaved = (scope: Scope = everything): boolean => scope.size > 0;

/** Does something that closes forms: at once when nothing is unsaved, else once the person agreed to discard it. */
export function discarding(act: () => void, scope: Scope = everything): void {
  if (!isUnsaved(scope)) {
    act();
    return;
  }
  if (question) return;
  question = {
    scope,
    words: wordsFor(scope),
    isOfForms: true,
    answer: (yes) => {
      question = null;
      tell();
      if (!yes) return;
      for (const form of scope) everything.delete(form);
      scope.clear();
      act();
    },
  };
  tell();
}

/** Asks before something else than what was typed is lost. False while another question stands. */
export function asking(words: Words): Promise<boolean> {
  if (question) return Promise.resolve(false);
  return new Promise((resolve) => {
    const answer = (yes: boolean) => {
      question = null;
      tell();
      resolve(yes);
    };
    question = { scope: new Set(), words, isOfForms: false, answer };
    tell();
  });
}

/** The page goes without a question: another person is here. */
export function discardAll(): void {
  everything.clear();
  if (question && !question.isOfForms) question.answer(false);
  question = null;
  tell();
}

/** What DiscardQuestion shows. */
export function useQuestion(): Question | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => question,
  );
}

/** Says whether a form holds something unsaved. Gives what to call once it was saved, before the page is left for that. */
export function useUnsaved(isDirty: boolean, own?: Scope, words?: Words): () => void {
  const around = use(ScopeContext);
  const scope = own ?? around;
  const form = useRef(Symbol("form"));
  const said = useRef(words);
  useEffect(() => {
    said.current = words;
  });
  const settle = useCallback(() => {
    everything.delete(form.current);
    wordsOf.delete(form.current);
    scope?.delete(form.current);
    // It was saved while the question stood: there is nothing left to ask.
    if (question?.isOfForms && !isUnsaved(question.scope)) {
      question = null;
      tell();
    }
  }, [scope]);
  useEffect(() => {
    if (!isDirty) return undefined;
    const { current } = said;
    everything.add(form.current);
    if (current) wordsOf.set(form.current, () => said.current ?? current);
    scope?.add(form.current);
    return settle;
  }, [isDirty, scope, settle]);
  return settle;
}

export interface Unsaved {
  readonly scope: Scope;
  readonly settle: () => void;
}

/** The same for a form that draws its own dialog, which is given the result. */
export function useUnsavedDialog(isDirty: boolean, words?: Words): Unsaved {
  const [scope] = useState<Scope>(() => new Set());
  return { scope, settle: useUnsaved(isDirty, scope, words) };
}

if (typeof window !== "undefined") {
  addEventListener("beforeunload", (event) => {
    if (isUnsaved()) event.preventDefault();
  });
}
