import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import type { ConsentRecord, Patient } from "../../../api/types";
import { useBack } from "../../../app/place";
import { useZone } from "../../../app/session";
import { named, t } from "../../../i18n";
import { consents as c } from "../../../i18n/consents";
import { calendarDate, dateTime } from "../../../i18n/format";
import { consentsQuery, signatureUrl } from "../../../resources/consents";
import { Button } from "../../../ui/Button";
import { Badge, Banner, Empty, Failed, Skeleton } from "../../../ui/parts";
import { ConsentBadge } from "../../patients/ConsentBadge";
import { ConsentDialog } from "./ConsentDialog";
import styles from "./ConsentTab.module.css";
import { FormText } from "./FormText";
import { documentOf } from "./paragraphs";
import { RevokeDialog } from "./RevokeDialog";

export function ConsentTab({ patient }: { patient: Patient }) {
  const { id } = patient;
  const [, go] = useLocation();
  const back = useBack();
  const [search] = useSearchParams();
  const isRecording = search.has("record");
  const [revoking, setRevoking] = useState<string | null>(null);
  const list = useQuery(consentsQuery(id));
  const { status, level, uploadAllowed } = patient.consent;
  const consents = list.data?.consents ?? [];
  const open = () => go(`/patients/${id}/consent?record=1`);
  const recordButton = (
    <Button look="primary" icon="consent" onPress={open}>
      {status === "none" ? t.consent.record : c.recordNew}
    </Button>
  );
  return (
    <div className={styles.tab}>
      {level === "required" && !uploadAllowed && (
        <Banner tone="warn" icon="consent">
          {t.consent.bannerRequired}
        </Banner>
      )}
      {level === "advisory" && status !== "given" && (
        <Banner tone="info" icon="consent">
          {t.consent.bannerAdvisory}
        </Banner>
      )}
      <header className={styles.head}>
        <div>
          <h2>{c.historyTitle}</h2>
          <p>{c.practiceLevel(named(c.levelNames, level))}</p>
        </div>
        {(consents.length > 0 || list.isPending) && recordButton}
      </header>
      {list.isPending && <Skeleton rows={2} shape="card" />}
      {list.isError && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && consents.length === 0 && (
        <Empty icon="consent" title={c.emptyTitle} action={recordButton}>
          {c.emptyText}
        </Empty>
      )}
      <ul className={styles.list}>
        {consents.map((record) => (
          <Record key={record.id} patientId={id} record={record} onRevoke={() => setRevoking(record.id)} />
        ))}
      </ul>
      {isRecording && (
        <ConsentDialog
          patient={patient}
          onClose={() => back(`/patients/${id}/consent`)}
          // A person who came here because images were waiting wants to see them arrive.
          onRecorded={(uploadsGoOn) => go(uploadsGoOn ? `/patients/${id}` : `/patients/${id}/consent`, { replace: true })}
        />
      )}
      {revoking && <RevokeDialog patientId={id} consentId={revoking} onClose={() => setRevoking(null)} />}
    </div>
  );
}

/** The end of the document: what was agreed to, under the words for it that the person read. */
function AgreedTo({ record }: { record: ConsentRecord }) {
  const { agreement } = documentOf(record.text);
  return (
    <section className={styles.agreed}>
      <h4>{agreement ?? c.agreedTo}</h4>
      <ul>
        {record.purposes.map((code) => (
          <li key={code}>{named(c.purposeNames, code)}</li>
        ))}
      </ul>
    </section>
  );
}

function Record({ patientId, record, onRevoke }: { patientId: string; record: ConsentRecord; onRevoke: () => void }) {
  const zone = useZone();
  const { method } = record;
  const how = method.kind === "digital" ? c.method.digital : named(c.method, method.how);
  return (
    <li className={styles.record} data-status={record.status}>
      <div className={styles.main}>
        <div className={styles.title}>
          <ConsentBadge status={record.status} />
          <h3>{c.by(record.signerName, named(c.rolesShort, record.signerRole))}</h3>
        </div>
        <p className={styles.meta}>
          {how} · {c.recordedBy(record.recordedByName, dateTime(record.recordedAt, zone))}
          {record.witness && <> · {c.witnessed(record.witness)}</>}
          {record.expiresOn && record.revokedAt === null && <> · {t.consent.until(calendarDate(record.expiresOn))}</>}
        </p>
        <ul className={styles.purposes} aria-label={c.agreedTo}>
          {record.purposes.map((code) => (
            <li key={code}>
              <Badge tone={record.status === "given" ? "good" : "plain"} icon="check">
                {named(c.purposeNames, code)}
              </Badge>
            </li>
          ))}
        </ul>
        {method.kind === "external" && <p className={styles.notes}>{method.notes}</p>}
        {record.revokedAt && (
          <p className={styles.revoked}>{c.revokedLine(record.revokedByName ?? t.common.none, dateTime(record.revokedAt, zone), record.revokedReason ?? t.common.none)}</p>
        )}
        <details className={styles.details}>
          <summary>{c.showText}</summary>
          <div>
            <FormText text={record.text} />
            <AgreedTo record={record} />
            <p className={styles.fine}>{c.formVersion(record.template, record.version)}</p>
            {method.kind === "digital" && (
              <p className={styles.fine}>
                {c.signatureHash}: <span className={styles.hash}>{method.signatureSha256}</span>
              </p>
            )}
          </div>
        </details>
      </div>
      <div className={styles.aside}>
        {record.hasSignature && <img src={signatureUrl(patientId, record.id)} alt={c.signatureAlt(record.signerName)} loading="lazy" className={styles.signature} />}
        {record.status === "given" && (
          <Button size="sm" onPress={onRevoke}>
            {c.revoke}
          </Button>
        )}
      </div>
    </li>
  );
}
