/** E6: photos of the visit's day that belong to no visit are offered for it. */
import { useState } from "react";
import type { ListedEntry } from "../../../api/types";
import { useZone } from "../../../app/session";
import { day } from "../../../i18n/format";
import { visits as v } from "../../../i18n/visits";
import { Button } from "../../../ui/Button";
import { Icon } from "../../../ui/icons";
import styles from "./Timeline.module.css";
import { useVisitPhotos } from "./useVisitPhotos";

export function Offered({ patientId, entry }: { patientId: string; entry: Pick<ListedEntry, "id" | "appointmentAt" | "offered" | "offeredCount"> }) {
  const zone = useZone();
  const { add } = useVisitPhotos(patientId, entry.id);
  const [isAdding, setAdding] = useState(false);
  const amount = entry.offered.length;
  const take = async () => {
    setAdding(true);
    await add(entry.offered);
    setAdding(false);
  };
  return (
    <p className={styles.offered}>
      <Icon name="image" size={18} />
      <span>{v.offered(entry.offeredCount)}</span>
      <Button size="sm" look="quiet" isPending={isAdding} onPress={() => void take()}>
        {(amount < entry.offeredCount ? v.addSome : v.addOffered)(amount)}
        <span className="visually-hidden">: {v.ofVisit(day(entry.appointmentAt, zone))}</span>
      </Button>
    </p>
  );
}
