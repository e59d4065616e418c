import type { ConsentStatus } from "../../api/types";
import { t } from "../../i18n";
import type { IconName } from "../../ui/icons";
import { Badge, type Tone } from "../../ui/parts";

const looks: Record<ConsentStatus, { tone: Tone; icon: IconName }> = {
  given: { tone: "good", icon: "check" },
  none: { tone: "plain", icon: "consent" },
  revoked: { tone: "bad", icon: "close" },
  expired: { tone: "warn", icon: "warn" },
};

export function ConsentBadge({ status, short = false }: { status: ConsentStatus; short?: boolean }) {
  const look = looks[status];
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {short ? t.consent.statusShort[status] : t.consent.status[status]}
    </Badge>
  );
}
