/** How the photos of a visit are shown, kept for this account and visit; and the beginning of selecting. */
import type { RefObject } from "react";
import { ToggleButton } from "react-aria-components/ToggleButton";
import { ToggleButtonGroup } from "react-aria-components/ToggleButtonGroup";
import { VISIT_SIZES, type VisitOrder, type VisitSize } from "../../../resources/visitLayout";
import { visits as v } from "../../../i18n/visits";
import { Button } from "../../../ui/Button";
import tab from "../photos/PhotosTab.module.css";
import styles from "./Workspace.module.css";

const p = v.photos;
const GLYPHS: Readonly<Record<VisitSize, string>> = { small: "s", medium: "m", large: "l" };

interface Props {
  order: VisitOrder;
  size: VisitSize;
  start: RefObject<HTMLButtonElement | null>;
  isSelecting: boolean;
  onOrder: (order: VisitOrder) => void;
  onSize: (size: VisitSize) => void;
  onSelect: () => void;
}

export function WorkspaceTools({ order, size, start, isSelecting, onOrder, onSize, onSelect }: Props) {
  return (
    <div className={styles.view}>
      <ToggleButtonGroup aria-label={p.size} selectionMode="single" disallowEmptySelection selectedKeys={[size]} onSelectionChange={(chosen) => onSize(VISIT_SIZES.find((it) => chosen.has(it)) ?? "medium")} className={tab.sizes ?? ""}>
        {VISIT_SIZES.map((it) => (
          <ToggleButton key={it} id={it} aria-label={p.sizes[it]} className={tab.size ?? ""}>
            <span aria-hidden="true" className={tab.glyph} data-size={GLYPHS[it]} />
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <select className={tab.order} aria-label={p.order} value={order} onChange={(event) => onOrder(event.target.value === "ascending" ? "ascending" : "descending")}>
        <option value="descending">{p.orders.descending}</option>
        <option value="ascending">{p.orders.ascending}</option>
      </select>
      <Button ref={start} aria-pressed={isSelecting} onPress={onSelect}>
        {p.select}
      </Button>
    </div>
  );
}
