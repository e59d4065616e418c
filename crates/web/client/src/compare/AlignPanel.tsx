/** The step in which two photos are aligned: how far it is, how well the points fit, or why they do not. */
import { compare as t } from "../i18n/compare";
import { decimal } from "../i18n/format";
import { Button } from "../ui/Button";
import { Select } from "../ui/Field";
import { Banner } from "../ui/parts";
import styles from "./Compare.module.css";
import { fitOf, MOST_LANDMARKS, type Photo } from "./group";
import { isFound, isIncomplete, type NoFit } from "./similarity";
import type { Store } from "./store";
import { labelOf } from "./when";

interface Props {
  photos: readonly Photo[];
  target: Photo;
  store: Store;
  zone: string | undefined;
  onTarget: (imageId: string) => void;
  onMark: (photo: Photo) => void;
  onDone: () => void;
}

const side = (it: "reference" | "image"): string => (it === "reference" ? t.theFirst : t.thisPhoto);

/** Why points do not fit, in words. */
export function reasonOf(problem: NoFit): string {
  const words = t.noFit;
  switch (problem.code) {
    case "counts":
      return words.counts(problem.reference, problem.image);
    case "too_close":
      return words.too_close(side(problem.side), problem.first + 1, problem.second + 1);
    case "in_line":
      return words.in_line(side(problem.side));
    case "scale":
      return words.scale(decimal(problem.share, 3));
    case "residual":
      return words.residual(decimal(problem.pixels, 0), decimal(problem.share * 100, 1), problem.worst + 1);
    default:
      return words[problem.code];
  }
}

export function AlignPanel({ photos, target, store, zone, onTarget, onMark, onDone }: Props) {
  const [first] = photos;
  if (!first) return null;
  const fit = fitOf(photos, target);
  const problem = fit && "problem" in fit ? fit.problem : null;
  const isFirstNext = first.landmarks.length <= target.landmarks.length;
  const next = isFirstNext ? first : target;
  const isFull = first.landmarks.length >= MOST_LANDMARKS && target.landmarks.length >= MOST_LANDMARKS;
  const last = first.landmarks.length > target.landmarks.length ? [first] : first.landmarks.length < target.landmarks.length ? [target] : [first, target];
  const set = (photo: Photo, landmarks: Photo["landmarks"]) => store.setPhoto(photo.imageId, "landmarks", landmarks);
  return (
    <>
      <p>{t.alignHelp}</p>
      {photos.length > 2 && <Select label={t.alignWhat} value={target.imageId} onChange={onTarget} options={photos.slice(1).map((photo) => ({ value: photo.imageId, label: labelOf(photo, zone) }))} />}
      <dl className={styles.facts}>
        <div>
          <dt>{t.alignIn.first}</dt>
          <dd>{t.marks(first.landmarks.length)}</dd>
        </div>
        <div>
          <dt>{t.alignIn.second}</dt>
          <dd>{t.marks(target.landmarks.length)}</dd>
        </div>
      </dl>
      <div role="status" className={styles.outcome}>
        {isFound(fit) && (
          <Banner tone={fit.isChecked ? "good" : "info"}>
            <strong>{t.aligned}. </strong>
            {fit.isChecked ? t.residual(decimal(fit.residualPixels, 1), decimal(fit.residualShare * 100, 2)) : t.unchecked}
            {fit.isChecked && fit.residualShare > 0.005 && ` ${t.worst(fit.worst + 1)}`}
          </Banner>
        )}
        {problem && !isIncomplete(problem) && (
          <Banner tone="warn">
            <strong>{t.notAligned}. </strong>
            {reasonOf(problem)}
          </Banner>
        )}
        <p>{isFull ? t.full : t.nextMark(next.landmarks.length + 1, next === first ? t.theFirst : t.thisPhoto)}</p>
      </div>
      <div className={styles.buttons}>
        <Button size="sm" isDisabled={isFull} onPress={() => onMark(next)}>
          {t.alignPair}
        </Button>
        <Button size="sm" isDisabled={first.landmarks.length + target.landmarks.length === 0} onPress={() => last.forEach((photo) => set(photo, photo.landmarks.slice(0, -1)))}>
          {t.removeLast}
        </Button>
        <Button size="sm" isDisabled={target.landmarks.length === 0} onPress={() => [target, ...(photos.length === 2 ? [first] : [])].forEach((photo) => set(photo, []))}>
          {t.removeAll}
        </Button>
        <Button size="sm" look="primary" onPress={onDone}>
          {t.done}
        </Button>
      </div>
    </>
  );
}
