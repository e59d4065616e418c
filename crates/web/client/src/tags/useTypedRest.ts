/** What was typed into a field of tags and not taken from its list: it is not saved without a word. */
import { useState } from "react";
import { tags as g } from "../i18n/tags";

export interface TypedRest {
  readonly typed: string;
  readonly onTyped: (typed: string) => void;
  /** How often saving was refused for it. */
  readonly tries: number;
  readonly error: string | undefined;
  /** Whether something stands in the field; says so there. */
  readonly refuses: () => boolean;
}

/** `say` tells what to do with it; where no tag can be created, nothing of that. */
export function useTypedRest(say: (typed: string) => string = g.notTaken): TypedRest {
  const [typed, setTyped] = useState("");
  const [tries, setTries] = useState(0);
  /** What was refused: another word is not refused before it is saved. */
  const [refused, setRefused] = useState("");
  const refuses = () => {
    if (typed === "") return false;
    setRefused(typed);
    setTries((before) => before + 1);
    return true;
  };
  return { typed, onTyped: setTyped, tries, error: typed !== "" && typed === refused ? say(typed) : undefined, refuses };
}
