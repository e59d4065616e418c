/** Icons of the camera alone: they come with it, and not with the first page. */
import { Flashlight, Ghost, Grid3x3, Ruler, SwitchCamera, ZoomIn } from "lucide-react";

const icons = { ghost: Ghost, grid: Grid3x3, lens: SwitchCamera, level: Ruler, torch: Flashlight, zoom: ZoomIn } as const;

export function CameraIcon({ name, size = 20 }: { name: keyof typeof icons; size?: number }) {
  const Shape = icons[name];
  return <Shape size={size} strokeWidth={1.7} aria-hidden="true" />;
}
