/** Lines over the picture, and what the camera itself offers: torch, lenses, zoom. */
import { useId } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import type { CameraLine } from "../app/theme";
import { camera as c } from "../i18n/camera";
import { decimal } from "../i18n/format";
import styles from "./camera.module.css";
import { CameraIcon } from "./icons";
import type { CameraDevice } from "./useCamera";

interface Props {
  device: CameraDevice;
  lines: readonly CameraLine[];
  onLine: (line: CameraLine, isOn: boolean) => void;
}

export function Tools({ device, lines, onLine }: Props) {
  const { state, torch } = device;
  const means = state.kind === "live" ? state.live.means : null;
  return (
    <div className={styles.tools}>
      <Tool icon="grid" label={c.grid} isOn={lines.includes("grid")} onPress={() => onLine("grid", !lines.includes("grid"))} />
      <Tool icon="level" label={c.level} isOn={lines.includes("level")} onPress={() => onLine("level", !lines.includes("level"))} />
      {means?.hasTorch && <Tool icon="torch" label={c.torch} isOn={torch} onPress={() => device.setTorch(!torch)} />}
      {device.lenses.length > 1 && (
        <label className={styles.lens}>
          <CameraIcon name="lens" />
          <span className="visually-hidden">{c.lens}</span>
          <select value={device.lens ?? ""} onChange={(event) => device.setLens(event.target.value)}>
            {device.lenses.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        </label>
      )}
      {means?.zoom && <Zoom device={device} range={means.zoom} />}
    </div>
  );
}

function Zoom({ device, range }: { device: CameraDevice; range: { readonly min: number; readonly max: number; readonly step: number } }) {
  const id = useId();
  const zoom = device.zoom ?? range.min;
  const words = c.times(decimal(zoom, 1, 0));
  return (
    <span className={styles.zoom}>
      <CameraIcon name="zoom" />
      <label className="visually-hidden" htmlFor={id}>
        {c.zoom}
      </label>
      <input
        id={id}
        className={styles.slider}
        type="range"
        min={range.min}
        max={range.max}
        step={range.step}
        value={zoom}
        aria-valuetext={words}
        onChange={(event) => device.setZoom(Number(event.target.value))}
      />
      <span className={styles.number} aria-hidden="true">
        {words}
      </span>
    </span>
  );
}

function Tool({ icon, label, isOn, onPress }: { icon: "grid" | "level" | "torch"; label: string; isOn: boolean; onPress: () => void }) {
  return (
    <AriaButton className={styles.tool ?? ""} aria-label={label} aria-pressed={isOn} onPress={onPress}>
      <CameraIcon name={icon} />
    </AriaButton>
  );
}
