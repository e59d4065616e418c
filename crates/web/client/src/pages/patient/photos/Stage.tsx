import { useEffect, useRef, useState } from "react";
import type { Image } from "../../../api/types";
import { t } from "../../../i18n";
import { imageUrl } from "../../../resources/images";
import { IconButton } from "../../../ui/Button";
import { takenAt } from "./group";
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
  zone: string | undefined;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
  onInfo: () => void;
}

export function Stage({ patientId, name, image, zone, onPrevious, onNext, onInfo }: Props) {
  const stage = useRef<HTMLDivElement>(null);
  const zoom = useZoom(stage, image, (by) => (by === 1 ? onNext?.() : onPrevious?.()));
  const { view, fit, ratio } = zoom;
  const [shown, setShown] = useState<"loading" | "shown" | "failed">("loading");
  const [wanted, setWanted] = useState(false);
  const [arrived, setArrived] = useState<"shown" | "failed" | null>(null);
  const isZoomed = view.scale > 1.001;

  // Once asked for it stays: zooming out and in again must not load it twice.
  if (!wanted && shown === "shown" && wantsFull(view, fit, image, ratio)) setWanted(true);
  const full = wanted ? (arrived ?? "loading") : "no";

  useEffect(() => stage.current?.focus({ preventScroll: true }), []);

  const actions = useRef<Record<string, (() => void) | undefined>>({});
  useEffect(() => {
    actions.current = {
      "+": zoom.zoomIn,
      "=": zoom.zoomIn,
      "-": zoom.zoomOut,
      _: zoom.zoomOut,
      "0": zoom.reset,
      i: onInfo,
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
      const action = actions.current[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  }, []);

  const box = {
    inlineSize: fit.width,
    blockSize: fit.height,
    transform: `translate(-50%, -50%) translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
  };
  const alt = v.alt(name, takenAt(image, zone));
  return (
    <div className={styles.stageFrame}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the keys that zoom and pan need a place to be */}
      <div ref={stage} className={styles.stage} role="group" aria-label={v.help} tabIndex={0} data-dragging={zoom.isDragging || undefined} data-zoomed={isZoomed || undefined} {...zoom.handlers}>
        {shown !== "failed" && (
          <img
            className={styles.image}
            style={box}
            data-state={shown}
            src={imageUrl(patientId, image.id, "screen")}
            alt={alt}
            draggable={false}
            onLoad={() => setShown("shown")}
            onError={() => setShown("failed")}
          />
        )}
        {full !== "no" && full !== "failed" && (
          <img
            className={styles.image}
            style={box}
            data-state={full}
            src={imageUrl(patientId, image.id, "full")}
            alt=""
            draggable={false}
            onLoad={() => setArrived("shown")}
            onError={() => setArrived("failed")}
          />
        )}
        {shown === "failed" && <p className={styles.failed}>{v.failed}</p>}
      </div>
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
        <IconButton look="stage" icon="fit" label={v.fit} tip={false} isDisabled={!isZoomed} onPress={zoom.reset} />
        <span className={styles.fullNote} role="status">
          {full === "loading" ? v.loadingFull : full === "shown" && isZoomed ? v.fullShown : ""}
        </span>
      </div>
    </div>
  );
}
