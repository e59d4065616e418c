import { useTitle } from "../../app/useTitle";
import { t } from "../../i18n";
import { accountActivityQuery } from "../../resources/activity";
import { PageHeader } from "../../ui/parts";
import { ActivityList } from "./ActivityList";

export function ActivityPage() {
  useTitle(t.activity.title);
  return (
    <>
      <PageHeader title={t.activity.title} />
      <ActivityList query={accountActivityQuery} lead={t.activity.lead} />
    </>
  );
}
