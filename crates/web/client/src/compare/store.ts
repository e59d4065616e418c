/**
 * A comparison while it is open: what a person changes is shown at once, and saved field by field on the version that they saw,
 * once the comparison belongs to a visit. A field keeps what was entered until the server has it.
 */
import { explain, firstMessage, isProblem, OFFLINE, VISIT_SIGNED } from "../api/problem";
import type { Group, GroupValues, Photo, PhotoValues } from "./group";

/** What the server has now: a comparison, as far as its answer tells of it. */
export interface Stored {
  /** Counts every change of it. */
  readonly version: number;
  readonly values: GroupValues;
  readonly photos: readonly StoredPhoto[];
}

export interface StoredPhoto {
  readonly imageId: string;
  /** What is known of it beyond its values: for a photo that someone else added. */
  readonly photo: Photo;
  readonly values: PhotoValues;
}

export type GroupField = keyof GroupValues;
export type PhotoField = keyof PhotoValues;
export type Field = GroupField | PhotoField;

/** One request: fields of the group, or of one photo of it, all on the version that the person saw. */
export interface Change {
  readonly imageId: string | null;
  /** How the photo was turned for whoever changed something on it. */
  readonly turns: number;
  readonly version: number;
  readonly values: Readonly<Partial<GroupValues & PhotoValues>>;
}

/** A refusal of fields that someone else changed in the meantime. */
export interface Conflict {
  readonly imageId: string | null;
  readonly field: Field;
  readonly theirs: unknown;
  readonly changedBy: string | null;
  readonly changedAt: string | null;
}

/** What the server answered to a change: how things are now, and what clashes with it. */
export interface Answer {
  readonly stored: Stored;
  readonly conflicts: readonly Conflict[];
}

export type Send = (change: Change) => Promise<Answer>;

export type Status =
  | { readonly state: "unsaved" }
  | { readonly state: "saved"; readonly at: number | null }
  | { readonly state: "saving" }
  | { readonly state: "failed"; readonly why: string; readonly isRefused: boolean }
  | { readonly state: "clash" }
  /** Its visit is signed: it is only looked at (E5). `isLost`: something was entered that is not in it. */
  | { readonly state: "signed"; readonly isLost: boolean };

export interface Shown {
  readonly group: Group;
  readonly status: Status;
  readonly conflicts: readonly Conflict[];
  /** Something was entered that would be lost with the page. */
  readonly isDirty: boolean;
}

/** After so long without a change, it is sent. */
const PAUSE_MS = 700;

/** The same, also where the server has cut off a space behind which someone may be typing on. */
const isAlike = (one: unknown, other: unknown): boolean => (typeof one === "string" && typeof other === "string" ? one.trim() === other.trim() : JSON.stringify(one) === JSON.stringify(other));

/** What is only looked at: no loss where nothing else was entered. */
const LOOKS = new Set<string>(["mode", "layout"]);
const keyOf = (imageId: string | null, field: Field): string => `${imageId ?? ""}/${field}`;
const partsOf = (key: string): [string | null, Field] => {
  const [id = "", field = ""] = key.split("/");
  return [id === "" ? null : id, field as Field];
};

export class Store {
  private shown: Shown;
  private send: Send | null = null;
  private readonly listeners = new Set<() => void>();
  private version = 0;
  /** What was entered and is not saved, with the version that it is based on. */
  private readonly bases = new Map<string, number>();
  /** What the server refused: sent again only once it was changed, or on demand. */
  private readonly refused = new Set<string>();
  /** What the server told of photos, also of those that others added. */
  private readonly known = new Map<string, Photo>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isBusy = false;
  /** After a refusal each field goes alone, so that one of them does not keep back the others. */
  private isSingly = false;
  private isFrozen = false;
  /** What was signed is what is shown, except for how it is looked at here. */
  private hasSigned = false;

  constructor(group: Group, isDirty = false) {
    this.shown = { group, status: { state: "unsaved" }, conflicts: [], isDirty };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly read = (): Shown => this.shown;

  private show(next: Partial<Shown>): void {
    this.shown = { ...this.shown, ...next };
    for (const listener of this.listeners) listener();
  }

  /** From now on it belongs to a visit. What was entered before and is not there yet is sent. */
  attach(send: Send, stored: Stored): void {
    const wasEntered = this.bases.size > 0 || this.shown.isDirty;
    this.send = send;
    this.bases.clear();
    if (wasEntered) for (const key of this.differing(stored)) this.bases.set(key, stored.version);
    this.take(stored);
    const isDirty = this.bases.size > 0;
    this.show({ isDirty, status: isDirty ? { state: "saving" } : { state: "saved", at: null } });
    void this.flush();
  }

  /** Its visit is signed: how it is looked at changes here alone, and what was entered and is not in it gives way to what was signed. */
  freeze(stored: Stored | null): void {
    const { status } = this.shown;
    const isLost = this.bases.size > 0 || (status.state === "signed" && status.isLost);
    clearTimeout(this.timer);
    this.isFrozen = true;
    this.send = null;
    this.bases.clear();
    this.refused.clear();
    if (stored && !this.hasSigned) this.take(stored);
    this.hasSigned ||= stored !== null;
    this.show({ conflicts: [], isDirty: false, status: { state: "signed", isLost } });
  }

  private differing(stored: Stored): string[] {
    const differs = (imageId: string | null, field: string, value: unknown): boolean => JSON.stringify(this.valueOf(imageId, field as Field)) !== JSON.stringify(value);
    const keys = (imageId: string | null, values: object) => Object.entries(values).flatMap(([field, value]) => (differs(imageId, field, value) ? [keyOf(imageId, field as Field)] : []));
    return [...keys(null, stored.values), ...stored.photos.flatMap(({ imageId, values }) => keys(imageId, values))];
  }

  get isStored(): boolean {
    return this.send !== null || this.isFrozen;
  }

  setGroup<F extends Exclude<GroupField, "images">>(field: F, value: Group[F], isTyped = false): void {
    if (this.shown.group[field] === value) return;
    this.changed(null, field, { ...this.shown.group, [field]: value }, isTyped);
  }

  setPhotos(photos: readonly Photo[]): void {
    this.changed(null, "images", { ...this.shown.group, photos }, false);
  }

  setPhoto<F extends PhotoField>(imageId: string, field: F, value: PhotoValues[F], isTyped = false): void {
    const photos = this.shown.group.photos.map((photo) => (photo.imageId === imageId ? { ...photo, [field]: value } : photo));
    this.changed(imageId, field, { ...this.shown.group, photos }, isTyped);
  }

  private changed(imageId: string | null, field: Field, group: Group, isTyped: boolean): void {
    if (this.isFrozen) {
      this.show({ group });
      return;
    }
    const key = keyOf(imageId, field);
    if (!this.bases.has(key)) this.bases.set(key, this.version);
    // Whether points fit depends on those of both photos.
    for (const one of this.refused) if (one === key || (field === "landmarks" && one.endsWith("/landmarks"))) this.refused.delete(one);
    const status: Status = this.send === null ? this.shown.status : this.shown.conflicts.length > 0 ? { state: "clash" } : { state: "saving" };
    this.show({ group, status, isDirty: this.shown.isDirty || this.send !== null || !LOOKS.has(field) });
    if (!this.send) return;
    clearTimeout(this.timer);
    if (isTyped) this.timer = setTimeout(() => void this.flush(), PAUSE_MS);
    else void this.flush();
  }

  /** Sends what waits: the group's own fields first, as photos must belong to it before they are changed. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    if (this.isBusy || !this.send) return;
    this.isBusy = true;
    try {
      for (let keys = this.next(); keys.length > 0; keys = this.next()) {
        // oxlint-disable-next-line no-await-in-loop -- each change is based on the answer to the one before it
        if (!(await this.sendOne(this.send, keys))) break;
      }
    } finally {
      this.isBusy = false;
      this.isSingly = false;
    }
  }

  /** After a failure: everything again, also what was refused. */
  retry(): void {
    this.refused.clear();
    void this.flush();
  }

  /** The fields of the next request. */
  private next(): readonly string[] {
    const clashing = new Set(this.shown.conflicts.map((it) => keyOf(it.imageId, it.field)));
    // What was entered of a photo that was taken out goes with it.
    const here = new Set(this.shown.group.photos.map((it) => it.imageId));
    for (const key of this.bases.keys()) {
      const [imageId] = partsOf(key);
      if (imageId !== null && !here.has(imageId)) this.bases.delete(key);
    }
    const ready = [...this.bases.keys()].filter((key) => !clashing.has(key) && !this.refused.has(key));
    const first = ready.find((key) => partsOf(key)[0] === null) ?? ready[0];
    if (first === undefined) return [];
    if (this.isSingly) return [first];
    return ready.filter((key) => partsOf(key)[0] === partsOf(first)[0] && this.bases.get(key) === this.bases.get(first));
  }

  private changeOf(keys: readonly string[]): Change {
    const [imageId] = partsOf(keys[0] ?? "");
    const values = Object.fromEntries(keys.map((key) => [partsOf(key)[1], this.valueOf(...partsOf(key))]));
    const photo = this.shown.group.photos.find((it) => it.imageId === imageId);
    return { imageId, turns: photo?.turns ?? 0, version: this.bases.get(keys[0] ?? "") ?? this.version, values };
  }

  private valueOf(imageId: string | null, field: Field): unknown {
    const { group } = this.shown;
    if (field === "images") return group.photos.map((it) => it.imageId);
    const holder: object = (imageId === null ? group : group.photos.find((it) => it.imageId === imageId)) ?? {};
    return (holder as Record<string, unknown>)[field];
  }

  private async sendOne(send: Send, keys: readonly string[]): Promise<boolean> {
    const change = this.changeOf(keys);
    const sent = keys.map((key) => JSON.stringify(this.valueOf(...partsOf(key))));
    if (this.shown.status.state !== "failed") this.show({ status: { state: "saving" } });
    try {
      const { stored, conflicts } = await send(change);
      // Frozen meanwhile: this was stored before it was signed, and comes with what was signed.
      if (this.isFrozen) return false;
      const clashing = new Set(conflicts.map((it) => keyOf(it.imageId, it.field)));
      keys.forEach((key, index) => {
        if (!clashing.has(key) && sent[index] === JSON.stringify(this.valueOf(...partsOf(key)))) this.bases.delete(key);
        // What was entered while it was on its way is based on what is saved now; so is whatever is chosen after a clash.
        else this.bases.set(key, stored.version);
      });
      this.take(stored);
      this.show({ conflicts: [...this.shown.conflicts.filter((it) => !clashing.has(keyOf(it.imageId, it.field))), ...conflicts] });
      this.tell();
      return true;
    } catch (error) {
      if (this.isFrozen || isProblem(error, VISIT_SIGNED)) {
        this.freeze(null);
        return false;
      }
      const isRefused = isProblem(error) && error.code !== OFFLINE && error.status >= 400 && error.status < 500 && error.status !== 401 && error.status !== 429;
      if (isRefused && keys.length > 1) {
        this.isSingly = true;
        return true;
      }
      if (isRefused) for (const key of keys) this.refused.add(key);
      this.show({ status: { state: "failed", why: firstMessage(error) ?? explain(error), isRefused } });
      return isRefused;
    }
  }

  /** Says how it stands after an answer. */
  private tell(): void {
    const isDirty = this.bases.size > 0;
    const { conflicts, status } = this.shown;
    if (conflicts.length > 0) this.show({ isDirty, status: { state: "clash" } });
    else if (this.refused.size > 0 && status.state === "failed") this.show({ isDirty });
    else this.show({ isDirty, status: isDirty ? { state: "saving" } : { state: "saved", at: Date.now() } });
  }

  /** How things are on the server, except for what was entered here and is not saved yet. */
  private take(stored: Stored): void {
    const { group } = this.shown;
    const keep = (imageId: string | null, field: Field): boolean => this.bases.has(keyOf(imageId, field));
    this.version = stored.version;
    for (const { imageId, photo } of stored.photos) this.known.set(imageId, photo);
    const fresh = new Map(stored.photos.map((it) => [it.imageId, it]));
    const order = keep(null, "images") ? group.photos.map((it) => it.imageId) : stored.values.images;
    const photos = order.flatMap((id) => {
      const news = fresh.get(id);
      const photo = group.photos.find((it) => it.imageId === id) ?? news?.photo;
      if (!photo) return [];
      if (!news) return [photo];
      // Untouched, it stays the same object, and nothing is drawn again.
      const values = Object.entries(news.values).filter(([field, value]) => !keep(id, field as Field) && !isAlike(value, photo[field as PhotoField]));
      const { width, height, edition, turns } = news.photo;
      const looks = edition === photo.edition && turns === photo.turns ? {} : { width, height, edition, turns };
      return [values.length > 0 || Object.keys(looks).length > 0 ? { ...photo, ...looks, ...Object.fromEntries(values) } : photo];
    });
    const { images: _, ...rest } = stored.values;
    const kept = Object.fromEntries(Object.entries(rest).filter(([field, value]) => !keep(null, field as Field) && !isAlike(value, group[field as keyof typeof rest])));
    this.show({ group: { ...group, ...kept, photos } });
  }

  /** Whose value of a field stays after a clash. */
  decide({ imageId, field, theirs }: Conflict, isMine: boolean): void {
    const key = keyOf(imageId, field);
    const conflicts = this.shown.conflicts.filter((it) => keyOf(it.imageId, it.field) !== key);
    this.show({ conflicts });
    if (!isMine) {
      this.bases.delete(key);
      this.put(imageId, field, theirs);
    }
    this.tell();
    void this.flush();
  }

  private put(imageId: string | null, field: Field, value: unknown): void {
    const { group } = this.shown;
    if (field === "images") {
      const photos = (value as readonly string[]).flatMap((id) => group.photos.find((it) => it.imageId === id) ?? this.known.get(id) ?? []);
      this.show({ group: { ...group, photos } });
    } else if (imageId === null) this.show({ group: { ...group, [field]: value } });
    else this.show({ group: { ...group, photos: group.photos.map((it) => (it.imageId === imageId ? { ...it, [field]: value } : it)) } });
  }
}
