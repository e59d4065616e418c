/** Tags in one line, as many as there is room for, and how many more there are; a press shows all of them. */
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ShownTag } from "../api/types";
import { tags as g } from "../i18n/tags";
import { Button } from "../ui/Button";
import { TagChips } from "./TagChips";
import styles from "./tags.module.css";

const isCut = (chip: HTMLElement) => [...chip.children].some((part) => part.scrollWidth > part.clientWidth + 1);
/** What has no room in the first line stands in those below, which are not shown; what is longer than the line is cut. */
const isOut = (chip: HTMLElement, _: number, chips: readonly HTMLElement[]) => chip.offsetTop > (chips[0]?.offsetTop ?? 0) + 4 || isCut(chip);

export function TagLine({ tags }: { tags: readonly ShownTag[] }) {
  const line = useRef<HTMLDivElement>(null);
  // A new object each time, so that where nothing was left out there is a look at the new width, too.
  const [fold, setFold] = useState<{ readonly more: number; readonly end?: number }>({ more: 0 });
  const { more, end } = fold;
  const [isOpen, setOpen] = useState(false);
  const room = useRef("");
  const [counted, setCounted] = useState(tags);
  if (counted !== tags) {
    setCounted(tags);
    setFold({ more: 0 });
  }

  // Before anything is drawn: the button that says how many more there are takes room from the tags itself.
  useLayoutEffect(() => {
    const it = line.current;
    if (!it || isOpen) return;
    const chips = [...it.querySelectorAll<HTMLElement>("li")];
    const out = chips.filter(isOut);
    if (out.length === fold.more) return;
    const last = chips.findLast((chip) => !out.includes(chip));
    const edge = (element: Element) => element.getBoundingClientRect().right;
    // The button stands right behind the last tag that is shown.
    setFold({ more: out.length, ...(last && { end: Math.ceil(edge(last) - it.getBoundingClientRect().left) }) });
  }, [tags, fold, isOpen]);

  useEffect(() => {
    const around = line.current?.parentElement;
    if (!around || typeof ResizeObserver === "undefined") return undefined;
    // Only another width or size of the text makes room or takes it; then all of them are tried again.
    const look = () => {
      const now = `${around.clientWidth} ${getComputedStyle(document.documentElement).fontSize}`;
      if (now !== room.current) setFold({ more: 0 });
      room.current = now;
    };
    const observer = new ResizeObserver(look);
    observer.observe(around);
    return () => observer.disconnect();
  }, []);

  return (
    <>
      <div ref={line} className={styles.line} data-open={isOpen || undefined} style={{ inlineSize: isOpen ? undefined : end }}>
        <TagChips tags={tags} />
      </div>
      {(more > 0 || isOpen) && (
        <Button look="quiet" size="sm" aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
          {isOpen ? g.fewer : g.more(more)}
          <span className="visually-hidden"> {isOpen ? g.fewerHelp : g.moreHelp}</span>
        </Button>
      )}
    </>
  );
}
