/**
 * Long lists page by page: a page far from the screen is only as high as it was, so that the document never holds more than a few
 * pages of rows. Where the browser cannot say what is near, all are drawn.
 */
import { type ReactNode, useEffect, useRef, useState } from "react";

/** How far from the screen a page is still drawn. */
const NEAR = "800px";

interface Props {
  children: ReactNode;
  label: string;
  className: string;
  isStale: boolean;
}

export function ListPage({ children, label, className, isStale }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const [height, setHeight] = useState<number | null>(null);
  useEffect(() => {
    const element = list.current;
    if (!element || typeof IntersectionObserver === "undefined") return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          const isNear = entry.isIntersecting || element.contains(document.activeElement);
          setHeight(isNear ? null : entry.boundingClientRect.height);
        }
      },
      { rootMargin: NEAR },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <ul ref={list} className={className} aria-label={label} data-stale={isStale || undefined} style={height === null ? undefined : { blockSize: `${height}px` }}>
      {height === null && children}
    </ul>
  );
}
