/** Tags in one line, with how many more there are; a press shows all of them. */
import { useEffect, useRef, useState } from "react";
import type { ShownTag } from "../api/types";
import { tags as g } from "../i18n/tags";
import { Button } from "../ui/Button";
import { TagChips } from "./TagChips";
import styles from "./tags.module.css";

const isCut = (chip: HTMLElement) => [...chip.children].some((part) => part.scrollWidth > part.clientWidth + 1);

export function TagLine({ tags }: { tags: readonly ShownTag[] }) {
  const line = useRef<HTMLDivElement>(null);
  const [more, setMore] = useState(0);
  const [isOpen, setOpen] = useState(false);

  useEffect(() => {
    const it = line.current;
    if (!it || typeof ResizeObserver === "undefined") return undefined;
    const count = () => {
      const chips = [...it.querySelectorAll<HTMLElement>("li")];
      // What has no room in the first line stands in those below, which are not shown; what is longer than the line is cut.
      const isBelow = (chip: HTMLElement) => chip.offsetTop > (chips[0]?.offsetTop ?? 0) + 4;
      setMore(chips.filter((chip) => isBelow(chip) || isCut(chip)).length);
    };
    const observer = new ResizeObserver(count);
    observer.observe(it);
    return () => observer.disconnect();
  }, [tags]);

  return (
    <>
      <div ref={line} className={styles.line} data-open={isOpen || undefined}>
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
