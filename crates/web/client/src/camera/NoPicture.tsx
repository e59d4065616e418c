/** Why there is no picture, and what to do about it; the device's own camera serves where the page has none (I6). */
import { useRef } from "react";
import { t } from "../i18n";
import { camera as c } from "../i18n/camera";
import { Button } from "../ui/Button";
import { Icon } from "../ui/icons";
import styles from "./camera.module.css";
import type { CameraState } from "./useCamera";

interface Props {
  state: CameraState;
  onRetry: () => void;
  onOther: (files: readonly File[]) => void;
}

export function NoPicture({ state, onRetry, onOther }: Props) {
  if (state.kind === "off") return null;
  if (state.kind === "opening") {
    return (
      <div className={styles.state} role="status">
        <p>{c.opening}</p>
      </div>
    );
  }
  if (state.kind === "live") {
    if (!state.hasStopped) return null;
    return (
      <div className={styles.state} data-tone="warn" role="alert">
        <Icon name="warn" size={34} />
        <p>{c.stopped}</p>
        <Button look="primary" icon="refresh" onPress={onRetry}>
          {c.restart}
        </Button>
      </div>
    );
  }
  const { title, text } = c.none[state.why];
  const isAskable = state.why !== "insecure" && state.why !== "unsupported";
  return (
    <div className={styles.state} data-tone="warn" role="alert">
      <Icon name="camera" size={34} />
      <h2>{title}</h2>
      <p>{text}</p>
      <div className={styles.actions}>
        {isAskable && (
          <Button look="primary" icon="refresh" onPress={onRetry}>
            {t.common.retry}
          </Button>
        )}
        <OtherCamera onOther={onOther} />
      </div>
    </div>
  );
}

function OtherCamera({ onOther }: { onOther: (files: readonly File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button icon="camera" onPress={() => input.current?.click()}>
        {c.otherCamera}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept="image/jpeg"
        capture="environment"
        data-testid="other-camera"
        onChange={(event) => {
          onOther([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </>
  );
}
