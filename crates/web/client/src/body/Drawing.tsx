/** One figure of the body map, whose regions can be tapped. */
import { useId } from "react";
import { bodySites as texts } from "../i18n/bodySites";
import styles from "./BodyMap.module.css";
import { bothHalves, curve, points, polygon } from "./curve";
import type { Figure, Region } from "./figures";
import type { Placed, Side } from "./place";
import { nearness, regionLabel } from "./place";

const b = texts;

interface Props {
  figure: Figure;
  /** Which item of a pair. */
  item?: "left" | "right";
  value: Placed | null;
  /** The region that is in the tab order. */
  current: string | null;
  onPick: (region: Region, side: Side | null, key: string) => void;
}

export interface Target {
  readonly key: string;
  readonly region: Region;
  readonly side: Side | null;
  readonly isMirrored: boolean;
}

/** What can be tapped in a figure, from below to above. */
export function targetsOf(figure: Figure, item?: "left" | "right"): readonly Target[] {
  const [near, far] = figure.isFromBehind ? (["left", "right"] as const) : (["right", "left"] as const);
  const one = (region: Region, side: Side | null, isMirrored: boolean): Target => ({ key: `${figure.id}/${item ?? ""}/${region.site}/${side ?? ""}`, region, side, isMirrored });
  return figure.regions.flatMap((region) => {
    if (item) return [one(region, region.isMiddle ? null : item, item === "left")];
    return region.isMiddle ? [one(region, null, false)] : [one(region, near, false), one(region, far, true)];
  });
}

const isClosed = (list: string): boolean => {
  const all = list.split(" ");
  return all.length > 2 && all[0] === all.at(-1);
};

export function Drawing({ figure, item, value, current, onPick }: Props) {
  const clip = useId();
  const { width, height } = figure;
  const outline = item ? points(figure.outline) : bothHalves(points(figure.outline), width);
  const shape = curve(outline, true);
  const flip = `translate(${width} 0) scale(-1 1)`;
  const targets = targetsOf(figure, item);
  // The item of a pair is mirrored as a whole, its halves one by one.
  const isTurned = (isMirrored: boolean) => (isMirrored ? { transform: flip } : {});
  const lines = figure.lines.map((list) => <path key={list} d={curve(isClosed(list) ? points(list).slice(0, -1) : points(list), isClosed(list))} />);
  const name = item ? `${b.figures[figure.id]}, ${b.sides[item]}` : b.figures[figure.id];
  return (
    <svg className={styles.figure} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={name} data-figure={figure.id}>
      {/* What is drawn beyond the frame, so that it looks cut off there, is not shown. */}
      <clipPath id={`${clip}f`}>
        <rect width={width} height={height} />
      </clipPath>
      <clipPath id={clip}>
        <path d={shape} clipPath={`url(#${clip}f)`} />
      </clipPath>
      <path d={shape} className={styles.skin} clipPath={`url(#${clip}f)`} {...isTurned(item === "left")} />
      {targets.map((target) => {
        const { key, region, side, isMirrored } = target;
        const d = polygon(points(region.area));
        const near = nearness(region, side, value);
        return (
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- there are no buttons within a drawing
          <g
            key={key}
            role="button"
            aria-label={regionLabel(region, side)}
            aria-pressed={region.zoom ? undefined : near === "chosen"}
            tabIndex={key === current ? 0 : -1}
            data-region={key}
            data-near={near ?? undefined}
            className={styles.region}
            onClick={() => onPick(region, side, key)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" && event.key !== " ") return;
              event.preventDefault();
              onPick(region, side, key);
            }}
            {...isTurned(isMirrored)}
          >
            <path d={d} className={styles.around} />
            <path d={d} className={styles.area} clipPath={`url(#${clip})`} />
          </g>
        );
      })}
      {/* The clip is turned with what it clips. */}
      <g className={styles.lines} clipPath={`url(#${clip})`} aria-hidden="true" {...isTurned(item === "left")}>
        {lines}
        {!item && <g transform={flip}>{lines}</g>}
      </g>
      <path d={shape} className={styles.outline} clipPath={`url(#${clip}f)`} {...isTurned(item === "left")} />
    </svg>
  );
}
