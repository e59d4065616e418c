/** What people say about a photo (I3), saved field by field as it is entered. */
import { type ReactNode, useId, useState } from "react";
import type { Image } from "../../../../api/types";
import { later } from "../../../../app/later";
import { type Placed, siteName } from "../../../../body/place";
import { named } from "../../../../i18n";
import { dateTime } from "../../../../i18n/format";
import { photoDetails as texts } from "../../../../i18n/photoDetails";
import { Button } from "../../../../ui/Button";
import { Select } from "../../../../ui/Field";
import field from "../../../../ui/Field.module.css";
import { takenAt } from "../group";
import { IMAGE_VIEWS, LONGEST_CAPTION, MODALITIES } from "./choices";
import { DateDialog } from "./DateDialog";
import styles from "./details.module.css";
import { Marked } from "./Mark";
import { Stars } from "./Stars";
import type { DetailSaves, Field, ValueOf } from "./useDetailSaves";

const SiteDialog = later(() => import("../../../../body/SiteDialog").then((it) => it.SiteDialog), { missing: "dialog" });

const d = texts;
/** After so long without a key, what was typed is saved. */
const PAUSE_MS = 3000;

interface Props {
  image: Image;
  zone: string | undefined;
  saves: DetailSaves;
}

export function DetailFields({ image, zone, saves }: Props) {
  const [asking, setAsking] = useState<"site" | "date" | null>(null);
  const valueOf = <F extends Field>(name: F): ValueOf<F> => {
    const entered = saves.of(image, name);
    return (entered && entered.state !== "saved" ? entered.value : image[name]) as ValueOf<F>;
  };
  const words = (name: Field) => (value: unknown): string => {
    if (value === null || value === undefined || value === "") return d.notSet;
    if (name === "site") return siteName(value as Placed);
    if (name === "capturedAt") return dateTime(value as string, zone);
    if (name === "rating") return d.stars(Number(value));
    return name === "caption" ? String(value) : named(name === "view" ? d.views : d.modalities, String(value));
  };
  const marked = (name: Field, children: ReactNode) => (
    <Marked entered={saves.of(image, name)} say={words(name)} onRetry={() => saves.save(image, name, saves.of(image, name)?.value ?? null)} onDrop={() => saves.drop(image, name)}>
      {children}
    </Marked>
  );
  const select = (name: "view" | "modality", codes: readonly string[], labels: Readonly<Record<string, string>>) => {
    const value = valueOf(name) ?? "";
    // A code that is newer than this client stays as it is.
    const all = value === "" || codes.includes(value) ? codes : [...codes, value];
    const options = [{ value: "", label: d.notSet }, ...all.map((code) => ({ value: code, label: named(labels, code) }))];
    return marked(name, <Select label={d.fields[name]} value={value} options={options} onChange={(code) => saves.save(image, name, code === "" ? null : code)} />);
  };
  const site = valueOf("site");
  const capturedAt = valueOf("capturedAt");
  const close = () => setAsking(null);
  return (
    <div className={styles.fields}>
      {marked("caption", <Caption key={image.id} image={image} saves={saves} value={valueOf("caption") ?? ""} />)}
      {marked(
        "site",
        <Fact label={d.fields.site} value={words("site")(site)} isSet={site !== null} onPress={() => setAsking("site")} />,
      )}
      {marked(
        "capturedAt",
        <>
          <Fact label={d.fields.capturedAt} value={capturedAt === null ? d.notSet : takenAt({ ...image, capturedAt }, zone)} isSet={capturedAt !== null} onPress={() => setAsking("date")} />
          {image.cameraAt !== null && image.cameraAt !== capturedAt && <p className={styles.small}>{d.cameraSays(dateTime(image.cameraAt, zone))}</p>}
        </>,
      )}
      {select("view", IMAGE_VIEWS, d.views)}
      {select("modality", MODALITIES, d.modalities)}
      {marked("rating", <Stars value={valueOf("rating") ?? 0} onChange={(stars) => saves.save(image, "rating", stars)} />)}
      {asking === "site" && (
        <SiteDialog
          amount={1}
          before={site}
          onClose={close}
          onSave={(next) => {
            close();
            saves.save(image, "site", next);
          }}
        />
      )}
      {asking === "date" && (
        <DateDialog
          amount={1}
          before={capturedAt}
          hasCamera={image.cameraAt !== null && image.cameraAt !== capturedAt}
          onClose={close}
          onSave={(instant) => {
            close();
            saves.save(image, "capturedAt", instant);
          }}
        />
      )}
    </div>
  );
}

function Caption({ image, saves, value }: { image: Image; saves: DetailSaves; value: string }) {
  const id = useId();
  const [timer, setTimer] = useState<ReturnType<typeof setTimeout> | undefined>(undefined);
  const state = saves.of(image, "caption")?.state;
  return (
    <div className={field.field}>
      <label className={field.label} htmlFor={id}>
        {d.fields.caption}
      </label>
      <textarea
        id={id}
        rows={2}
        maxLength={LONGEST_CAPTION}
        className={field.input}
        value={value}
        onChange={(event) => {
          const text = event.target.value;
          saves.type(image, "caption", text.trim() === "" ? null : text);
          clearTimeout(timer);
          setTimer(setTimeout(saves.flush, PAUSE_MS));
        }}
        onBlur={() => {
          clearTimeout(timer);
          if (state === "edited") saves.flush();
        }}
      />
    </div>
  );
}

function Fact({ label, value, isSet, onPress }: { label: string; value: string; isSet: boolean; onPress: () => void }) {
  return (
    <div className={styles.fact}>
      <span className={field.label}>{label}</span>
      <span className={styles.value} data-empty={!isSet || undefined}>
        {value}
      </span>
      <Button size="sm" onPress={onPress}>
        {isSet ? d.change : d.set}
        <span className="visually-hidden">: {label}</span>
      </Button>
    </div>
  );
}
