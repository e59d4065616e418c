import { getPatientActivity } from "../../api/endpoints";
import { keys } from "../../app/queries";
import { t } from "../../i18n";
import { ActivityList } from "../activity/ActivityList";

export function ActivityTab({ patientId }: { patientId: string }) {
  return <ActivityList queryKey={keys.activity(patientId)} load={(cursor) => getPatientActivity(patientId, cursor)} lead={t.activity.patientLead} />;
}
