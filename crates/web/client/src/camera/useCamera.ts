/**
 * The stream of the camera: asked for only while it is wanted and seen, and stopped with everything else (I6). It is opened again when
 * the person comes back to a page whose camera has stopped (case 15).
 */
import { type RefObject, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useRemembered } from "../app/sealed";
import { lensOf, Shutter } from "./capture";
import { isStalled, type LensChoice, lenses, type Means, meansOf, missing, type NoCamera, openStream, settings, stop, whyNone } from "./device";

/** How often it is looked whether frames come. */
const LOOK_MS = 100;

interface Live {
  readonly track: MediaStreamTrack;
  readonly shutter: Shutter;
  readonly means: Means;
  readonly label: string;
  readonly isFront: boolean;
}

export type CameraState =
  | { readonly kind: "off" }
  | { readonly kind: "opening" }
  | { readonly kind: "live"; readonly live: Live; readonly hasStopped: boolean }
  | { readonly kind: "none"; readonly why: NoCamera };

const subscribeShown = (listener: () => void) => {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
};
const useIsShown = (): boolean => useSyncExternalStore(subscribeShown, () => document.visibilityState !== "hidden");

async function start(video: HTMLVideoElement, stream: MediaStream): Promise<Live> {
  const [track] = stream.getVideoTracks();
  if (!track) throw Object.assign(new Error("no track"), { name: "NotFoundError" });
  video.srcObject = stream;
  await video.play();
  const set = track.getSettings?.() ?? {};
  return {
    track,
    shutter: new Shutter(lensOf(video, track)),
    means: meansOf(track.getCapabilities?.() ?? {}),
    label: track.label,
    isFront: set.facingMode === "user",
  };
}

/** Calls back with each frame that comes; returns how to stop that. */
function onFrames(video: HTMLVideoElement, seen: () => void): () => void {
  if (typeof video.requestVideoFrameCallback === "function") {
    let handle = 0;
    const next = () => {
      handle = video.requestVideoFrameCallback(() => {
        seen();
        next();
      });
    };
    next();
    return () => video.cancelVideoFrameCallback(handle);
  }
  let last = -1;
  const timer = setInterval(() => {
    if (video.currentTime !== last) seen();
    last = video.currentTime;
  }, LOOK_MS);
  return () => clearInterval(timer);
}

export interface CameraDevice {
  readonly state: CameraState;
  readonly lenses: readonly LensChoice[];
  readonly lens: string | null;
  readonly setLens: (id: string) => void;
  readonly zoom: number | null;
  readonly setZoom: (zoom: number) => void;
  readonly torch: boolean;
  readonly setTorch: (on: boolean) => void;
  /** Width by height of what is shown. */
  readonly aspect: number;
  readonly restart: () => void;
}

export function useCamera(video: RefObject<HTMLVideoElement | null>, isWanted: boolean): CameraDevice {
  const [lens, setLens] = useRemembered<string | null>("camera.lens", null);
  const [state, setState] = useState<CameraState>({ kind: "off" });
  const [tries, setTries] = useState(0);
  const [choices, setChoices] = useState<readonly LensChoice[]>([]);
  const [zoom, setZoomState] = useState<number | null>(null);
  const [torch, setTorchState] = useState(false);
  const [aspect, setAspect] = useState(4 / 3);
  /** Between the first sign of a return and the camera's answer, further ones mean nothing. */
  const isReturning = useRef(false);
  const isOn = useIsShown() && isWanted;

  const restart = useCallback(() => {
    if (isReturning.current) return;
    isReturning.current = true;
    setTries((old) => old + 1);
  }, []);

  useEffect(() => {
    const shown = video.current;
    if (!isOn || !shown) return undefined;
    let isOver = false;
    let stream: MediaStream | null = null;
    const settle = (next: CameraState) => {
      if (isOver) return;
      isReturning.current = false;
      setState(next);
    };
    const begin = async () => {
      const why = missing();
      if (why) {
        settle({ kind: "none", why });
        return;
      }
      setState({ kind: "opening" });
      try {
        const opened = await openStream(lens);
        if (isOver) {
          stop(opened);
          return;
        }
        stream = opened;
        const live = await start(shown, opened);
        setZoomState((live.track.getSettings?.() as { zoom?: number } | undefined)?.zoom ?? null);
        setTorchState(false);
        settle({ kind: "live", live, hasStopped: false });
        const found = await lenses().catch(() => []);
        if (!isOver) setChoices(found);
      } catch (error) {
        stop(stream);
        settle({ kind: "none", why: whyNone(error) });
      }
    };
    void begin();
    return () => {
      isOver = true;
      stop(stream);
      shown.srcObject = null;
      isReturning.current = false;
      setState({ kind: "off" });
    };
  }, [video, isOn, lens, tries]);

  const live = state.kind === "live" ? state.live : null;
  useEffect(() => {
    const shown = video.current;
    if (!live || !shown) return undefined;
    let last = performance.now();
    const mark = (hasStopped: boolean) => setState((old) => (old.kind === "live" && old.live === live && old.hasStopped !== hasStopped ? { ...old, hasStopped } : old));
    const stopFrames = onFrames(shown, () => {
      last = performance.now();
      setAspect(shown.videoWidth > 0 ? shown.videoWidth / shown.videoHeight : 4 / 3);
      mark(false);
    });
    const timer = setInterval(() => mark(live.track.readyState === "ended" || isStalled(last, performance.now())), LOOK_MS);
    return () => {
      stopFrames();
      clearInterval(timer);
    };
  }, [video, live]);

  const isLost = (state.kind === "live" && state.hasStopped) || (state.kind === "none" && (state.why === "busy" || state.why === "failed"));
  useEffect(() => {
    if (!isLost) return undefined;
    for (const event of ["focus", "pageshow"]) addEventListener(event, restart);
    return () => {
      for (const event of ["focus", "pageshow"]) removeEventListener(event, restart);
    };
  }, [isLost, restart]);

  const apply = (nextZoom: number | null, nextTorch: boolean) => {
    if (!live) return;
    // What it cannot do stays as it was.
    void live.track.applyConstraints(settings(nextZoom, live.means.hasTorch ? nextTorch : null)).catch(() => undefined);
  };
  return {
    state,
    lenses: choices,
    lens: live?.track.getSettings?.().deviceId ?? lens,
    setLens,
    zoom,
    setZoom: (next) => {
      setZoomState(next);
      apply(next, torch);
    },
    torch,
    setTorch: (on) => {
      setTorchState(on);
      apply(zoom, on);
    },
    aspect,
    restart,
  };
}
