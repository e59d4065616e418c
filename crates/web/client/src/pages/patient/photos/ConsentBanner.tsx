/** N1: blue advises, amber blocks. Shown wherever photos are added. */
import { useLocation } from "wouter";
import type { Patient } from "../../../api/types";
import { t } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { Banner } from "../../../ui/parts";

export function ConsentBanner({ patient }: { patient: Patient }) {
  const [, go] = useLocation();
  const { level, status, uploadAllowed } = patient.consent;
  if (level === "disabled" || status === "given") return null;
  const record = (
    <Button size="sm" look={level === "required" ? "primary" : "secondary"} onPress={() => go(`/patients/${patient.id}/consent?record=1`)}>
      {t.consent.record}
    </Button>
  );
  if (level === "required" && !uploadAllowed) {
    return (
      <Banner tone="warn" icon="consent" action={record}>
        {t.consent.bannerRequired}
      </Banner>
    );
  }
  return (
    <Banner tone="info" icon="consent" action={record}>
      {t.consent.bannerAdvisory}
    </Banner>
  );
}
