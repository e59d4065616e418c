/** Title, date and time of a visit: saved as they are typed. A date that is not whole yet is asked about before the page is left (R0). */
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Visit } from "../../../resources/visitLayout";
import { useMe, useZone } from "../../../app/session";
import { t } from "../../../i18n";
import { dateProblem } from "../../../i18n/dateProblem";
import { instantFromWall, longDay, wallFromInstant } from "../../../i18n/format";
import { visits as v } from "../../../i18n/visits";
import type { VisitDraft } from "../../../live";
import { isHalvedClock } from "../../../rules/dateParts";
import { DateTimeField } from "../../../ui/DateField";
import { TextField } from "../../../ui/Field";
import { useUnsaved } from "../../../ui/unsaved";
import styles from "./Visit.module.css";

/** The first year that the server takes for a visit. */
const EARLIEST = 1970;
/** As many characters as the server takes. */
const LONGEST_TITLE = 200;
/** A date is sent when its field is left, or after so long without a key. */
const PAUSE_MS = 1500;

export function VisitFields({ visit, draft }: { visit: Visit; draft: VisitDraft }) {
  const isSigned = useRef(false);
  useLayoutEffect(() => {
    isSigned.current = visit.signed !== null;
  });
  const isFixed = visit.signed !== null || draft.state !== "ready";
  if (isFixed) return visit.title ? <p className={styles.fixedTitle}>{visit.title}</p> : null;
  return (
    <div className={styles.fields}>
      <TextField
        label={v.name}
        optional
        autoComplete="off"
        maxLength={LONGEST_TITLE}
        value={draft.title.value}
        onChange={draft.title.set}
        onFocus={() => draft.here("title")}
        onBlur={() => {
          draft.here(null);
          draft.flush();
        }}
      />
      <When draft={draft} isSigned={isSigned} />
    </div>
  );
}

function When({ draft, isSigned }: { draft: VisitDraft; isSigned: RefObject<boolean> }) {
  const zone = useZone();
  const { practice } = useMe();
  const { value, set } = draft.appointmentAt;
  /** What was typed and is not given on yet. */
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? wallFromInstant(Date.parse(value), zone);
  const instant = instantFromWall(shown, zone);
  const problem = dateProblem(shown, { hasTime: true, isHalved: isHalvedClock(t.locale), earliest: EARLIEST }) ?? (instant === null ? v.atWrong : undefined);
  const [isLeft, setLeft] = useState(false);
  useUnsaved(typed !== null);

  const give = () => {
    if (typed === null || problem !== undefined || instant === null) return;
    set(instant);
    setTyped(null);
    draft.flush();
  };
  const latest = useRef(give);
  useEffect(() => {
    latest.current = give;
  });
  useEffect(() => {
    if (typed === null) return undefined;
    const timer = setTimeout(() => latest.current(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);

  // A visit that is signed on another device takes the field away: what was whole in it is not lost (R0).
  useEffect(
    () => () => {
      if (isSigned.current) latest.current();
    },
    [isSigned],
  );

  return (
    <div
      onFocus={() => {
        setLeft(false);
        draft.here("appointmentAt");
      }}
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        setLeft(true);
        draft.here(null);
        give();
      }}
    >
      <DateTimeField
        label={v.at}
        isRequired
        earliest={EARLIEST}
        zone={zone}
        help={v.atHelp(practice.timeZone, instant === null ? null : longDay(instant, zone))}
        value={shown}
        onChange={setTyped}
        error={isLeft ? problem : undefined}
      />
    </div>
  );
}
