import { useState } from "react";
import type { PatientSummary } from "../../api/types";
import { renditionUrl, useMark } from "../../resources/images";
import styles from "./Cover.module.css";
import { initials, toneOf } from "./names";

type Shown = Pick<PatientSummary, "id" | "uniqueId" | "firstName" | "lastName" | "preferredName" | "coverImageId" | "coverEdition">;

/** The newest image of a patient, small; initials where there is none. Decorative: the name is beside it. */
export function Cover({ patient, size }: { patient: Shown; size: number }) {
  useMark();
  const [broken, setBroken] = useState<string | null>(null);
  const { coverImageId } = patient;
  // Another edition may be one that can be shown.
  const cover = coverImageId === null ? null : renditionUrl(patient.id, { id: coverImageId, edition: patient.coverEdition ?? 0 }, "thumbnail");
  const style = { inlineSize: size, blockSize: size, fontSize: Math.round(size * 0.34) };
  if (cover !== null && broken !== cover) {
    return (
      <span className={styles.cover} style={style}>
        <img
          src={cover}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
          onError={() => setBroken(cover)}
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
