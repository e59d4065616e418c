/** What somebody did, once or several times, in a sentence; codes, ids and digests only under the details (F4). */
import { useState } from "react";
import { Link } from "wouter";
import type { ActivityEvent, CustomField } from "../../api/types";
import { activity as a } from "../../i18n/activity";
import { time } from "../../i18n/format";
import { imageUrl, useMark } from "../../resources/images";
import { Icon, type IconName } from "../../ui/icons";
import { OPENED_HERE } from "../patient/photos/useViewer";
import styles from "./ActivityList.module.css";
import { isTechnical, particularsOf } from "./details";
import { type Group, imagesOf, sentenceOfGroup } from "./groups";
import { actorOf, type Devices, deviceOf, reasonOf } from "./sentence";

const THUMBNAILS = 8;

const ICONS: readonly (readonly [RegExp, IconName])[] = [
  [/^image/, "image"],
  [/^(consent|capture)/, "consent"],
  [/^entr/, "calendar"],
  [/^(sett|patient_field)/, "settings"],
  [/^patient/, "details"],
  [/^(session|sign|account|password|setup|access|strangers)/, "lock"],
];

interface Props {
  group: Group;
  patientId: string | undefined;
  zone: string | undefined;
  fields: readonly CustomField[];
  devices: Devices;
}

export function ActivityRow({ group, patientId, zone, fields, devices }: Props) {
  const { events } = group;
  const [event] = events;
  const icon = ICONS.find(([pattern]) => pattern.test(event.action))?.[1] ?? "activity";
  const sentence = sentenceOfGroup(group, zone, devices);
  const isSaid = (key: string): boolean => key === "reason" && reasonOf(event) !== undefined;
  const particulars = events.length === 1 ? particularsOf(event, fields).filter((it) => !isTechnical(it) && !isSaid(it.key)) : [];
  // Where somebody signed in from is what a sign-in is about.
  const device = /^(session|account|password|practice)\./.test(event.action) ? deviceOf(event.userAgent) : null;
  return (
    <li className={styles.row} data-outcome={event.outcome}>
      <span className={styles.sign}>
        <Icon name={icon} size={18} />
      </span>
      <div className={styles.words}>
        <p>
          <strong>{actorOf(event)}</strong> {sentence}
        </p>
        <p className={styles.meta}>
          <time dateTime={event.at}>{spanOf(events, zone)}</time>
          {device && <span>{a.on(device)}</span>}
        </p>
        {/* Beside a look at the whole record its cover says nothing. */}
        {patientId && event.action.startsWith("image") && <Thumbnails patientId={patientId} ids={imagesOf(group)} />}
        {particulars.length > 0 && (
          <dl className={styles.details}>
            {particulars.map(({ key, label, value }) => (
              <div key={`${key}=${value}`}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
      <Technical events={events} sentence={sentence} zone={zone} fields={fields} />
    </li>
  );
}

/** "21:39–21:44", from the earliest to the latest. */
function spanOf(events: Group["events"], zone: string | undefined): string {
  const [to, from] = [time(events[0].at, zone), time((events.at(-1) ?? events[0]).at, zone)];
  return from === to ? to : a.span(from, to);
}

/** The look at them was recorded when the server offered them. */
function Thumbnails({ patientId, ids }: { patientId: string; ids: readonly string[] }) {
  useMark();
  if (ids.length === 0) return null;
  return (
    <ul className={styles.photos} aria-label={a.shownPhotos}>
      {ids.slice(0, THUMBNAILS).map((id, index) => (
        <li key={id}>
          <Link href={`/patients/${patientId}/photos/${id}`} state={OPENED_HERE} aria-label={a.openPhoto(index + 1, ids.length)}>
            <img src={imageUrl(patientId, id, "thumbnail")} alt="" loading="lazy" decoding="async" />
          </Link>
        </li>
      ))}
    </ul>
  );
}

interface TechnicalProps {
  events: readonly ActivityEvent[];
  sentence: string;
  zone: string | undefined;
  fields: readonly CustomField[];
}

function Technical({ events, sentence, zone, fields }: TechnicalProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={styles.technical} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary aria-label={a.technicalOf(sentence)}>{a.technical}</summary>
      {isOpen && (
        <ol>
          {events.map((event) => (
            <li key={event.sequence}>
              <p>
                <code>{event.action}</code> <span className={styles.sequence}>{a.number(event.sequence)}</span> <time dateTime={event.at}>{time(event.at, zone)}</time>
              </p>
              <dl className={styles.details}>
                {technicalOf(event, fields).map(([label, value]) => (
                  <div key={`${label}=${value}`}>
                    <dt>{label}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
              </dl>
            </li>
          ))}
        </ol>
      )}
    </details>
  );
}

function technicalOf(event: ActivityEvent, fields: readonly CustomField[]): readonly (readonly [string, string])[] {
  const { target, ip, userAgent, actor } = event;
  return [
    ...(target ? [[a.target, `${target.kind} ${target.id}`] as const] : []),
    ...(actor.kind === "account" ? [[a.account, actor.name] as const] : []),
    ...(ip ? [[a.address, ip] as const] : []),
    ...(userAgent ? [[a.program, userAgent] as const] : []),
    ...particularsOf(event, fields).map(({ label, value }) => [label, value] as const),
  ];
}
