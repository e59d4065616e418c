/** P6, F8: both values of what someone else changed in the meantime, with who and when. None is chosen beforehand. */
import { useState } from "react";
import { compare as t } from "../i18n/compare";
import { dateTime, decimal } from "../i18n/format";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Choice } from "../ui/parts";
import type { Group, Photo, Ruler } from "./group";
import type { Layout, Mode } from "./layout";
import type { Conflict, Field, Store } from "./store";
import type { ImageView } from "./view";
import { labelOf } from "./when";

interface Props {
  group: Group;
  conflicts: readonly Conflict[];
  store: Store;
  zone: string | undefined;
  onClose: () => void;
}

const keyOf = ({ imageId, field }: Conflict): string => `${imageId ?? ""}/${field}`;

/** A value of a field as a person can compare it with another. */
export function saidOf(field: Field, value: unknown): string {
  const amount = Array.isArray(value) ? value.length : 0;
  switch (field) {
    case "mode":
      return t.modes[value as Mode];
    case "layout":
      return t.layouts[value as Layout];
    case "images":
      return t.values.photos(amount);
    case "landmarks":
      return t.values.points(amount);
    case "annotations":
      return t.values.drawings(amount);
    case "ruler":
      return value ? t.values.ruler(decimal((value as Ruler).millimetres, 1)) : t.nothing;
    case "view": {
      const { rotation, scale, crop } = value as ImageView;
      return t.values.view(decimal(rotation, 1), decimal(scale * 100, 0), crop !== null);
    }
    default:
      return typeof value === "string" && value !== "" ? value : t.nothing;
  }
}

function mineOf({ photos, ...group }: Group, { imageId, field }: Conflict): unknown {
  if (field === "images") return photos.map((it) => it.imageId);
  const holder: Photo | Omit<Group, "photos"> | undefined = imageId === null ? group : photos.find((it) => it.imageId === imageId);
  return (holder as unknown as Record<string, unknown> | undefined)?.[field];
}

export function ClashDialog({ group, conflicts, store, zone, onClose }: Props) {
  const [choices, setChoices] = useState<Readonly<Record<string, "mine" | "theirs">>>({});
  const isDone = conflicts.every((it) => choices[keyOf(it)] !== undefined);
  const decide = () => {
    for (const it of conflicts) store.decide(it, choices[keyOf(it)] === "mine");
    onClose();
  };
  const named = (it: Conflict): string => {
    const at = group.photos.findIndex((photo) => photo.imageId === it.imageId);
    const photo = group.photos[at];
    return photo ? t.of(t.fields[it.field], labelOf(photo, zone)) : t.fields[it.field];
  };
  return (
    <Dialog
      title={t.clashTitle}
      isOpen
      onClose={onClose}
      isDismissable={false}
      actions={
        <Button look="primary" isDisabled={!isDone} onPress={decide}>
          {t.decide}
        </Button>
      }
    >
      <p>{t.clashText}</p>
      {conflicts.map((it) => (
        <Choice<"mine" | "theirs">
          key={keyOf(it)}
          label={named(it)}
          name={`clash-${keyOf(it)}`}
          columns
          help={it.changedBy && it.changedAt ? t.by(it.changedBy, dateTime(it.changedAt, zone)) : undefined}
          value={choices[keyOf(it)] ?? null}
          onChange={(keep) => setChoices({ ...choices, [keyOf(it)]: keep })}
          options={[
            { value: "mine", name: t.mine, text: saidOf(it.field, mineOf(group, it)) },
            { value: "theirs", name: t.theirs, text: saidOf(it.field, it.theirs) },
          ]}
        />
      ))}
    </Dialog>
  );
}
