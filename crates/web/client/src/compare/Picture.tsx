/** One photo in its frame, in layers: the thumbnail at once, the screen size over it once it is decoded, the full size where it was zoomed beyond that. */
import { type ReactNode, useEffect, useRef, useState } from "react";
import { missed } from "../api/reach";
import { useAwaySince, useReturns } from "../app/useReach";
import { compare as t } from "../i18n/compare";
import { renditionUrl, useMark } from "../resources/images";
import styles from "./Stage.module.css";
import type { Drawing } from "./drawing";
import type { Photo } from "./group";
import { screenExtent } from "./view";

interface Props {
  patientId: string;
  photo: Photo;
  alt: string;
  /** Whether it was ever on screen: only then is it asked for (U1). */
  isWanted: boolean;
  isFull: boolean;
  drawing: Drawing;
  onReady: (imageId: string) => void;
  children: ReactNode;
}

export function Picture({ patientId, photo, alt, isWanted, isFull, drawing, onReady, children }: Props) {
  useMark();
  const { imageId, edition } = photo;
  const [screen, setScreen] = useState<"loading" | "shown" | "failed">("loading");
  const isAway = useAwaySince() !== null;
  // F3: what failed is tried again when the server is back, or the person is.
  const returns = useReturns();
  const [seen, setSeen] = useState(returns);
  if (seen !== returns) {
    setSeen(returns);
    if (screen === "failed") setScreen("loading");
  }
  const { width, height } = screenExtent(photo);
  const address = (rendition: "thumbnail" | "screen" | "full") => renditionUrl(patientId, { id: imageId, edition }, rendition);
  const { crop } = photo.view;
  const cut = crop ? { clipPath: `inset(${crop.y * 100}% ${(1 - crop.x - crop.width) * 100}% ${(1 - crop.y - crop.height) * 100}% ${crop.x * 100}%)` } : {};
  return (
    <>
      <div ref={(element) => drawing.picture(imageId, element)} className={styles.picture} style={{ inlineSize: width, blockSize: height, ...cut }} data-testid="picture">
        {isWanted && (
          <>
            {screen !== "failed" && <img src={address("thumbnail")} alt="" draggable={false} className={styles.layer} />}
            {screen !== "failed" && (
              <Decoded
                src={address("screen")}
                alt={alt}
                onShown={() => {
                  setScreen("shown");
                  onReady(imageId);
                }}
                onFailed={() => {
                  missed();
                  setScreen("failed");
                }}
              />
            )}
            {isFull && screen === "shown" && <Decoded src={address("full")} alt="" />}
          </>
        )}
        {children}
      </div>
      {screen === "failed" && (
        <p className={styles.failed} role="status">
          {isAway ? t.failedAway : t.failed}
        </p>
      )}
    </>
  );
}

/** Shown once it is decoded, so that no frame waits for that. */
function Decoded({ src, alt, onShown, onFailed }: { src: string; alt: string; onShown?: () => void; onFailed?: () => void }) {
  const [element, setElement] = useState<HTMLImageElement | null>(null);
  const [isShown, setShown] = useState(false);
  const latest = useRef({ onShown, onFailed });
  useEffect(() => {
    latest.current = { onShown, onFailed };
  });
  useEffect(() => {
    if (!element) return undefined;
    let isHere = true;
    const wait = async () => {
      try {
        // It waits until the picture is loaded, too.
        await element.decode();
      } catch {
        if (isHere) latest.current.onFailed?.();
        return;
      }
      if (!isHere) return;
      setShown(true);
      latest.current.onShown?.();
    };
    void wait();
    return () => {
      isHere = false;
    };
  }, [element, src]);
  return <img ref={setElement} src={src} alt={alt} decoding="async" draggable={false} className={styles.layer} data-state={isShown ? "shown" : "loading"} />;
}
