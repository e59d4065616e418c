import { useLocation } from "wouter";
import { useTitle } from "../app/useTitle";
import { t } from "../i18n";
import { Button } from "../ui/Button";
import { Empty } from "../ui/parts";

export function NotFound() {
  useTitle(t.common.notFoundTitle);
  const [, go] = useLocation();
  return (
    <>
      <h1 className="visually-hidden">{t.common.notFoundTitle}</h1>
      <Empty icon="search" title={t.common.notFoundTitle} action={<Button onPress={() => go("/patients")}>{t.common.backToPatients}</Button>}>
        {t.common.notFoundText}
      </Empty>
    </>
  );
}
