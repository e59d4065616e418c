/** Which site is chosen and, where it has sides, which: beside the buttons of the dialog, so that it is always in sight. */
import { type Ref, useId } from "react";
import { bodySites as b } from "../i18n/bodySites";
import { photoDetails } from "../i18n/photoDetails";
import styles from "./BodyMap.module.css";
import { type Chosen, LATERALITIES, type Placed, placed, siteName } from "./place";
import { siteOf } from "./sites";

interface Props {
  value: Chosen;
  sides: Ref<HTMLFieldSetElement>;
  /** Whether the side is still to be said, and whether somebody tried to go on without. */
  question: "open" | "asked" | null;
  onChange: (value: Placed) => void;
}

export function ChosenSite({ value, sides, question, onChange }: Props) {
  const name = useId();
  const isSided = value && siteOf(value.code)?.isSided === true;
  return (
    <div className={styles.choice}>
      <p className={styles.chosen} role="status">
        {value === undefined ? (
          photoDetails.valuesDiffer
        ) : (
          <>
            <span>{b.chosen}</span>
            <strong>{value ? siteName(value) : b.none}</strong>
          </>
        )}
      </p>
      {isSided && (
        <fieldset ref={sides} className={styles.sideChoice} data-asked={question === "asked" || undefined}>
          <legend className={question === null ? "visually-hidden" : undefined}>{question === null ? b.side : b.whichSide}</legend>
          {(["right", "left", "bilateral", "none"] as const).map((side) => {
            const laterality = LATERALITIES.find((it) => it === side) ?? null;
            const isChosen = question === null && value.laterality === laterality;
            return (
              <label key={side} data-selected={isChosen || undefined}>
                <input type="radio" name={name} checked={isChosen} onChange={() => onChange(placed(value.code, laterality))} />
                {b.sideChoices[side]}
              </label>
            );
          })}
        </fieldset>
      )}
    </div>
  );
}
