/** What a pair of photos needs: which two, and how much of each is seen. Sliders write to the stage itself; nothing is rendered while they move. */
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { compare as t } from "../i18n/compare";
import { Button } from "../ui/Button";
import { Icon } from "../ui/icons";
import { AUTOMATIC_MS, waitFor } from "./blink";
import styles from "./Compare.module.css";
import type { Photo } from "./group";
import type { Mode } from "./layout";
import stageStyles from "./Stage.module.css";
import { labelOf } from "./when";

/** The handle's own width: its middle does not reach the edges. */
const HANDLE = 48;

/** Where the line is for a value of the slider, so that the handle is on it. */
const splitAt = (percent: number): string => `calc(${HANDLE / 2}px + (100% - ${HANDLE}px) * ${percent / 100})`;

/** The handle between two photos, which are parted where it is. */
export function SplitHandle({ around, start, onEnd }: { around: RefObject<HTMLElement | null>; start: number; onEnd: (percent: number) => void }) {
  const put = (percent: number) => around.current?.style.setProperty("--split-at", splitAt(percent));
  useLayoutEffect(() => put(start));
  return (
    <div className={stageStyles.split} data-own>
      <input
        type="range"
        min={0}
        max={100}
        step={0.5}
        defaultValue={start}
        aria-label={t.split}
        onInput={(event) => {
          put(event.currentTarget.valueAsNumber);
          onEnd(event.currentTarget.valueAsNumber);
        }}
      />
      <span className={stageStyles.arrows} aria-hidden="true">
        <Icon name="split" size={26} />
      </span>
    </div>
  );
}

interface Props {
  mode: Mode;
  photos: readonly Photo[];
  pair: readonly [string, string];
  zone: string | undefined;
  onPair: (pair: readonly [string, string]) => void;
  around: RefObject<HTMLElement | null>;
  opacity: number;
  onOpacity: (percent: number) => void;
  blink: Blink;
}

export function PairBar({ mode, photos, pair, zone, onPair, around, opacity, onOpacity, blink }: Props) {
  const options = photos.map((photo) => (
    <option key={photo.imageId} value={photo.imageId}>
      {labelOf(photo, zone)}
    </option>
  ));
  const names = mode === "split" ? [t.left, t.right] : mode === "blink" ? [t.first, t.second] : [t.firstOf, t.secondOf];
  const select = (at: 0 | 1) => (
    <label className={styles.pick}>
      <span>{names[at]}</span>
      <select
        value={pair[at]}
        onChange={({ target: { value } }) => {
          // Who chooses the other one means to swap them.
          const rest = pair[1 - at] === value ? pair[at] : (pair[1 - at] as string);
          onPair(at === 0 ? [value, rest] : [rest, value]);
        }}
      >
        {options}
      </select>
    </label>
  );
  return (
    <div className={styles.pairBar}>
      {photos.length > 2 && select(0)}
      {photos.length > 2 && select(1)}
      <Button size="sm" look="quiet" icon="swap" onPress={() => onPair([pair[1], pair[0]])}>
        {t.swap}
      </Button>
      {mode === "overlay" && (
        <label className={styles.slider}>
          <span>{t.opacity}</span>
          <input
            type="range"
            min={0}
            max={100}
            defaultValue={opacity}
            onInput={(event) => {
              around.current?.style.setProperty("--opacity", String(event.currentTarget.valueAsNumber / 100));
              onOpacity(event.currentTarget.valueAsNumber);
            }}
          />
        </label>
      )}
      {mode === "blink" && <BlinkButtons blink={blink} />}
      {mode === "difference" && <p className={styles.hint}>{t.differenceHelp}</p>}
    </div>
  );
}

function BlinkButtons({ blink }: { blink: Blink }) {
  const pressed = useRef(0);
  if (!blink.isReady) return <p className={styles.hint} role="status">{t.waiting}</p>;
  return (
    <>
      <Button
        size="sm"
        aria-pressed={blink.showing === 1}
        onPressStart={() => {
          pressed.current = performance.now();
          blink.toggle();
        }}
        // A short press stays; a long one shows the other photo only while it lasts.
        onPressEnd={() => {
          if (performance.now() - pressed.current > LONG_MS) blink.toggle();
        }}
      >
        {t.other}
      </Button>
      {!blink.isCalm && (
        <Button size="sm" aria-pressed={blink.isAutomatic} onPress={() => blink.setAutomatic(!blink.isAutomatic)}>
          {t.blinkAuto}
        </Button>
      )}
      <p className={styles.hint}>{t.otherHelp}</p>
    </>
  );
}

const LONG_MS = 350;

/** Which of two photos is shown, never changing faster than three flashes a second. */
export function useBlink(isOn: boolean, isReady: boolean) {
  const [showing, setShowing] = useState<0 | 1>(0);
  const [isAutomatic, setAutomatic] = useState(false);
  const [isCalm] = useState(() => typeof matchMedia !== "undefined" && matchMedia("(prefers-reduced-motion: reduce)").matches);
  const wanted = useRef<0 | 1>(0);
  const last = useRef(Number.NEGATIVE_INFINITY);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const show = (next: 0 | 1) => {
    wanted.current = next;
    clearTimeout(timer.current);
    const change = () => {
      last.current = performance.now();
      setShowing(wanted.current);
    };
    const wait = waitFor(last.current, performance.now());
    if (wait === 0) change();
    else timer.current = setTimeout(change, wait);
  };
  const toggle = () => show(wanted.current === 0 ? 1 : 0);
  const latest = useRef(toggle);
  useEffect(() => {
    latest.current = toggle;
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!isOn || !isReady || !isAutomatic || isCalm) return undefined;
    const turn = setInterval(() => latest.current(), AUTOMATIC_MS);
    return () => clearInterval(turn);
  }, [isOn, isReady, isAutomatic, isCalm]);
  return { showing: isOn ? showing : (0 as const), isReady, isAutomatic, isCalm, setAutomatic, show, toggle };
}

export type Blink = ReturnType<typeof useBlink>;
