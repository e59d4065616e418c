/** The preview with what lies over it, the controls around it, and the photos that were taken. */
import { type CSSProperties, type RefObject, useEffect, useEffectEvent, useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { onComeback } from "../api/reach";
import type { Patient } from "../api/types";
import { serverNow } from "../api/serverClock";
import { useRemembered } from "../app/sealed";
import { setCameraLine, useCameraLines } from "../app/theme";
import { useZone } from "../app/session";
import { camera as c } from "../i18n/camera";
import { usePool } from "../pages/patient/photos/usePool";
import { displayName } from "../pages/patients/names";
import { renditionUrl } from "../resources/images";
import { toast } from "../ui/toasts";
import styles from "./camera.module.css";
import { screenAngle } from "./capture";
import { Chips } from "./Chips";
import { deviceName } from "./device";
import { turnOf } from "./fit";
import { type Chips as Chosen, comparable, earlierThan } from "./ghost";
import { GhostBar } from "./GhostBar";
import { NoPicture } from "./NoPicture";
import { ShotStrip } from "./ShotStrip";
import { Tools } from "./Tools";
import { useCamera } from "./useCamera";
import { isForShutter, useShutterFocus } from "./keys";
import { useStrip } from "./useStrip";
import { useTilt } from "./useTilt";

/** A level this near is level, in degrees. */
const LEVEL = 1;
const GHOST_START = 30;

const nameOf = (at: string, type: string): string => `Camera_${at.slice(0, 19).replaceAll(":", "-")}Z.${type === "image/png" ? "png" : "jpg"}`;

interface Props {
  patient: Patient;
  entryId: string | null;
  /** Whether the camera may run: not while the page is locked, handed over, or asks for consent. */
  isWanted: boolean;
}

export function Finder({ patient, entryId, isWanted }: Props) {
  const { id } = patient;
  const zone = useZone();
  const video = useRef<HTMLVideoElement>(null);
  const device = useCamera(video, isWanted);
  const lines = useCameraLines();
  const holding = useTilt(lines.includes("level"));
  const strip = useStrip({ id, name: displayName(patient) });
  const [chips, setChips] = useState<Chosen>({ site: null, view: null });
  const [opened] = useState(serverNow);
  const { images } = usePool(id, "time");
  const earlier = earlierThan(images, opened);
  const [strength, setStrength] = useRemembered("camera.ghost", GHOST_START);
  const [picked, setPicked] = useState<string | null>(null);
  const ghost = earlier.find((image) => image.id === picked) ?? comparable(earlier, chips);
  /** What could not be loaded; it may be once the server is back. */
  const [missing, setMissing] = useState<string | null>(null);
  useEffect(() => onComeback(() => setMissing(null)), []);
  const [flashes, setFlashes] = useState(0);
  const { state } = device;
  const live = state.kind === "live" && !state.hasStopped ? state.live : null;

  const said = (at: string, taken: string) => ({
    ...(at === "" ? {} : { capturedAt: at }),
    ...(chips.site ? { site: chips.site } : {}),
    ...(chips.view ? { view: chips.view } : {}),
    ...(taken === "" ? {} : { device: taken }),
    ...(entryId === null ? {} : { entryId }),
  });
  const shoot = async () => {
    if (!live) return;
    const at = new Date(serverNow()).toISOString();
    const { label, isFront, means, shutter } = live;
    const turn = turnOf(holding.tilt(), screenAngle(), isFront);
    setFlashes((old) => old + 1);
    const shot = strip.begin();
    try {
      const { blob, how } = await shutter.take(turn);
      shot.take(new File([blob], nameOf(at, blob.type), { type: blob.type }), said(at, deviceName(label, means.zoom ? device.zoom : null, how)));
    } catch {
      shot.fail();
      toast(c.notTaken, "bad");
    }
  };
  const whole = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!isForShutter(event, whole.current)) return;
    event.preventDefault();
    void shoot();
  });
  useEffect(() => {
    // Wherever the focus is: after a tap it is on the page itself.
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  const toShutter = useShutterFocus(button, whole, isWanted, live !== null);
  const levelOn = async () => {
    const isAllowed = await holding.ask();
    setCameraLine("level", isAllowed);
    if (!isAllowed) toast(c.noLevel, "bad");
  };
  const onOther = (files: readonly File[]) => {
    // The time is in the file; what it was taken with, too.
    for (const file of files) strip.begin().take(file, said("", ""));
  };

  return (
    <div ref={whole} className={styles.finder}>
      <div className={styles.stage} data-shown={live !== null || state.kind === "opening" || undefined}>
        <div className={styles.frame} style={{ "--aspect": device.aspect } as CSSProperties} data-testid="frame">
          <video ref={video} className={styles.video} playsInline muted aria-hidden="true" data-live={live !== null || undefined} />
          {live && ghost && strength > 0 && ghost.id !== missing && (
            <img
              key={ghost.id}
              className={styles.ghost}
              src={renditionUrl(id, ghost, "screen")}
              alt=""
              onError={() => setMissing(ghost.id)}
              style={{ opacity: strength / 100 }}
              data-testid="ghost"
            />
          )}
          {live && lines.includes("grid") && <div className={styles.grid} aria-hidden="true" data-testid="grid" />}
          {live && lines.includes("level") && holding.slant !== null && (
            <div className={styles.level} aria-hidden="true" data-level={Math.abs(holding.slant) <= LEVEL || undefined} style={{ rotate: `${holding.slant}deg` }} data-testid="level" />
          )}
          {flashes > 0 && <div key={flashes} className={styles.flash} aria-hidden="true" />}
        </div>
        <NoPicture state={state} onRetry={device.restart} onOther={onOther} />
      </div>
      <div className={styles.controls}>
        <Chips chips={chips} onChange={setChips} />
        <GhostBar patientId={id} images={earlier} chips={chips} ghost={ghost} picked={picked} onPick={setPicked} strength={strength} onStrength={setStrength} zone={zone} />
        <Tools
          device={device}
          lines={lines}
          onLine={(line, isOn) => {
            if (line === "level" && isOn) void levelOn();
            else setCameraLine(line, isOn);
          }}
        />
        <div className={styles.release}>
          <p className={styles.count} role="status">
            {strip.left > 0 ? c.waiting(strip.left) : strip.added > 0 ? c.added(strip.added) : ""}
          </p>
          <Shutter button={button} isDisabled={!live} onPress={() => void shoot()} />
        </div>
      </div>
      <ShotStrip patientId={id} shots={strip.shots} onDiscard={strip.discard} onClosed={toShutter} />
    </div>
  );
}

function Shutter({ button, isDisabled, onPress }: { button: RefObject<HTMLButtonElement | null>; isDisabled: boolean; onPress: () => void }) {
  return (
    // It answers when it is touched, and not when it is let go.
    <AriaButton ref={button} className={styles.shutter ?? ""} isDisabled={isDisabled} onPressStart={onPress} aria-label={c.shutter}>
      <span aria-hidden="true" />
    </AriaButton>
  );
}
