/** What hands and keys do, as buttons: zoom, rotation, fit, and whether the photos move together. */
import type { RefObject } from "react";
import { compare as t } from "../i18n/compare";
import { IconButton } from "../ui/Button";
import styles from "./Compare.module.css";
import { STEP, TURN } from "./gesture";
import { type Matrix, scaled, turned } from "./matrix";

interface Props {
  isLinked: boolean;
  percent: RefObject<HTMLOutputElement | null>;
  onMatrix: (by: Matrix | "fit") => void;
  onLink: () => void;
  onHide: () => void;
}

export function ZoomBar({ isLinked, percent, onMatrix, onLink, onHide }: Props) {
  return (
    <div className={styles.zoomBar} role="toolbar" aria-label={t.tools}>
      <IconButton look="stage" icon="minus" label={t.zoomOut} tip={false} onPress={() => onMatrix(scaled(1 / STEP))} />
      <output ref={percent} className={styles.percent} aria-live="off">
        {t.percent(100)}
      </output>
      <IconButton look="stage" icon="plus" label={t.zoomIn} tip={false} onPress={() => onMatrix(scaled(STEP))} />
      <IconButton look="stage" icon="turnLeft" label={t.turnLeft} tip={false} onPress={() => onMatrix(turned(-TURN))} />
      <IconButton look="stage" icon="turnRight" label={t.turnRight} tip={false} onPress={() => onMatrix(turned(TURN))} />
      <IconButton look="stage" icon="fit" label={t.fit} tip={false} onPress={() => onMatrix("fit")} />
      <IconButton look="stage" icon={isLinked ? "linked" : "unlink"} label={t.link} tip={false} aria-pressed={isLinked} onPress={onLink} />
      <IconButton look="stage" icon="eyeOff" label={t.hide} tip={false} onPress={onHide} />
    </div>
  );
}
