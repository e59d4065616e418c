import { useLayoutEffect, useRef, useSyncExternalStore } from "react";
import { imageUrl, useMark } from "../resources/images";
import { Icon } from "../ui/icons";
import { previews } from "./previews";
import type { Item } from "./queue";

/** A small picture of a file: from this device, else the server's, else a sign. Fills the place that it is given. */
export function Preview({ item }: { item: Item }) {
  useMark();
  const canvas = useRef<HTMLCanvasElement>(null);
  const bitmap = useSyncExternalStore(previews.subscribe, () => previews.of(item.id));
  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element || !bitmap) return;
    element.width = bitmap.width;
    element.height = bitmap.height;
    element.getContext("2d")?.drawImage(bitmap, 0, 0);
  }, [bitmap]);
  if (bitmap) return <canvas ref={canvas} aria-hidden="true" />;
  const { state } = item;
  const stored = state.kind === "stored" || state.kind === "duplicate" ? state.imageId : null;
  if (stored) return <img src={imageUrl(item.patientId, stored, "thumbnail")} alt="" loading="lazy" decoding="async" />;
  return <Icon name="image" size={20} />;
}
