/** All photos of a comparison in their frames. One piece of the document for all ways to compare, so that none is loaded again when another way is chosen. */
import { type CSSProperties, type ReactNode, type RefObject, useCallback, useLayoutEffect, useMemo, useState } from "react";
import { compare as t } from "../i18n/compare";
import { Icon } from "../ui/icons";
import { Axis } from "./Axis";
import type { Draft } from "./draft";
import type { Drawing } from "./drawing";
import { type Photo, placedOf } from "./group";
import { framesOf, isPaired, type Layout, type Mode } from "./layout";
import { Picture } from "./Picture";
import { Shapes } from "./Shapes";
import styles from "./Stage.module.css";
import { useSize } from "./useStage";
import { labelOf, whenOf } from "./when";

/** What lies where. */
export interface Plan {
  readonly mode: Mode;
  readonly layout: Layout;
  /** The photos that are shown, in order; of a pair the lower one first. */
  readonly shown: readonly Photo[];
  /** Whether photos lie as their alignment says. */
  readonly isAligned: boolean;
}

interface Props {
  stage: RefObject<HTMLDivElement | null>;
  patientId: string;
  name: string;
  photos: readonly Photo[];
  plan: Plan;
  drawing: Drawing;
  zone: string | undefined;
  /** Of blinking photos, the one that is shown. */
  showing: number;
  active: string | null;
  hasShapes: boolean;
  /** A single pointer does something else than moving the photos. */
  isTool: boolean;
  /** The photo that is drawn on. */
  drawn: { readonly id: string; readonly draft: Draft; readonly selected: string | null; readonly isActive: boolean } | null;
  full: readonly string[];
  onReady: (imageId: string) => void;
  /** Over the photos, by photo: marks that keep their size. */
  marks?: (photo: Photo) => ReactNode;
  children?: ReactNode;
}

const NOTHING = { x: 0, y: 0 };

export function Stage({ stage, patientId, name, photos, plan, drawing, zone, showing, active, hasShapes, isTool, drawn, full, onReady, marks, children }: Props) {
  const size = useSize(stage);
  const { mode, layout, shown, isAligned } = plan;
  const shape = useMemo(() => {
    const middle = shown.map(({ width, height }) => width / height).toSorted((a, b) => a - b);
    return middle[Math.floor(middle.length / 2)] ?? 1;
  }, [shown]);
  const { corners, frame, whole } = useMemo(() => framesOf(mode, layout, shown.length, size, shape), [mode, layout, shown.length, size, shape]);

  // Once on screen it stays in the document: another way to compare must not load it again.
  const [wanted, setWanted] = useState<ReadonlySet<string>>(new Set());
  const missing = shown.filter(({ imageId }) => !wanted.has(imageId));
  if (missing.length > 0) setWanted(new Set([...wanted, ...missing.map(({ imageId }) => imageId)]));

  useLayoutEffect(() => {
    const ids = new Set(shown.map((it) => it.imageId));
    const ratio = typeof devicePixelRatio === "number" ? devicePixelRatio : 1;
    drawing.show({ frame, ratio, photos: photos.map((photo) => ({ ...(isAligned ? placedOf(photos, photo) : { extent: photo, view: photo.view, alignment: null }), id: photo.imageId, isShown: ids.has(photo.imageId) })) });
  }, [drawing, photos, shown, frame, isAligned]);

  const placeOf = useCallback((photo: Photo) => shown.findIndex((it) => it.imageId === photo.imageId), [shown]);
  const boxOf = (index: number): CSSProperties => {
    const { x, y } = corners[index] ?? NOTHING;
    return { insetInlineStart: x, insetBlockStart: y, inlineSize: frame.width, blockSize: frame.height };
  };
  const pair = isPaired(mode) && shown.length > 1;
  const isSeen = (index: number): boolean => index >= 0 && !(mode === "blink" && pair && index !== showing);
  return (
    <div className={styles.around}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the keys that zoom and move need a place to be */}
      <div ref={stage} className={styles.stage} role="group" aria-label={t.help} tabIndex={0} data-mode={mode} data-tool={isTool || undefined} data-reflow="scrolls" data-scrolls={whole.width > size.width + 1 || whole.height > size.height + 1 || undefined}>
        <div className={styles.frames} style={{ inlineSize: Math.floor(whole.width), blockSize: Math.floor(whole.height) }}>
          {photos.map((photo) => {
            const index = placeOf(photo);
            const isUpper = pair && index === 1;
            return (
              <div key={photo.imageId} className={styles.pane} data-pane={photo.imageId} data-upper={isUpper || undefined} data-active={(active === photo.imageId && shown.length > 1 && !pair) || undefined} hidden={index < 0} data-unseen={(index >= 0 && !isSeen(index)) || undefined} style={boxOf(index)}>
                <Picture patientId={patientId} photo={photo} alt={t.alt(name, labelOf(photo, zone))} isWanted={wanted.has(photo.imageId)} isFull={full.includes(photo.imageId)} drawing={drawing} onReady={onReady}>
                  {hasShapes && <Shapes photo={photo} selected={drawn?.id === photo.imageId ? drawn.selected : null} isActive={drawn?.id === photo.imageId && drawn.isActive} draft={drawn?.id === photo.imageId ? drawn.draft : null} />}
                </Picture>
                {index >= 0 && marks?.(photo)}
              </div>
            );
          })}
          {/* Over the photos and not in them: blending must not reach the words. */}
          {shown.map((photo, index) => (
            <p key={photo.imageId} className={styles.label} data-upper={(pair && index === 1) || undefined} data-unseen={!isSeen(index) || undefined} style={boxOf(index)}>
              <span>
                {photo.label && <strong>{photo.label}</strong>}
                <span>{whenOf(photo, zone)}</span>
                {photo.isIncomplete && (
                  <span className={styles.incomplete}>
                    <Icon name="warn" size={14} /> {t.partMissing}
                  </span>
                )}
              </span>
            </p>
          ))}
          {mode === "timeline" && <Axis photos={shown} frame={frame} whole={whole} zone={zone} />}
        </div>
      </div>
      {children}
    </div>
  );
}
