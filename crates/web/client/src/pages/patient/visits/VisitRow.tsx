/** One visit of the timeline: when, how long after the one before, what was written, its photos and tags, and what is done next. */
import { useId } from "react";
import { Link, useLocation } from "wouter";
import type { ListedEntry } from "../../../api/types";
import { useZone } from "../../../app/session";
import { compareImages } from "../../../compare/opened";
import { dateTime, day } from "../../../i18n/format";
import { tags as texts } from "../../../i18n/tags";
import { visits as v } from "../../../i18n/visits";
import { PickMark } from "../../../select/PickMark";
import { HELP } from "../../../select/toggle";
import type { Pick } from "../../../select/useSelection";
import { TagChips } from "../../../tags/TagChips";
import { EditableTags } from "../../../tags/ThingTags";
import { Button, LinkButton } from "../../../ui/Button";
import { Badge } from "../../../ui/parts";
import { cameraPath, visitPath } from "./addresses";
import { laterThan } from "./interval";
import { unmarked } from "./notes/markdown";
import { Offered } from "./Offered";
import { Strip } from "./Strip";
import styles from "./Timeline.module.css";

interface Props {
  patientId: string;
  entry: ListedEntry;
  /** The visit before it; null for the oldest, or while that is not loaded. */
  before: ListedEntry | null;
  isOldest: boolean;
  /** The nearest earlier visit with photos. */
  withPhotos: ListedEntry | null;
  /** Null while no visits are being selected. */
  isPicked: boolean | null;
  onPick: Pick;
}

export function VisitRow({ patientId, entry, before, isOldest, withPhotos, isPicked, onPick }: Props) {
  const [, go] = useLocation();
  const both = [withPhotos?.images[0], entry.images[0]].filter((it) => it !== undefined);
  const id = useId();
  const zone = useZone();
  const isSelecting = isPicked !== null;
  const when = dateTime(entry.appointmentAt, zone);
  const since = before ? laterThan(before.appointmentAt, entry.appointmentAt, zone) : isOldest ? v.first : null;
  const title = entry.title || v.untitled;
  const isSigned = entry.signedAt !== null;
  return (
    <li className={styles.visit} data-picked={isPicked ?? undefined}>
      {isSelecting && (
        <>
          <input
            type="checkbox"
            className={styles.pick}
            data-row={entry.id}
            aria-labelledby={`${id}-title ${id}-when`}
            aria-describedby={HELP}
            checked={isPicked}
            // The event of a click, also where the space bar made it.
            onChange={(event) => onPick(entry.id, (event.nativeEvent as unknown as MouseEvent).shiftKey ? "range" : "toggle")}
          />
          <PickMark isPicked={isPicked} />
        </>
      )}
      <p className={styles.when}>
        <time id={`${id}-when`} dateTime={entry.appointmentAt}>
          {when}
        </time>
        {since && <span className={styles.since}>{since}</span>}
        {isSigned && (
          <Badge tone="good" icon="lock">
            {v.signed}
          </Badge>
        )}
      </p>
      <div className={styles.body}>
        <div className={styles.top}>
          <h4 id={`${id}-title`}>
            {isSelecting ? (
              title
            ) : (
              <Link href={visitPath(patientId, entry.id)} className={styles.title} data-entry aria-describedby={`${id}-when`}>
                {title}
              </Link>
            )}
          </h4>
          {!isSelecting && (
            <div className={styles.actions}>
              {!isSigned && (
                <LinkButton size="sm" icon="camera" href={cameraPath(patientId, entry.id)}>
                  {v.camera}
                  <span className="visually-hidden">: {v.ofVisit(when)}</span>
                </LinkButton>
              )}
              {withPhotos && both.length === 2 && (
                <Button size="sm" icon="compare" onPress={() => compareImages(go, patientId, both, { entryId: entry.id })}>
                  {v.compare}
                  <span className="visually-hidden">: {v.compareHelp(dateTime(withPhotos.appointmentAt, zone))}</span>
                </Button>
              )}
            </div>
          )}
        </div>
        {entry.excerpt && <p className={styles.notes}>{unmarked(entry.excerpt)}</p>}
        {entry.images.length > 0 && <Strip patientId={patientId} entryId={entry.id} images={entry.images} total={entry.imageCount} when={day(entry.appointmentAt, zone)} />}
        {!isSelecting && !isSigned && entry.offeredCount > 0 && <Offered patientId={patientId} entry={entry} />}
        <div className={styles.foot}>
          {isSelecting || isSigned ? <TagChips tags={entry.tags} /> : <EditableTags of={{ patientId, entryId: entry.id }} tags={entry.tags} title={texts.ofVisit} />}
          <p className={styles.author}>
            {v.by(entry.authorName)}
            {entry.comparisonCount > 0 && <span> · {v.comparisonCount(entry.comparisonCount)}</span>}
          </p>
        </div>
      </div>
    </li>
  );
}
