import { t } from "../i18n";
import type { Remarks } from "./queue";

/** What is said of a photo that is in. */
export function storedWords({ isIncomplete, isWithoutVisit, pages }: Remarks): string {
  if (isWithoutVisit) return t.upload.storedWithoutVisit;
  if (isIncomplete) return t.upload.storedIncomplete;
  return pages > 1 ? t.upload.storedPages(pages) : t.upload.stored;
}
