import { Link, useLocation } from "wouter";
import { t } from "../i18n";
import { useNotices } from "../resources/notices";
import { Banner } from "../ui/parts";
import styles from "./Shell.module.css";
import { summary } from "./notices";

/** A strip above every page except the settings, which show the notices in full. */
export function NoticeBanner() {
  const { data } = useNotices();
  const [place] = useLocation();
  const found = summary(data ?? []);
  return (
    // Always present, so that assistive technology announces what is added.
    <div role="status">
      {found && place !== "/settings" && (
        <div className={styles.top}>
          <Banner
            tone={found.tone}
            action={
              <Link href="/settings" className={styles.noticeLink}>
                {t.notices.show}
                <span className="visually-hidden"> {t.notices.title}</span>
              </Link>
            }
          >
            {found.first.message} {found.others > 0 && t.notices.more(found.others)}
          </Banner>
        </div>
      )}
    </div>
  );
}
