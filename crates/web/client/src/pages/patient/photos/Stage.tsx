import { useCallback, useEffect, useRef, useState } from "react";
import type { Image } from "../../../api/types";
import { useAwaySince } from "../../../app/useReach";
import { t } from "../../../i18n/photos";
import { IconButton } from "../../../ui/Button";
import { Icon } from "../../../ui/icons";
import { takenAt } from "./group";
import { Picture, type Sharpness, UNSHARP } from "./Picture";
import { useZoom } from "./useZoom";
import styles from "./Viewer.module.css";
import { percent, wantsFull } from "./zoom";

const v = t.viewer;
const PAN = 80;

interface Props {
  patientId: string;
  /** What the patient is called on screen. */
  name: string;
  image: Image;
  previous: Image | undefined;
  next: Image | undefined;
  zone: string | undefined;
  /** Nothing but the photo: the controls are hidden, so that a ruler at its edge can be read. */
  isBare: boolean;
  onMove: (imageId: string) => void;
  onInfo: () => void;
  /** Turns the photo by so many quarters, clockwise. */
  onTurn: (quarters: number) => void;
  onBare: (isBare: boolean) => void;
  /** Compares it with an earlier photo. */
  onCompare: () => void;
}

export function Stage({ patientId, name, image, previous, next, zone, isBare, onMove, onInfo, onTurn, onBare, onCompare }: Props) {
  const stage = useRef<HTMLDivElement>(null);
  const onPrevious = previous && (() => onMove(previous.id));
  const onNext = next && (() => onMove(next.id));
  const zoom = useZoom(stage, image, { onSwipe: (by) => (by === 1 ? onNext?.() : onPrevious?.()), onTap: () => onBare(!isBare) });
  const { view, fit, ratio } = zoom;
  const isZoomed = view.scale > 1.001;
  const [sharpness, setSharpness] = useState<Readonly<Record<string, Sharpness>>>({});
  const isAway = useAwaySince() !== null;
  const { screen, full } = sharpness[image.id] ?? UNSHARP;
  const onSharper = useCallback((id: string, it: Sharpness) => setSharpness((old) => ({ ...old, [id]: it })), []);

  useEffect(() => stage.current?.focus({ preventScroll: true }), []);
  // What is hidden cannot keep the focus.
  useEffect(() => {
    if (isBare) stage.current?.focus({ preventScroll: true });
  }, [isBare]);

  const actions = useRef<Record<string, (() => void) | undefined>>({});
  useEffect(() => {
    actions.current = {
      "+": zoom.zoomIn,
      "=": zoom.zoomIn,
      "-": zoom.zoomOut,
      _: zoom.zoomOut,
      "0": zoom.reset,
      i: onInfo,
      c: onCompare,
      r: () => onTurn(1),
      l: () => onTurn(3),
      h: () => onBare(!isBare),
      ArrowLeft: isZoomed ? () => zoom.pan(PAN, 0) : onPrevious,
      ArrowRight: isZoomed ? () => zoom.pan(-PAN, 0) : onNext,
      ArrowUp: isZoomed ? () => zoom.pan(0, PAN) : undefined,
      ArrowDown: isZoomed ? () => zoom.pan(0, -PAN) : undefined,
      PageUp: onPrevious,
      PageDown: onNext,
    };
  });
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      // Who types means the field, and a dialog over the viewer has keys of its own.
      const at = event.target instanceof Element ? event.target : null;
      const dialog = at?.closest("[role=dialog], [role=alertdialog]");
      if (at?.closest("input, textarea, select") || (dialog && dialog !== stage.current?.closest("[role=dialog]"))) return;
      // Tab looks for the controls.
      if (event.key === "Tab") onBare(false);
      const action = actions.current[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  }, [onBare]);

  const box = {
    inlineSize: fit.width,
    blockSize: fit.height,
    transform: `translate(-50%, -50%) translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
  };
  // The neighbours wait until the photo itself is there.
  const neighbours = screen === "loading" ? [] : [previous, next].filter((it) => it !== undefined);
  return (
    <div className={styles.stageFrame}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the keys that zoom and pan need a place to be */}
      <div ref={stage} className={styles.stage} role="group" aria-label={v.help} tabIndex={0} data-dragging={zoom.isDragging || undefined} data-zoomed={isZoomed || undefined} {...zoom.handlers}>
        {[image, ...neighbours].map((one) => (
          <Picture
            key={`${one.id}/${one.edition}`}
            patientId={patientId}
            image={one}
            alt={v.alt(name, takenAt(one, zone))}
            isCurrent={one.id === image.id}
            wantsFull={wantsFull(view, fit, image, ratio)}
            box={box}
            onSharper={onSharper}
          />
        ))}
        {screen === "failed" && (
          <p className={styles.failed} role="status">
            {isAway ? v.failedAway : v.failed}
          </p>
        )}
      </div>
      {!isBare && (
        <>
          {(image.incomplete || image.pages > 1) && (
            <p className={styles.remark} data-tone={image.incomplete ? "warn" : undefined}>
              <Icon name={image.incomplete ? "warn" : "info"} size={16} />
              {image.incomplete ? v.incomplete : v.pages(image.pages)}
            </p>
          )}
          {onPrevious && (
            <span className={styles.side} data-side="start">
              <IconButton look="stage" icon="chevronLeft" iconSize={26} label={v.previous} tip={false} onPress={onPrevious} />
            </span>
          )}
          {onNext && (
            <span className={styles.side} data-side="end">
              <IconButton look="stage" icon="chevronRight" iconSize={26} label={v.next} tip={false} onPress={onNext} />
            </span>
          )}
          <div className={styles.zoomBar} role="toolbar" aria-label={v.help}>
            <IconButton look="stage" icon="minus" label={v.zoomOut} tip={false} isDisabled={!isZoomed} onPress={zoom.zoomOut} />
            <output className={styles.percent}>{v.zoom(percent(view, fit, image, ratio))}</output>
            <IconButton look="stage" icon="plus" label={v.zoomIn} tip={false} isDisabled={view.scale >= zoom.max * 0.999} onPress={zoom.zoomIn} />
            <IconButton look="stage" icon="turnLeft" label={v.turnLeft} tip={false} onPress={() => onTurn(3)} />
            <IconButton look="stage" icon="turnRight" label={v.turnRight} tip={false} onPress={() => onTurn(1)} />
            <IconButton look="stage" icon="fit" label={v.fit} tip={false} isDisabled={!isZoomed} onPress={zoom.reset} />
            <IconButton look="stage" icon="compare" label={v.compare} tip={false} onPress={onCompare} />
            <span className={styles.fullNote} role="status">
              {full === "loading" ? v.loadingFull : full === "shown" && isZoomed ? v.fullShown : ""}
            </span>
          </div>
        </>
      )}
    </div>
  );
}
