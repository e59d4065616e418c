import { t } from "../i18n";
import type { Remarks } from "./queue";

/** What is said of a photo that is in. */
export function storedWords({ isIncomplete, withoutVisit, pages }: Remarks): string {
  if (withoutVisit === "signed") return t.upload.storedVisitSigned;
  if (withoutVisit === "other") return t.upload.storedWithoutVisit;
  if (isIncomplete) return t.upload.storedIncomplete;
  return pages > 1 ? t.upload.storedPages(pages) : t.upload.stored;
}

/** What is said of a photo that the patient had already. */
export function duplicateWords({ isIncomplete, withoutVisit, pages }: Remarks): string {
  if (withoutVisit === "signed") return t.upload.duplicateVisitSigned;
  if (isIncomplete) return t.upload.duplicateIncomplete;
  return pages > 1 ? t.upload.duplicatePages(pages) : t.upload.duplicate;
}
