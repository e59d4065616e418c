import { useTitle } from "../../app/useTitle";
import { activity } from "../../i18n/activity";
import { accountActivityQuery } from "../../resources/activity";
import { PageHeader } from "../../ui/parts";
import { ActivityList } from "./ActivityList";

export function ActivityPage() {
  useTitle(activity.title);
  return (
    <>
      <PageHeader title={activity.title} />
      <ActivityList query={accountActivityQuery} lead={activity.lead} />
    </>
  );
}
