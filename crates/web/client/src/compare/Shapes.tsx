/** What is drawn on a photo, as SVG over it: in the photo's own pixels, so that it moves and grows with it. Never part of the photo. */
import { useSyncExternalStore } from "react";
import { compare as t } from "../i18n/compare";
import { decimal } from "../i18n/format";
import type { Draft } from "./draft";
import type { Colour, Drawn, Photo, Ruler } from "./group";
import { measureIn } from "./measure";
import type { Point } from "./matrix";
import styles from "./Shapes.module.css";
import type { Extent } from "./view";

/** On both dark and light photos: each has an edge of the other. */
const PAINT: Readonly<Record<Colour, readonly [string, string]>> = {
  red: ["#ff4d3d", "#2b0500"],
  yellow: ["#ffd91f", "#2b2300"],
  green: ["#45d96b", "#00250b"],
  blue: ["#58a6ff", "#001a38"],
  white: ["#ffffff", "#000000"],
  black: ["#000000", "#ffffff"],
};

/** One step of a line's width, in pixels of the photo. */
const unitOf = ({ width, height }: Extent): number => Math.max(width, height) / 700;

interface Props {
  photo: Photo;
  selected: string | null;
  /** Whether they can be chosen and moved. */
  isActive: boolean;
  draft: Draft | null;
}

export function Shapes({ photo, selected, isActive, draft }: Props) {
  const { width, height, annotations, ruler } = photo;
  return (
    <svg className={styles.shapes} viewBox={`0 0 ${width} ${height}`} aria-hidden="true" data-active={isActive || undefined}>
      {ruler && <RulerLine ruler={ruler} extent={photo} />}
      {annotations.map((it) => (
        <Shape key={it.id} drawn={it} photo={photo} isSelected={it.id === selected} />
      ))}
      {draft && <DraftShape draft={draft} photo={photo} />}
    </svg>
  );
}

function DraftShape({ draft, photo }: { draft: Draft; photo: Photo }) {
  const drawn = useSyncExternalStore(draft.subscribe, draft.read);
  return drawn && <Shape drawn={drawn} photo={photo} isSelected={false} />;
}

const path = (points: readonly Point[]): string => points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

/** A line with its head, which is drawn inside of its length. */
function arrowPath(from: Point, to: Point, head: number): string {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const wing = (by: number): Point => ({ x: to.x - head * Math.cos(angle + by), y: to.y - head * Math.sin(angle + by) });
  return `${path([from, to])}${path([wing(0.5), to, wing(-0.5)])}`;
}

/** A line with a bar at each end. */
function barPath(from: Point, to: Point, bar: number): string {
  const angle = Math.atan2(to.y - from.y, to.x - from.x) + Math.PI / 2;
  const end = (at: Point): string => path([{ x: at.x - bar * Math.cos(angle), y: at.y - bar * Math.sin(angle) }, { x: at.x + bar * Math.cos(angle), y: at.y + bar * Math.sin(angle) }]);
  return `${path([from, to])}${end(from)}${end(to)}`;
}

function Shape({ drawn, photo, isSelected }: { drawn: Drawn; photo: Photo; isSelected: boolean }) {
  const unit = unitOf(photo);
  const px = ({ x, y }: Point): Point => ({ x: x * photo.width, y: y * photo.height });
  const [fill, edge] = PAINT[drawn.colour];
  const stroke = drawn.width * unit;
  const line = (d: string) => (
    <>
      <path d={d} className={styles.hit} strokeWidth={Math.max(stroke * 4, unit * 24)} />
      <path d={d} stroke={edge} strokeWidth={stroke + unit * 1.6} />
      <path d={d} stroke={fill} strokeWidth={stroke} />
    </>
  );
  const written = (at: Point, text: string, isMiddle: boolean) => (
    <text x={at.x} y={at.y} fontSize={unit * (12 + 3 * drawn.width)} fill={fill} stroke={edge} strokeWidth={unit * 3} paintOrder="stroke" textAnchor={isMiddle ? "middle" : "start"}>
      {text}
    </text>
  );
  const parts = () => {
    switch (drawn.kind) {
      case "arrow":
        return line(arrowPath(px(drawn.from), px(drawn.to), stroke * 4 + unit * 8));
      case "freehand":
        return line(path(drawn.points.map(px)));
      case "circle": {
        const { x, y } = px(drawn.centre);
        const r = drawn.radius * photo.width;
        return line(`M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`);
      }
      case "text":
        return written(px(drawn.at), drawn.text, false);
      case "measure": {
        const [from, to] = [px(drawn.from), px(drawn.to)];
        return (
          <>
            {line(barPath(from, to, unit * 6 + stroke))}
            {written({ x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 - unit * 10 }, lengthOf(drawn, photo), true)}
          </>
        );
      }
      default:
        return null;
    }
  };
  return (
    <g data-drawn={drawn.id} data-selected={isSelected || undefined}>
      {parts()}
    </g>
  );
}

/** "12.3 ± 0.4 mm", or why it cannot be said. */
export function lengthOf(line: { readonly from: Point; readonly to: Point }, photo: Photo): string {
  const found = photo.ruler ? measureIn(photo, photo.ruler, line.from, line.to) : "not_finite";
  return typeof found === "string" ? "?" : t.measured(decimal(found.millimetres, 1), decimal(Math.max(0.1, found.uncertainty), 1));
}

function RulerLine({ ruler, extent }: { ruler: Ruler; extent: Extent }) {
  const unit = unitOf(extent);
  const px = ({ x, y }: Point): Point => ({ x: x * extent.width, y: y * extent.height });
  const d = barPath(px(ruler.from), px(ruler.to), unit * 7);
  return (
    <g className={styles.ruler}>
      <path d={d} stroke="#000" strokeWidth={unit * 3.6} />
      <path d={d} stroke="#fff" strokeWidth={unit * 1.6} strokeDasharray={`${unit * 6} ${unit * 4}`} />
    </g>
  );
}
