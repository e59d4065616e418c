import type { UseQueryResult } from "@tanstack/react-query";
import type { CustomFieldList } from "../../api/types";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { Banner } from "../../ui/parts";

/** Said where the practice's custom fields are missing because they could not be loaded; nothing else has to wait for them. */
export function FieldsNotLoaded({ query }: { query: UseQueryResult<CustomFieldList> }) {
  if (!query.isError || query.data) return null;
  return (
    <Banner
      tone="warn"
      role="status"
      action={
        <Button isPending={query.isFetching} onPress={() => void query.refetch()}>
          {t.common.retry}
        </Button>
      }
    >
      {t.record.custom.notLoaded}
    </Banner>
  );
}
