/** How one photo is shown in the comparison, in numbers, and its crop also by the corners. Its pixels stay as they are. */
import { useRef, useState } from "react";
import { compare as t } from "../i18n/compare";
import { decimal } from "../i18n/format";
import { renditionUrl } from "../resources/images";
import { Button } from "../ui/Button";
import { TextField } from "../ui/Field";
import { FormDialog } from "../ui/FormDialog";
import styles from "./Dialogs.module.css";
import type { Photo } from "./group";
import { clamp } from "./matrix";
import { type Crop, FARTHEST, type ImageView, PLAIN, SCALES, settledView, SMALLEST_CROP } from "./view";

interface Props {
  patientId: string;
  photo: Photo;
  name: string;
  onClose: () => void;
  onSave: (view: ImageView) => void;
}

const WHOLE: Crop = { x: 0, y: 0, width: 1, height: 1 };
const NUMBERS = ["rotation", "scale", "offsetX", "offsetY", "cropLeft", "cropTop", "cropWidth", "cropHeight"] as const;
type Name = (typeof NUMBERS)[number];
type Form = Readonly<Record<Name, string>>;

const RANGES: Readonly<Record<Name, readonly [number, number]>> = {
  rotation: [-180, 180],
  scale: [SCALES.least * 100, SCALES.most * 100],
  offsetX: [-FARTHEST * 100, FARTHEST * 100],
  offsetY: [-FARTHEST * 100, FARTHEST * 100],
  cropLeft: [0, 98],
  cropTop: [0, 98],
  cropWidth: [SMALLEST_CROP * 100, 100],
  cropHeight: [SMALLEST_CROP * 100, 100],
};

const written = (value: number): string => String(Number(value.toFixed(2)));

export function formOf({ crop, rotation, scale, offset }: ImageView): Form {
  const part = crop ?? WHOLE;
  const values = [rotation, scale * 100, offset.x * 100, offset.y * 100, part.x * 100, part.y * 100, part.width * 100, part.height * 100];
  return Object.fromEntries(NUMBERS.map((name, at) => [name, written(values[at] ?? 0)])) as Form;
}

const cropForm = (crop: Crop): Partial<Form> => ({ cropLeft: written(crop.x * 100), cropTop: written(crop.y * 100), cropWidth: written(crop.width * 100), cropHeight: written(crop.height * 100) });

/** A number as people write it, also with a comma. */
const read = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text.trim().replace(",", ".").replace("−", "-")));

const isWrong = (name: Name, text: string): boolean => {
  const value = read(text);
  const [least, most] = RANGES[name];
  return !(value >= least && value <= most);
};

export function viewFrom(form: Form): ImageView {
  const number = (name: Name): number => read(form[name]);
  return settledView({
    rotation: number("rotation"),
    scale: number("scale") / 100,
    offset: { x: number("offsetX") / 100, y: number("offsetY") / 100 },
    crop: { x: number("cropLeft") / 100, y: number("cropTop") / 100, width: number("cropWidth") / 100, height: number("cropHeight") / 100 },
  });
}

export function AdjustDialog({ patientId, photo, name, onClose, onSave }: Props) {
  const [start] = useState(() => formOf(photo.view));
  const [form, setForm] = useState(start);
  const [tries, setTries] = useState(0);
  const wrong = NUMBERS.filter((it) => isWrong(it, form[it]));
  const set = (next: Partial<Form>) => setForm({ ...form, ...next });
  const field = (it: Name) => (
    <TextField key={it} label={t[it]} value={form[it]} inputMode="decimal" autoComplete="off" onChange={(text) => set({ [it]: text })} error={tries > 0 && wrong.includes(it) ? t.numberRule(decimal(RANGES[it][0], 0), decimal(RANGES[it][1], 0)) : undefined} />
  );
  const crop = ["cropLeft", "cropTop", "cropWidth", "cropHeight"].some((it) => wrong.includes(it as Name)) ? WHOLE : (viewFrom(form).crop ?? WHOLE);
  return (
    <FormDialog
      title={`${t.adjustTitle}: ${name}`}
      size="lg"
      onClose={onClose}
      isDirty={NUMBERS.some((it) => form[it] !== start[it])}
      submit={t.apply}
      tries={tries}
      actions={
        <Button look="quiet" icon="undo" onPress={() => setForm(formOf(PLAIN))}>
          {t.reset}
        </Button>
      }
      onSubmit={() => {
        setTries(tries + 1);
        if (wrong.length > 0) return;
        onSave(viewFrom(form));
        onClose();
      }}
    >
      <p>{t.adjustText}</p>
      <CropBox src={renditionUrl(patientId, { id: photo.imageId, edition: photo.edition }, "medium")} photo={photo} crop={crop} onChange={(next) => set(cropForm(next))} />
      <div className={styles.numbers}>{NUMBERS.map(field)}</div>
    </FormDialog>
  );
}

const CORNERS = ["nw", "ne", "sw", "se"] as const;
type Corner = (typeof CORNERS)[number];
const STEPS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The crop with one corner elsewhere; the opposite one stays. */
export function withCorner({ x, y, width, height }: Crop, corner: Corner, to: { readonly x: number; readonly y: number }): Crop {
  const [right, bottom] = [x + width, y + height];
  const left = corner.endsWith("w") ? clamp(to.x, 0, right - SMALLEST_CROP) : x;
  const top = corner.startsWith("n") ? clamp(to.y, 0, bottom - SMALLEST_CROP) : y;
  const end = corner.endsWith("e") ? clamp(to.x, x + SMALLEST_CROP, 1) : right;
  const low = corner.startsWith("s") ? clamp(to.y, y + SMALLEST_CROP, 1) : bottom;
  return { x: left, y: top, width: end - left, height: low - top };
}

function CropBox({ src, photo, crop, onChange }: { src: string; photo: Photo; crop: Crop; onChange: (crop: Crop) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const held = useRef<Corner | null>(null);
  const cornerAt = (corner: Corner) => ({ x: corner.endsWith("w") ? crop.x : crop.x + crop.width, y: corner.startsWith("n") ? crop.y : crop.y + crop.height });
  return (
    <div className={styles.cropFrame} role="group" aria-label={t.cropBox}>
      <div ref={box} className={styles.cropBox} style={{ aspectRatio: `${photo.width} / ${photo.height}`, inlineSize: `min(100%, ${(16 * photo.width) / photo.height}rem)` }}>
        <div className={styles.cropWhole}>
          <img src={src} alt="" draggable={false} />
          <span className={styles.cropPart} style={{ insetInlineStart: `${crop.x * 100}%`, insetBlockStart: `${crop.y * 100}%`, inlineSize: `${crop.width * 100}%`, blockSize: `${crop.height * 100}%` }} />
        </div>
        {CORNERS.map((corner) => (
          <button
            key={corner}
            type="button"
            className={styles.cropCorner}
            aria-label={t.cropCorners[corner]}
            style={{ insetInlineStart: `${cornerAt(corner).x * 100}%`, insetBlockStart: `${cornerAt(corner).y * 100}%` }}
            onPointerDown={(event) => {
              if (event.button !== 0) return;
              event.currentTarget.setPointerCapture(event.pointerId);
              held.current = corner;
            }}
            onPointerMove={(event) => {
              const area = box.current?.getBoundingClientRect();
              if (held.current !== corner || !area) return;
              onChange(withCorner(crop, corner, { x: (event.clientX - area.left) / area.width, y: (event.clientY - area.top) / area.height }));
            }}
            onPointerUp={() => {
              held.current = null;
            }}
            onKeyDown={(event) => {
              const step = STEPS[event.key];
              if (!step) return;
              event.preventDefault();
              const by = event.shiftKey ? 0.05 : 0.01;
              const at = cornerAt(corner);
              onChange(withCorner(crop, corner, { x: at.x + step[0] * by, y: at.y + step[1] * by }));
            }}
          />
        ))}
      </div>
      <p className={styles.hint}>{t.cropHelp}</p>
    </div>
  );
}
