/** A rating as radio buttons: none, or one to five stars. */
import { type KeyboardEvent, useId } from "react";
import { photoDetails as d } from "../../../../i18n/photoDetails";
import field from "../../../../ui/Field.module.css";
import { STARS } from "./choices";
import styles from "./details.module.css";

interface Props {
  /** Null where photos differ: then none of them is chosen. */
  value: number | null;
  onChange: (stars: number) => void;
  /** What is said below them. */
  help?: string | undefined;
  autoFocus?: boolean;
}

/** The arrows choose, and what is chosen is saved: from the most stars none leads on to none, which would lose the rating. */
function stayAtTheEnds(event: KeyboardEvent, stars: number): void {
  const end = event.key === "ArrowRight" || event.key === "ArrowDown" ? STARS.at(-1) : event.key === "ArrowLeft" || event.key === "ArrowUp" ? 0 : undefined;
  if (stars === end) event.preventDefault();
}

export function Stars({ value, onChange, help, autoFocus = false }: Props) {
  const name = useId();
  return (
    <fieldset className={styles.stars} aria-describedby={help ? `${name}-help` : undefined}>
      <legend className={field.label}>{d.fields.rating}</legend>
      {[0, ...STARS].map((stars) => {
        const isLit = stars > 0 && value !== null && stars <= value;
        return (
          <label key={stars} data-lit={isLit || undefined} data-none={stars === 0 || undefined} data-selected={stars === value || undefined}>
            {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- only in a dialog that has nothing else */}
            <input type="radio" name={name} className="visually-hidden" checked={stars === value} autoFocus={autoFocus && stars === (value ?? 0)} onKeyDown={(event) => stayAtTheEnds(event, stars)} onChange={() => onChange(stars)} />
            {stars === 0 ? (
              <span>{d.noStars}</span>
            ) : (
              <>
                <span aria-hidden="true">{isLit ? "★" : "☆"}</span>
                <span className="visually-hidden">{d.stars(stars)}</span>
              </>
            )}
          </label>
        );
      })}
      {help && (
        <p id={`${name}-help`} className={styles.small}>
          {help}
        </p>
      )}
    </fieldset>
  );
}
