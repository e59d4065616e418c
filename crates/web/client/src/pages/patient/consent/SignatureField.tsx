import { useEffect, useId, useRef, useState } from "react";
import SignaturePad from "signature_pad";
import { consents as c } from "../../../i18n/consents";
import { Button } from "../../../ui/Button";
import styles from "./SignatureField.module.css";
import { type Stroke, strokesOf } from "./strokes";

export interface Signature {
  readonly strokes: Stroke[];
  readonly width: number;
  readonly height: number;
}

/** A field to sign in, by finger, pen or mouse. White in both themes: it is paper. */
interface Props {
  onChange: (signature: Signature) => void;
  error: string | undefined;
  /** In a patient's hands: there is no other way to choose beside it. */
  isHandedOver?: boolean;
}

export function SignatureField({ onChange, error, isHandedOver = false }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad | null>(null);
  const [isBlank, setBlank] = useState(true);
  const noteId = useId();
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });

  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const signature = new SignaturePad(element, { penColor: "#10244d", minWidth: 0.9, maxWidth: 2.8, minDistance: 2 });
    pad.current = signature;
    const fit = () => {
      const ratio = Math.max(1, devicePixelRatio);
      const data = signature.toData();
      element.width = Math.round(element.clientWidth * ratio);
      element.height = Math.round(element.clientHeight * ratio);
      element.getContext("2d")?.scale(ratio, ratio);
      signature.clear();
      signature.fromData(data);
    };
    const tell = () => {
      const strokes = strokesOf(signature.toData());
      setBlank(strokes.length === 0);
      latest.current({ strokes, width: element.clientWidth, height: element.clientHeight });
    };
    fit();
    signature.addEventListener("endStroke", tell);
    const observer = new ResizeObserver(fit);
    observer.observe(element);
    return () => {
      observer.disconnect();
      signature.removeEventListener("endStroke", tell);
      signature.off();
    };
  }, []);

  const clear = () => {
    pad.current?.clear();
    setBlank(true);
    latest.current({ strokes: [], width: 0, height: 0 });
  };

  return (
    <div className={styles.field}>
      <div className={styles.paper} role="group" aria-label={c.padHint} aria-describedby={noteId} tabIndex={-1} data-invalid={error ? true : undefined}>
        <canvas ref={canvas} className={styles.canvas} role="img" aria-label={isBlank ? (isHandedOver ? c.padNote : c.padLabel) : c.padDrawn} aria-describedby={noteId} data-testid="signature" />
        {isBlank && (
          <span className={styles.hint} aria-hidden="true">
            {c.padHint}
          </span>
        )}
        <span className={styles.baseline} aria-hidden="true" />
        {!isBlank && (
          <span className={styles.clear}>
            <Button look="secondary" size="sm" icon="trash" onPress={clear}>
              {c.padClear}
            </Button>
          </span>
        )}
      </div>
      <p id={noteId} className={error ? styles.error : styles.note} role={error ? "alert" : undefined}>
        {error ?? (isHandedOver ? c.padNote : c.keyboardNote)}
      </p>
    </div>
  );
}
