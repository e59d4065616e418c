import { getAccountActivity } from "../../api/endpoints";
import { keys } from "../../app/queries";
import { useTitle } from "../../app/useTitle";
import { t } from "../../i18n";
import { PageHeader } from "../../ui/parts";
import { ActivityList } from "./ActivityList";

export function ActivityPage() {
  useTitle(t.activity.title);
  return (
    <>
      <PageHeader title={t.activity.title} />
      <ActivityList queryKey={keys.accountActivity} load={getAccountActivity} lead={t.activity.lead} />
    </>
  );
}
