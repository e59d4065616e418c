/** Tools for drawing on one photo and measuring on it, and the list of what is drawn. */
import { useState } from "react";
import { compare as t } from "../i18n/compare";
import { decimal } from "../i18n/format";
import { Button, IconButton } from "../ui/Button";
import { Checkbox } from "../ui/Checkbox";
import { Select, TextField } from "../ui/Field";
import { FormDialog } from "../ui/FormDialog";
import styles from "./Compare.module.css";
import type { Drawing } from "./drawing";
import { COLOURS, LONGEST_TEXT, type Photo, RULERS } from "./group";
import { measureIn } from "./measure";
import { lengthOf } from "./Shapes";
import type { Store } from "./store";
import { DRAW_TOOLS, middleShape } from "./pen";
import type { Draw } from "./useDraw";
import { labelOf } from "./when";

interface Props {
  photos: readonly Photo[];
  photo: Photo;
  draw: Draw;
  drawing: Drawing;
  store: Store;
  zone: string | undefined;
  hasShapes: boolean;
  onShapes: (shown: boolean) => void;
  onPhoto: (imageId: string) => void;
}

const NUDGE = 0.005;
const STEPS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function DrawPanel({ photos, photo, draw, drawing, store, zone, hasShapes, onShapes, onPhoto }: Props) {
  const { tool, style, selected } = draw;
  const noRuler = photo.ruler === null;
  const isShort = photo.ruler !== null && measureIn(photo, photo.ruler, photo.ruler.from, photo.ruler.to) === "short_ruler";
  const hasMiddle = tool === "arrow" || tool === "circle" || tool === "text" || tool === "ruler" || (tool === "measure" && !noRuler);
  const addMiddle = () => {
    const shape = middleShape(tool === "text" ? "arrow" : tool, photo, drawing);
    if (!shape) return;
    const [from, to] = shape.kind === "circle" ? [shape.centre, shape.centre] : "from" in shape ? [shape.from, shape.to] : [null, null];
    if (!from || !to) return;
    if (tool === "text" || tool === "ruler") draw.setAsked({ what: tool, from, to });
    else draw.add(shape);
  };
  const style1 = (next: Partial<typeof style>) => {
    draw.setStyle({ ...style, ...next });
    if (selected !== null) draw.paint(selected, next);
  };
  return (
    <>
      {photos.length > 1 && <Select label={t.drawOn} value={photo.imageId} onChange={onPhoto} options={photos.map((one) => ({ value: one.imageId, label: labelOf(one, zone) }))} />}
      <fieldset className={styles.toolList}>
        <legend>{t.tool}</legend>
        {DRAW_TOOLS.map((it) => (
          <label key={it} className={styles.toolChoice} data-picked={it === tool || undefined}>
            <input type="radio" name="draw-tool" className="visually-hidden" checked={it === tool} disabled={it === "measure" && noRuler} onChange={() => draw.setTool(it)} />
            {t.drawTools[it]}
          </label>
        ))}
      </fieldset>
      {hasMiddle && (
        <Button size="sm" icon="plus" onPress={addMiddle}>
          {t.addMiddle(t.drawTools[tool])}
        </Button>
      )}
      {photo.annotations.length === 0 ? (
        <p className={styles.hint}>{t.noDrawings}</p>
      ) : (
        <>
          <ul className={styles.drawings} aria-label={t.list}>
            {photo.annotations.map((it, at) => (
              <li key={it.id} data-picked={it.id === selected || undefined}>
                <button
                  type="button"
                  className={styles.drawing}
                  aria-pressed={it.id === selected}
                  data-own-keys
                  onClick={() => draw.setSelected(it.id === selected ? null : it.id)}
                  onKeyDown={(event) => {
                    const step = STEPS[event.key];
                    const by = event.shiftKey ? NUDGE * 5 : NUDGE;
                    if (step) draw.shift(it.id, { x: step[0] * by, y: step[1] * by });
                    else if (event.key === "Delete" || event.key === "Backspace") draw.remove(it.id);
                    else if (event.key === "+" || event.key === "=") draw.resize(it.id, 1.1);
                    else if (event.key === "-") draw.resize(it.id, 1 / 1.1);
                    else return;
                    event.preventDefault();
                    draw.setSelected(it.id);
                  }}
                >
                  <span className={styles.dot} data-colour={it.colour} aria-hidden="true" />
                  {t.drawing(it.kind === "text" ? it.text : it.kind === "measure" ? lengthOf(it, photo) : t.drawTools[it.kind], t.colours[it.colour], at + 1)}
                </button>
                {it.id === selected && (
                  <>
                    {it.kind !== "text" && (
                      <>
                        <IconButton look="stage" icon="plus" label={t.larger} tip={false} onPress={() => draw.resize(it.id, 1.1)} />
                        <IconButton look="stage" icon="minus" label={t.smaller} tip={false} onPress={() => draw.resize(it.id, 1 / 1.1)} />
                      </>
                    )}
                    <IconButton look="stage" icon="trash" label={t.remove1} tip={false} onPress={() => draw.remove(it.id)} />
                  </>
                )}
              </li>
            ))}
          </ul>
          <p className={styles.hint}>{t.keysHelp}</p>
        </>
      )}
      <p className={styles.hint}>{noRuler ? t.rulerNone : isShort ? t.rulerShort : t.measuredHelp}</p>
      {photo.ruler && (
        <p className={styles.rulerLine}>
          <span>{t.rulerIs(decimal(photo.ruler.millimetres, photo.ruler.millimetres % 1 === 0 ? 0 : 1))}</span>
          <Button size="sm" look="quiet" onPress={() => store.setPhoto(photo.imageId, "ruler", null)}>
            {t.rulerRemove}
          </Button>
        </p>
      )}
      <fieldset className={styles.colours}>
        <legend>{t.colour}</legend>
        {COLOURS.map((colour) => (
          <label key={colour} className={styles.colour} data-picked={colour === style.colour || undefined}>
            <input type="radio" name="draw-colour" className="visually-hidden" checked={colour === style.colour} onChange={() => style1({ colour })} />
            <span className={styles.dot} data-colour={colour} aria-hidden="true" />
            {t.colours[colour]}
          </label>
        ))}
      </fieldset>
      <label className={styles.slider}>
        <span>{t.thickness}</span>
        <input type="range" min={1} max={8} value={style.width} onChange={(event) => style1({ width: event.currentTarget.valueAsNumber })} />
      </label>
      <div className={styles.buttons}>
        <Checkbox isSelected={hasShapes} onChange={onShapes}>
          {t.shown}
        </Checkbox>
      </div>
      {draw.asked?.what === "text" && <TextDialog onClose={() => draw.setAsked(null)} onSave={(text) => draw.asked && draw.add({ kind: "text", at: draw.asked.from, text })} />}
      {draw.asked?.what === "ruler" && <RulerDialog onClose={() => draw.setAsked(null)} onSave={(millimetres) => draw.asked && store.setPhoto(photo.imageId, "ruler", { from: draw.asked.from, to: draw.asked.to, millimetres })} />}
    </>
  );
}

function TextDialog({ onClose, onSave }: { onClose: () => void; onSave: (text: string) => void }) {
  const [text, setText] = useState("");
  const submit = () => {
    onSave(text.trim());
    onClose();
  };
  return (
    <FormDialog title={t.textTitle} size="sm" place="end" onClose={onClose} isDirty={text !== ""} submit={t.apply} isDisabled={text.trim() === ""} onSubmit={submit}>
      <TextField label={t.text} value={text} onChange={setText} maxLength={LONGEST_TEXT} autoFocus autoComplete="off" />
    </FormDialog>
  );
}

function RulerDialog({ onClose, onSave }: { onClose: () => void; onSave: (millimetres: number) => void }) {
  const [text, setText] = useState("");
  const [tries, setTries] = useState(0);
  const value = Number(text.trim().replace(",", "."));
  const isWrong = text.trim() === "" || !(value >= RULERS.least && value <= RULERS.most);
  const submit = () => {
    setTries(tries + 1);
    if (isWrong) return;
    onSave(value);
    onClose();
  };
  return (
    <FormDialog title={t.rulerTitle} size="sm" place="end" onClose={onClose} isDirty={text !== ""} submit={t.apply} tries={tries} onSubmit={submit}>
      <TextField label={t.rulerLength} inputMode="decimal" value={text} onChange={setText} autoFocus autoComplete="off" error={tries > 0 && isWrong ? t.rulerRule : undefined} />
    </FormDialog>
  );
}
