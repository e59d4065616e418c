/** How strongly an earlier photo shines through the preview, and which one. */
import { useId, useState } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import type { Image } from "../api/types";
import { camera as c } from "../i18n/camera";
import { takenAt } from "../pages/patient/photos/group";
import { Thumb } from "../pages/patient/photos/Thumb";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import styles from "./camera.module.css";
import { type Chips, MOST_GHOST, offered } from "./ghost";
import { CameraIcon } from "./icons";

interface Props {
  patientId: string;
  images: readonly Image[];
  chips: Chips;
  ghost: Image | null;
  /** The one that was chosen; null for the last comparable one. */
  picked: string | null;
  onPick: (id: string | null) => void;
  strength: number;
  onStrength: (strength: number) => void;
  zone: string | undefined;
}

export function GhostBar({ patientId, images, chips, ghost, picked, onPick, strength, onStrength, zone }: Props) {
  const id = useId();
  const [isChoosing, setChoosing] = useState(false);
  if (images.length === 0) return null;
  const shown = ghost ? takenAt(ghost, zone) : c.ghostNone;
  const choose = (next: string | null) => {
    onPick(next);
    setChoosing(false);
  };
  return (
    <div className={styles.ghostBar}>
      <AriaButton className={styles.chip ?? ""} onPress={() => setChoosing(true)} aria-label={`${c.ghostChoose}: ${shown}`} data-set={ghost !== null || undefined}>
        <CameraIcon name="ghost" size={18} />
        <span className={styles.chipValue}>{shown}</span>
      </AriaButton>
      <label className="visually-hidden" htmlFor={id}>
        {c.ghostStrength}
      </label>
      <input
        id={id}
        className={styles.slider}
        type="range"
        min={0}
        max={MOST_GHOST}
        step={5}
        value={strength}
        disabled={ghost === null}
        aria-valuetext={c.percent(strength)}
        onChange={(event) => onStrength(Number(event.target.value))}
      />
      <span className={styles.number} aria-hidden="true">
        {c.percent(strength)}
      </span>
      {isChoosing && (
        <Dialog title={c.ghostChoose} isOpen size="lg" onClose={() => setChoosing(false)}>
          <Button wide onPress={() => choose(null)} {...(picked === null && { icon: "check", "aria-current": true })}>
            {c.ghostAuto}
          </Button>
          <ul className={styles.offered}>
            {offered(images, chips).map((image) => (
              <li key={image.id}>
                <AriaButton className={styles.offer ?? ""} onPress={() => choose(image.id)} aria-label={takenAt(image, zone)} aria-current={image.id === ghost?.id || undefined}>
                  <span className={styles.offerImage}>
                    <Thumb patientId={patientId} image={image} />
                  </span>
                  <span aria-hidden="true">{takenAt(image, zone)}</span>
                </AriaButton>
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </div>
  );
}
