/** E5: a visit that is signed says so, with who and when. */
import type { Visit } from "../../../resources/visitLayout";
import { useZone } from "../../../app/session";
import { dateTime } from "../../../i18n/format";
import { visits as v } from "../../../i18n/visits";
import { Banner } from "../../../ui/parts";

export function Signed({ signed }: { signed: NonNullable<Visit["signed"]> }) {
  const zone = useZone();
  return (
    <Banner tone="good" icon="lock">
      <strong>{v.sign.signedBy(signed.by.name, dateTime(signed.at, zone))}.</strong> {v.sign.readOnly}
    </Banner>
  );
}
