/**
 * N6: the form in the hands of the person who signs. It alone is on the screen, everything else is inert, and only the password of
 * whoever is signed in leads back.
 */
import { type FormEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { explain } from "../../../api/problem";
import type { ConsentForm } from "../../../api/types";
import { formGone, handOver, useHandOver } from "../../../app/handOver";
import { useMe, useSession } from "../../../app/session";
import { TakeBack } from "../../../app/TakeBack";
import { named, t } from "../../../i18n";
import { consents } from "../../../i18n/consents";
import { Button } from "../../../ui/Button";
import { useLeadToFault } from "../../../ui/useLeadToFault";
import { checkDraft, type ConsentDraft } from "./consentForm";
import { FormText } from "./FormText";
import styles from "./HandOver.module.css";
import { documentOf } from "./paragraphs";
import { Purposes } from "./Purposes";
import { SignatureField } from "./SignatureField";
import { useAlone } from "./useAlone";

const h = t.handOver;

interface Props {
  form: ConsentForm;
  draft: ConsentDraft;
  today: string;
  onChange: (change: Partial<ConsentDraft>) => void;
  /** Records it; rejects with the reason. */
  onSign: () => Promise<void>;
  /** Tells the server once more that the device is handed over, in a session that began since. */
  onHandOver: () => Promise<unknown>;
  /** The device is back, with or without a signature; called once. */
  onBack: (isSigned: boolean) => void;
}

type Step = "reading" | "recording" | "recorded" | "declined" | "failed" | "sending";

function makeSheet(): HTMLElement {
  const sheet = document.createElement("div");
  // Open dialogs make everything inert but themselves and what says this.
  sheet.dataset.reactAriaTopLayer = "true";
  return sheet;
}

export function HandOver(props: Props) {
  const [sheet] = useState(makeSheet);
  useLayoutEffect(() => {
    const before = document.title;
    document.title = t.common.titled(h.title);
    document.body.append(sheet);
    handOver();
    return () => {
      sheet.remove();
      document.title = before;
      formGone();
    };
  }, [sheet]);
  useAlone(sheet);
  return createPortal(<Sheet {...props} />, sheet);
}

function Sheet({ form, draft, today, onChange, onSign, onHandOver, onBack }: Props) {
  const { practice } = useMe();
  // The session may end meanwhile; whoever holds the device is told here, when it matters to them.
  const { lock } = useSession();
  const [step, setStep] = useState<Step>("reading");
  const [error, setError] = useState<unknown>(null);
  const [tries, setTries] = useState(0);
  const title = useRef<HTMLHeadingElement>(null);
  const place = useRef<HTMLFormElement>(null);
  useLeadToFault(place, tries);
  const errors = tries > 0 ? checkDraft(draft, form, today) : {};
  const isReading = step === "reading" || step === "recording";
  useEffect(() => title.current?.focus(), [isReading]);

  // Taken back here, in another tab, or by signing in again.
  const { isHandedOver } = useHandOver();
  const wasHandedOver = useRef(false);
  /** Signed, and not recorded because the session had ended: that is made up for as soon as somebody has signed in again. */
  const waits = useRef(false);
  useEffect(() => {
    if (step === "failed" && lock !== null) waits.current = true;
  }, [step, lock]);
  const sendNow = async () => {
    waits.current = false;
    setStep("sending");
    try {
      await onSign();
      setStep("recorded");
      onBack(true);
    } catch (reason) {
      setError(reason);
      setStep("failed");
      // As it was: the signature is kept, and the new session is handed over too. Whether the server hears of that or not, this page is.
      handOver();
      await onHandOver().catch(() => undefined);
    }
  };

  useEffect(() => {
    if (isHandedOver) wasHandedOver.current = true;
    if (isHandedOver || !wasHandedOver.current || step === "recording") return;
    wasHandedOver.current = false;
    if (waits.current) void sendNow();
    else onBack(step === "recorded");
  });

  const sign = async (event?: FormEvent) => {
    event?.preventDefault();
    setTries(tries + 1);
    if (step === "recording" || Object.keys(checkDraft(draft, form, today)).length > 0) return;
    waits.current = false;
    setStep("recording");
    try {
      await onSign();
      setStep("recorded");
    } catch (reason) {
      setError(reason);
      setStep("failed");
    }
  };

  if (!isReading) {
    return (
      <main className={styles.sheet}>
        <div className={styles.end}>
          <h1 ref={title} tabIndex={-1}>
            {step === "recorded" ? h.thanks : step === "declined" ? h.declined : step === "sending" ? h.sending : h.failed}
          </h1>
          {step === "failed" && lock !== null && <p>{h.kept}</p>}
          {step === "failed" && lock === null && (
            <>
              <p>{explain(error)}</p>
              <Button size="lg" onPress={() => void sign()}>
                {h.again}
              </Button>
            </>
          )}
          {isHandedOver ? (
            <>
              <p className={styles.giveBack}>{h.giveBack}</p>
              <TakeBack />
            </>
          ) : (
            step === "recorded" && <p>{h.opening}</p>
          )}
        </div>
      </main>
    );
  }
  return (
    <main className={styles.sheet}>
      <form ref={place} className={styles.form} noValidate onSubmit={(event) => void sign(event)}>
        <header>
          <p className={styles.practice}>{practice.name}</p>
          <h1 ref={title} tabIndex={-1}>
            {form.title}
          </h1>
        </header>
        <FormText text={form.text} level={2} />
        <Purposes form={form} heading={documentOf(form.text).agreement} chosen={draft.purposes} onChange={(purposes) => onChange({ purposes })} error={errors.purposes} />
        <SignatureField onChange={(signature) => onChange({ signature })} error={errors.signature} isHandedOver />
        <p>{h.signer(draft.signerName.trim(), named(consents.rolesShort, draft.signerRole))}</p>
        <footer className={styles.actions}>
          <Button size="lg" look="quiet" isDisabled={step === "recording"} onPress={() => setStep("declined")}>
            {h.decline}
          </Button>
          <Button size="lg" look="primary" type="submit" isPending={step === "recording"}>
            {step === "recording" ? h.signing : h.sign}
          </Button>
        </footer>
      </form>
    </main>
  );
}
