import { useCallback } from "react";
import { activity } from "../../i18n/activity";
import { patientActivityQuery } from "../../resources/activity";
import { ActivityList } from "../activity/ActivityList";

export function ActivityTab({ patientId }: { patientId: string }) {
  const query = useCallback((changesOnly: boolean) => patientActivityQuery(patientId, changesOnly), [patientId]);
  return <ActivityList query={query} patientId={patientId} lead={activity.patientLead} />;
}
