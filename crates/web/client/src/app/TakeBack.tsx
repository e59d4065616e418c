/**
 * The way back to the records after a hand-over: the password of whoever is signed in, or signing out (N6). When their session has
 * ended meanwhile, the same password signs in anew.
 */
import { type FormEvent, useId, useState } from "react";
import { explain, isProblem } from "../api/problem";
import { t } from "../i18n";
import { usePresenceCache, useTakingBack } from "../resources/session";
import { fullName } from "../rules/fullName";
import { PasswordField } from "../pages/PasswordField";
import { Button } from "../ui/Button";
import { discardAll } from "../ui/unsaved";
import { takeBack } from "./handOver";
import { useMe, useSession } from "./session";
import styles from "./TakeBack.module.css";

const h = t.handOver;

export function TakeBack() {
  const id = useId();
  const { leave, lock, enter } = useSession();
  const { firstName, lastName, username } = useMe();
  const cache = usePresenceCache();
  const [password, setPassword] = useState("");
  const confirm = useTakingBack();
  const isWrong = isProblem(confirm.error) && confirm.error.code === "sign_in_failed";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password === "") return;
    confirm.mutate(
      { username, password, hasEnded: lock !== null },
      {
        onSuccess: ({ presence, isNew }) => {
          if (presence && isNew) {
            enter(presence);
            return;
          }
          if (presence) cache.enter(presence);
          takeBack();
        },
        onError: () => setPassword(""),
      },
    );
  };
  return (
    <form id={id} className={styles.form} noValidate onSubmit={submit}>
      <p>{(lock === null ? h.staffOnly : h.staffAgain)(fullName(firstName, lastName) || username)}</p>
      <PasswordField
        label={h.password}
        // A browser must not fill in what it knows: it would open the records to whoever holds the device.
        isNew
        value={password}
        onChange={setPassword}
        error={confirm.error ? (isWrong ? h.wrong : explain(confirm.error)) : undefined}
      />
      <div className={styles.actions}>
        <Button
          look="quiet"
          onPress={() => {
            // Whoever holds the device is not to be asked about what somebody else typed.
            discardAll();
            void leave();
          }}
        >
          {t.nav.signOut}
        </Button>
        <Button look="primary" type="submit" isPending={confirm.isPending}>
          {h.unlock}
        </Button>
      </div>
    </form>
  );
}
