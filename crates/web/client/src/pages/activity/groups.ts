/** Repeats as one: "Dana Weber viewed 50 photos, 21:39–21:44" (F4). Nothing is left out; each event stands under the details. */
import type { ActivityEvent } from "../../api/types";
import { activity as a } from "../../i18n/activity";
import { day } from "../../i18n/format";
import { type Devices, sentenceOf } from "./sentence";

/** A longer pause begins something new. */
const PAUSE_MS = 15 * 60_000;
/** What a screen that shows photos asks for, in one. */
const PHOTO_LOOKS: ReadonlySet<string> = new Set(["image.viewed", "image.thumbnails_viewed", "images.listed"]);
const NOT_ALLOWED = "access.refused";
/** S1: what is typed into a visit is stored every two seconds, each time with an event of its own. */
const TYPED = "entry.changed";
/** Recorded looks: others may come between them without beginning something new. */
const isLook = (action: string): boolean => /_viewed$|\.viewed$|\.listed$|\.searched$/.test(action);
/** Two people type at the same time, or one in two visits: each run of it goes on beside the others. */
const isInterlaced = (action: string): boolean => isLook(action) || action === TYPED;

export interface Group {
  /** Newest first, as in the list; never empty. */
  readonly events: readonly [ActivityEvent, ...ActivityEvent[]];
}

const family = (action: string): string => (PHOTO_LOOKS.has(action) ? "photos" : action);
/** What was refused twice for different reasons, or on different fields, is told twice; and each ended session and each visit for itself. */
const keyOf = ({ actor, action, outcome, details, target }: ActivityEvent): string => {
  const own = action === "session.ended" || (action === TYPED && outcome === "ok") ? target?.id : outcome === "ok" || action === NOT_ALLOWED ? null : details;
  return JSON.stringify([actor.kind, actor.name, family(action), outcome, own]);
};

/** Groups the events of one day, newest first. */
export function grouped(events: readonly ActivityEvent[]): Group[] {
  const groups: { events: [ActivityEvent, ...ActivityEvent[]] }[] = [];
  const open = new Map<string, { events: [ActivityEvent, ...ActivityEvent[]] }>();
  for (const event of events) {
    const key = keyOf(event);
    const found = open.get(key);
    if (!isInterlaced(event.action)) open.clear();
    if (found && isRepeatable(event) && Date.parse(last(found.events).at) - Date.parse(event.at) <= PAUSE_MS) {
      found.events.push(event);
      open.set(key, found);
      continue;
    }
    const group: { events: [ActivityEvent, ...ActivityEvent[]] } = { events: [event] };
    groups.push(group);
    open.set(key, group);
  }
  return groups;
}

/** A change with particulars of its own is told for itself. */
const isRepeatable = ({ action, outcome, details }: ActivityEvent): boolean =>
  outcome !== "ok" || action === NOT_ALLOWED || isInterlaced(action) || /^image\.|^capture\./.test(action) || details.length === 0;
const last = (events: readonly [ActivityEvent, ...ActivityEvent[]]): ActivityEvent => events.at(-1) ?? events[0];

/** The photos that events are about, each once. */
function photosOf(events: readonly ActivityEvent[]): number {
  const ids = new Set<string>();
  for (const { target, details } of events) {
    if (target?.kind === "image") ids.add(target.id);
    for (const { key, value } of details) if (key === "images") for (const id of value.split(", ")) ids.add(id);
  }
  return ids.size;
}

/** What was looked at: photos that were opened, else their thumbnails. */
function looked({ events }: Group): string | undefined {
  const opened = photosOf(events.filter(({ action }) => action === "image.viewed"));
  if (opened > 0) return opened > 1 ? a.photosViewed(opened) : a.photoViewed;
  const thumbnails = photosOf(events.filter(({ action }) => action === "image.thumbnails_viewed"));
  return thumbnails > 0 ? a.thumbnailsViewed(thumbnails) : undefined;
}

/** What the actor did, of one event or several. */
export function sentenceOfGroup(group: Group, zone: string | undefined, devices?: Devices): string {
  const [first] = group.events;
  if (first.action === TYPED && first.outcome === "ok") return a.typed(first.visitAt === null ? null : day(first.visitAt, zone), group.events.length);
  const look = PHOTO_LOOKS.has(first.action) && first.outcome === "ok" ? looked(group) : undefined;
  if (look) return look;
  const times = group.events.length;
  if (times === 1) return sentenceOf(first, devices);
  const several: Readonly<Record<string, (amount: number) => string>> = a.several;
  const words = first.outcome === "ok" ? several[first.action] : undefined;
  // A photo that was changed twice is one photo.
  const photos = photosOf(group.events);
  const isCounted = words && photos !== 1 && (photos > 0 || first.action !== "image.changed");
  return isCounted ? words(photos || times) : a.times(sentenceOf(first), times);
}

/** The thumbnails that the server offers beside it, each once. */
export const imagesOf = ({ events }: Group): readonly string[] => [...new Set(events.flatMap((event) => event.images))];
