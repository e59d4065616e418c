import { useQuery } from "@tanstack/react-query";
import { useTitle } from "../../app/useTitle";
import { addDevice as a } from "../../i18n/firstDay";
import { CERTIFICATE_CODE, type CertificateFacts, certificateQuery } from "../../resources/certificate";
import { Button } from "../../ui/Button";
import { Banner, Failed, PageHeader, Skeleton } from "../../ui/parts";
import { toast } from "../../ui/toasts";
import styles from "./AddDevicePage.module.css";

/** How another device learns to trust this server (W2). It says nothing about patients, so anyone who is signed in may see it. */
export function AddDevicePage() {
  useTitle(a.title);
  const query = useQuery(certificateQuery());
  return (
    <>
      <PageHeader column title={a.title} lead={a.lead} />
      {query.isPending && <Skeleton rows={3} shape="card" />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && <Steps facts={query.data} />}
    </>
  );
}

function Steps({ facts }: { facts: CertificateFacts }) {
  const copy = () => {
    // Without a safe connection there is no clipboard.
    const copied = navigator.clipboard?.writeText(facts.page) ?? Promise.reject(new Error("no clipboard"));
    copied.then(() => toast(a.copied), () => toast(a.notCopied, "bad"));
  };
  return (
    <>
      {isOnlyHere(facts.page) && (
        <div className={styles.warning}>
          <Banner tone="warn">{a.onlyHere}</Banner>
        </div>
      )}
      <ol className={styles.steps}>
        <li className={styles.step}>
          <h2>{a.steps.open.name}</h2>
          <p>{a.steps.open.text}</p>
          <div className={styles.ways}>
            <img className={styles.code} src={CERTIFICATE_CODE} alt={a.code(facts.page)} width={200} height={200} />
            <div>
              <p className={styles.label}>{a.address}</p>
              <p className={styles.address}>
                <a href={facts.page} target="_blank" rel="noreferrer">
                  {facts.page}
                </a>
              </p>
              <Button icon="copy" onPress={copy}>
                {a.copy}
              </Button>
            </div>
          </div>
        </li>
        <li className={styles.step}>
          <h2>{a.steps.compare.name}</h2>
          <p>{a.steps.compare.text}</p>
          <p className={styles.label}>{a.fingerprint}</p>
          <p className={styles.fingerprint} data-testid="fingerprint">
            {partsOf(facts.fingerprint, 8).map((row) => (
              <code key={row}>
                {partsOf(row, 4).map((half) => (
                  <span key={half}>
                    {partsOf(half, 2).map((pairs) => (
                      <span key={pairs}>{pairs}</span>
                    ))}
                  </span>
                ))}
              </code>
            ))}
          </p>
        </li>
        <li className={styles.step}>
          <h2>{a.steps.trust.name}</h2>
          <p>{a.steps.trust.text}</p>
        </li>
      </ol>
    </>
  );
}

/** Parts of so many pairs: four rows of eight, as on the certificate page, so that people compare row by row. */
export const partsOf = (fingerprint: string, pairs: number): string[] => fingerprint.match(new RegExp(`(?:[^:]+:?){1,${pairs}}`, "g")) ?? [];

/** Whether an address leads no other device to this server. */
export function isOnlyHere(page: string): boolean {
  const { hostname } = new URL(page);
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || hostname.startsWith("127.");
}
