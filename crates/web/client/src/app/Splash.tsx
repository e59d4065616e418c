import { t } from "../i18n";
import { Mark } from "../ui/icons";
import styles from "./Splash.module.css";

export function Splash() {
  return (
    <div className={styles.splash} role="status">
      <Mark size={56} />
      <span className="visually-hidden">{t.common.loading}</span>
    </div>
  );
}
