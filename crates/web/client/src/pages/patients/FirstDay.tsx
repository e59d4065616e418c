import { useFirstDay } from "../../app/firstDay";
import { later } from "../../app/later";
import { useMe } from "../../app/session";
import { Skeleton } from "../../ui/parts";

const FirstDayList = later(() => import("./FirstDayList").then((it) => it.FirstDayList), { waiting: <Skeleton rows={1} shape="card" />, missing: "section" });

/** F13: what an administrator does once after the set-up, until they put the list away. Folded to one line, it leaves the page to what is on it. */
export function FirstDay({ isFolded = false }: { isFolded?: boolean }) {
  const isAdministrator = useMe().roles.includes("administrator");
  const { isShown } = useFirstDay();
  return isAdministrator && isShown && <FirstDayList isFolded={isFolded} />;
}
