/** How the device is held, where its sensors may be read: for the level, and for turning photos upright while its rotation is locked. */
import { useCallback, useEffect, useRef, useState } from "react";
import { slantOf, type Tilt } from "./fit";

interface Asking {
  readonly requestPermission?: () => Promise<"granted" | "denied">;
}

const asking = (): Asking["requestPermission"] =>
  typeof DeviceOrientationEvent === "undefined" ? undefined : (DeviceOrientationEvent as unknown as Asking).requestPermission?.bind(DeviceOrientationEvent);

export interface Holding {
  /** As it is now, for the photo that is being taken. */
  readonly tilt: () => Tilt | null;
  /** Whole degrees from level; null where that means nothing. */
  readonly slant: number | null;
  /** Asks for the sensors, where a browser wants that; only on a press. Whether they may be read. */
  readonly ask: () => Promise<boolean>;
}

/** `isWanted`: the level is on from before, so the sensors are asked for without a press, which browsers may refuse in silence. */
export function useTilt(isWanted: boolean): Holding {
  const latest = useRef<Tilt | null>(null);
  const [slant, setSlant] = useState<number | null>(null);
  const [isAllowed, setAllowed] = useState(() => asking() === undefined);
  useEffect(() => {
    if (!isAllowed) return undefined;
    const hear = ({ beta, gamma }: DeviceOrientationEvent) => {
      // Browsers say once that they know nothing, at a moment of their own.
      if (beta === null && gamma === null) return;
      latest.current = { beta, gamma };
      const next = slantOf(latest.current);
      setSlant(next === null ? null : Math.round(next));
    };
    addEventListener("deviceorientation", hear);
    return () => removeEventListener("deviceorientation", hear);
  }, [isAllowed]);
  const ask = useCallback(async () => {
    const request = asking();
    if (!request) return true;
    const isGranted = await request().then((answer) => answer === "granted", () => false);
    if (isGranted) setAllowed(true);
    return isGranted;
  }, []);
  useEffect(() => {
    if (!isWanted || isAllowed) return;
    asking()?.().then(
      (answer) => setAllowed(answer === "granted"),
      () => undefined,
    );
  }, [isWanted, isAllowed]);
  const tilt = useCallback(() => latest.current, []);
  return { tilt, slant, ask };
}
