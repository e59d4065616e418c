import { useCallback } from "react";
import { t } from "../../i18n";
import { patientActivityQuery } from "../../resources/activity";
import { ActivityList } from "../activity/ActivityList";

export function ActivityTab({ patientId }: { patientId: string }) {
  const query = useCallback((changesOnly: boolean) => patientActivityQuery(patientId, changesOnly), [patientId]);
  return <ActivityList query={query} patientId={patientId} lead={t.activity.patientLead} />;
}
