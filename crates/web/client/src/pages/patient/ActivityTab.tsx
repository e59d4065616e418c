import { t } from "../../i18n";
import { patientActivityQuery } from "../../resources/activity";
import { ActivityList } from "../activity/ActivityList";

export function ActivityTab({ patientId }: { patientId: string }) {
  return <ActivityList query={patientActivityQuery(patientId)} lead={t.activity.patientLead} />;
}
