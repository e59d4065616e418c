/** What a further device needs to trust this server: the address of the certificate page, and the fingerprint to compare (W2). */
import { queryOptions } from "@tanstack/react-query";
import { take } from "../api/client";

export interface CertificateFacts {
  /** The address of the page, as another device opens it. */
  readonly page: string;
  /** SHA-256 of the authority's certificate: 32 pairs, between colons. */
  readonly fingerprint: string;
}

/** Where the server offers the code of that address to scan. */
export const CERTIFICATE_CODE = "/certificate/qr.svg";

async function ask(): Promise<{ data: CertificateFacts; response: Response }> {
  const response = await fetch(new Request(new URL("/certificate/facts.json", location.href), { cache: "no-store" }));
  return { data: (response.ok ? await response.json() : undefined) as CertificateFacts, response };
}

/** Not part of the API: anyone may read it, so it prolongs no session. */
export const certificateQuery = () =>
  queryOptions({ queryKey: ["certificate"], queryFn: (): Promise<CertificateFacts> => take(ask(), "background"), staleTime: 0 });
