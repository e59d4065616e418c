/** While a photo is dragged: where it would be put, and the photo at the pointer. */
import styles from "./Pool.module.css";
import type { Dragged } from "./useDragOrder";

export function DropMark({ dragged: { mark } }: { dragged: Dragged }) {
  return <div className={styles.dropMark} style={{ insetInlineStart: mark.left, insetBlockStart: mark.top, blockSize: mark.height }} aria-hidden="true" />;
}

export function DragGhost({ dragged: { x, y, src } }: { dragged: Dragged }) {
  return (
    <div className={styles.ghost} style={{ transform: `translate(${x}px, ${y}px) translate(-50%, -60%)` }} aria-hidden="true">
      {src && <img src={src} alt="" />}
    </div>
  );
}
