/** Chooses a body site: on the map, by typing, or from what is larger or smaller than the one that is chosen. The side is the patient's own. */
import { useState } from "react";
import { ToggleButton } from "react-aria-components/ToggleButton";
import { ToggleButtonGroup } from "react-aria-components/ToggleButtonGroup";
import { named } from "../i18n";
import { bodySites as texts } from "../i18n/bodySites";
import { Button } from "../ui/Button";
import { BodyMap } from "./BodyMap";
import styles from "./BodyMap.module.css";
import { type ViewId, VIEW_IDS, WHOLES } from "./figures";
import { type Chosen, isShown, type Placed, placed, viewFor } from "./place";
import { around, partsOf, type Site, siteOf } from "./sites";
import { SiteSearch } from "./SiteSearch";

const b = texts;

interface Props {
  value: Chosen;
  onChange: (value: Placed | null) => void;
}

export function SitePicker({ value, onChange }: Props) {
  const [view, setView] = useState<ViewId>(value ? viewFor(value.code) : "front");
  /** Whose figure comes first in a view: what was chosen in words. Figures keep their places while the map is tapped. */
  const [first, setFirst] = useState(value?.code ?? null);
  const take = (next: Placed, isByWords: boolean) => {
    onChange(next);
    if (!isByWords) return;
    // What was chosen in words is shown on the map too.
    if (!isShown(view, next.code)) setView(viewFor(next.code));
    setFirst(next.code);
  };
  const whole = siteOf(WHOLES[view]);
  const outer = value ? around(value.code) : [];
  // What the view shows as a whole has no region of its own: "Back" is offered as soon as the back is shown.
  const wider = whole && value?.code !== whole.code && !outer.includes(whole) ? [whole, ...outer] : outer;
  const chips = (title: string, sites: readonly Site[]) =>
    sites.length > 0 && (
      <section className={styles.chips} aria-label={title}>
        <h3>{title}</h3>
        {sites.map(({ code }) => (
          <Button key={code} size="sm" onPress={() => take(placed(code, value?.laterality ?? null), true)}>
            {named(b.names, code)}
          </Button>
        ))}
      </section>
    );
  return (
    <div className={styles.picker} data-fills>
      <div className={styles.left}>
        <ToggleButtonGroup
          aria-label={b.view}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[view]}
          onSelectionChange={(keys) => setView(VIEW_IDS.find((id) => keys.has(id)) ?? "front")}
          className={styles.views ?? ""}
        >
          {VIEW_IDS.map((id) => (
            <ToggleButton key={id} id={id}>
              {b.views[id]}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
        <BodyMap key={view} view={view} first={first} value={value ?? null} onChange={(next) => take(next, false)} onView={setView} />
      </div>
      <div className={styles.right}>
        <SiteSearch value={value ?? null} onChange={(next) => take(next, true)} />
        {value && chips(b.closer, partsOf(value.code))}
        {chips(b.wider, wider)}
        {value !== null && (
          <Button look="quiet" size="sm" icon="close" onPress={() => onChange(null)}>
            {b.clear}
          </Button>
        )}
      </div>
    </div>
  );
}
