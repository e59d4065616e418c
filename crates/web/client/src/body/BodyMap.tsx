/**
 * The body as seen by who examines it: the patient's right is on the left, unless seen from behind. One region is in the tab
 * order, and the arrow keys go to the next one in their direction.
 */
import { type KeyboardEvent, useRef, useState } from "react";
import { bodySites as texts } from "../i18n/bodySites";
import styles from "./BodyMap.module.css";
import { Drawing, type Target, targetsOf } from "./Drawing";
import type { Figure, ViewId } from "./figures";
import { figuresFor, nearness, type Placed, placed } from "./place";

const b = texts;
const ITEMS = ["right", "left"] as const;

interface Props {
  view: ViewId;
  /** The site whose figure comes first. */
  first: string | null;
  value: Placed | null;
  onChange: (value: Placed) => void;
  onView: (view: ViewId) => void;
}

const itemsOf = (figure: Figure) => (figure.isPair ? ITEMS : [undefined]);

export function BodyMap({ view, first, value, onChange, onView }: Props) {
  const map = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string | null>(null);
  const figures = figuresFor(view, first);
  const targets = figures.flatMap((figure) => itemsOf(figure).flatMap((item) => targetsOf(figure, item)));
  const chosen = targets.find(({ region, side }) => nearness(region, side, value) === "chosen");
  const current = (targets.find((it) => it.key === active) ?? chosen ?? targets[0])?.key ?? null;

  const onPick = (region: Target["region"], side: Target["side"], key: string) => {
    setActive(key);
    if (region.zoom) onView(region.zoom);
    else onChange(placed(region.site, side));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const way = WAYS[event.key];
    const from = document.activeElement?.getAttribute("data-region") ? document.activeElement : null;
    if (!way || !from || !map.current) return;
    event.preventDefault();
    const to = nearest(from, [...map.current.querySelectorAll("[data-region]")], way);
    if (!to) return;
    setActive(to.getAttribute("data-region"));
    (to as SVGElement).focus();
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the arrow keys go from button to button
    <div ref={map} className={styles.map} data-view={view} onKeyDown={onKeyDown}>
      {figures.map((figure) => {
        const [start, end] = figure.isFromBehind ? [b.patientsLeft, b.patientsRight] : [b.patientsRight, b.patientsLeft];
        return (
          <figure key={figure.id} className={styles.frame} data-pair={figure.isPair || undefined} style={figure.isPair ? undefined : { inlineSize: figure.width * (figure.scale ?? 1) }}>
            <figcaption>{b.figures[figure.id]}</figcaption>
            {!figure.isPair && (
              <p className={styles.sides} aria-hidden="true">
                <span>{start}</span>
                <span>{end}</span>
              </p>
            )}
            <div className={styles.items}>
              {itemsOf(figure).map((item) => (
                <div key={item ?? "whole"} className={styles.item} style={{ inlineSize: figure.width * (figure.scale ?? 1) }}>
                  {item && (
                    <p className={styles.sides} aria-hidden="true">
                      <span>{item === "left" ? b.patientsLeft : b.patientsRight}</span>
                    </p>
                  )}
                  <Drawing figure={figure} {...(item ? { item } : {})} value={value} current={current} onPick={onPick} />
                </div>
              ))}
            </div>
          </figure>
        );
      })}
    </div>
  );
}

const WAYS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const middleOf = (element: Element): readonly [number, number] => {
  const box = element.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
};

/** The element that is nearest in a direction; what lies aside of it counts as further away. */
export function nearest(from: Element, all: readonly Element[], [wayX, wayY]: readonly [number, number]): Element | undefined {
  const [x, y] = middleOf(from);
  let best: Element | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const one of all) {
    if (one === from) continue;
    const [oneX, oneY] = middleOf(one);
    const ahead = (oneX - x) * wayX + (oneY - y) * wayY;
    const aside = Math.abs((oneX - x) * wayY) + Math.abs((oneY - y) * wayX);
    if (ahead < 2) continue;
    const distance = ahead + aside * 2.5;
    if (distance < least) {
      best = one;
      least = distance;
    }
  }
  return best;
}
