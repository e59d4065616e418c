import { useState } from "react";
import type { PatientSummary } from "../../api/types";
import { imageUrl, useMark } from "../../resources/images";
import styles from "./Cover.module.css";
import { initials, toneOf } from "./names";

type Shown = Pick<PatientSummary, "id" | "uniqueId" | "firstName" | "lastName" | "preferredName" | "coverImageId">;

/** The newest image of a patient, small; initials where there is none. Decorative: the name is beside it. */
export function Cover({ patient, size }: { patient: Shown; size: number }) {
  useMark();
  const [broken, setBroken] = useState<string | null>(null);
  const { coverImageId } = patient;
  const style = { inlineSize: size, blockSize: size, fontSize: Math.round(size * 0.34) };
  if (coverImageId && broken !== coverImageId) {
    return (
      <span className={styles.cover} style={style}>
        <img
          src={imageUrl(patient.id, coverImageId, "thumbnail")}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
          onError={() => setBroken(coverImageId)}
        />
      </span>
    );
  }
  return (
    <span className={styles.cover} data-tone={toneOf(patient.id)} style={style} aria-hidden="true">
      {initials(patient)}
    </span>
  );
}
