/**
 * The body as seen by who examines it: the patient's right is on the left, unless seen from behind. One drawing at a time, as large
 * as there is room. One region is in the tab order, and the arrow keys go to the next one in their direction.
 */
import { type CSSProperties, type KeyboardEvent, useRef, useState } from "react";
import { ToggleButton } from "react-aria-components/ToggleButton";
import { ToggleButtonGroup } from "react-aria-components/ToggleButtonGroup";
import { bodySites as texts } from "../i18n/bodySites";
import styles from "./BodyMap.module.css";
import { Drawing, type Target, targetsOf } from "./Drawing";
import { type Figure, type ViewId, VIEWS } from "./figures";
import { figuresFor, nearness, type Placed, placed } from "./place";

const b = texts;
const ITEMS = ["right", "left"] as const;

interface Props {
  view: ViewId;
  /** The site whose drawing is shown at first. */
  first: string | null;
  value: Placed | null;
  onChange: (value: Placed) => void;
  onView: (view: ViewId) => void;
}

/** Pairs of things that are broader than this stand below each other where the window is high: so they are larger. */
const BROAD = 0.6;

const itemsOf = (figure: Figure) => (figure.isPair ? ITEMS : [undefined]);

export function BodyMap({ view, first, value, onChange, onView }: Props) {
  const map = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string | null>(null);
  const [picked, setPicked] = useState<{ readonly first: string | null; readonly id: Figure["id"] } | null>(null);
  const figures = figuresFor(view, first);
  // Another site that is chosen in words leads to its own drawing.
  const figure = figures.find(({ id }) => picked?.first === first && id === picked.id) ?? figures[0];
  const targets = figure ? itemsOf(figure).flatMap((item) => targetsOf(figure, item)) : [];
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
      {figures.length > 1 && (
        <ToggleButtonGroup
          aria-label={b.drawing}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={figure ? [figure.id] : []}
          onSelectionChange={(keys) => {
            const chosenFigure = figures.find(({ id }) => keys.has(id));
            if (chosenFigure) setPicked({ first, id: chosenFigure.id });
          }}
          className={styles.drawings ?? ""}
        >
          {VIEWS[view].map(({ id }) => (
            <ToggleButton key={id} id={id}>
              {b.drawings[id]}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      )}
      {figure && <Frame key={figure.id} figure={figure} value={value} current={current} onPick={onPick} />}
    </div>
  );
}

interface FrameProps {
  figure: Figure;
  value: Placed | null;
  current: string | null;
  onPick: (region: Target["region"], side: Target["side"], key: string) => void;
}

/** A drawing, or a pair of them, with whose side is which. */
function Frame({ figure, value, current, onPick }: FrameProps) {
  const [start, end] = figure.isFromBehind ? [b.patientsLeft, b.patientsRight] : [b.patientsRight, b.patientsLeft];
  const { isPair = false, width, height, scale = 1 } = figure;
  return (
    <figure className={styles.frame} data-broad={(isPair && width > height * BROAD) || undefined} aria-label={b.figures[figure.id]} style={{ "--drawn": `${width * scale}px` } as CSSProperties}>
      {!isPair && (
        <p className={styles.sides} aria-hidden="true">
          <span>{start}</span>
          <span>{end}</span>
        </p>
      )}
      <div className={styles.items}>
        {itemsOf(figure).map((item) => (
          <div key={item ?? "whole"} className={styles.item}>
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
