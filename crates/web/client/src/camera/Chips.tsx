/** Body site and view of the photos that follow (I6), as chips that open the same choices as everywhere. */
import { useState } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { later } from "../app/later";
import { lacksSide, siteName } from "../body/place";
import { named } from "../i18n";
import { camera as c } from "../i18n/camera";
import { photoDetails as d } from "../i18n/photoDetails";
import { IMAGE_VIEWS } from "../pages/patient/photos/details/choices";
import { ChoiceDialog } from "../pages/patient/photos/select/ChoiceDialog";
import styles from "./camera.module.css";
import type { Chips as Chosen } from "./ghost";

const SiteDialog = later(() => import("../body/SiteDialog").then((it) => it.SiteDialog), { missing: "dialog" });

const VIEWS: readonly (string | null)[] = [null, ...IMAGE_VIEWS];

const sayView = (view: string | null): string => (view === null ? c.notSet : named(d.views, view));

export function Chips({ chips, onChange }: { chips: Chosen; onChange: (next: Chosen) => void }) {
  const [asking, setAsking] = useState<"site" | "view" | null>(null);
  const close = () => setAsking(null);
  return (
    <div className={styles.chips}>
      <Chip label={c.site} value={chips.site ? (lacksSide(chips.site) ? c.noSide(siteName(chips.site)) : siteName(chips.site)) : null} onPress={() => setAsking("site")} />
      <Chip label={c.view} value={chips.view ? sayView(chips.view) : null} onPress={() => setAsking("view")} />
      {asking === "site" && (
        <SiteDialog
          amount={1}
          before={chips.site}
          onClose={close}
          onSave={(site) => {
            onChange({ ...chips, site });
            close();
          }}
        />
      )}
      {asking === "view" && (
        <ChoiceDialog
          title={c.view}
          amount={1}
          before={chips.view}
          values={VIEWS}
          say={sayView}
          onClose={close}
          onChoose={(view) => {
            onChange({ ...chips, view });
            close();
          }}
        />
      )}
    </div>
  );
}

function Chip({ label, value, onPress }: { label: string; value: string | null; onPress: () => void }) {
  return (
    <AriaButton className={styles.chip ?? ""} onPress={onPress} data-set={value !== null || undefined}>
      <span className={styles.chipLabel}>{label}</span>
      <span className={styles.chipValue}>{value ?? c.notSet}</span>
    </AriaButton>
  );
}
