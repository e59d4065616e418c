import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import { t } from "../i18n";
import { noticesQuery } from "../resources/notices";
import { Banner } from "../ui/parts";
import styles from "./Shell.module.css";
import { summary } from "./notices";

/** A strip above every page but the settings, where the same is said at length. */
export function NoticeBanner() {
  const { data } = useQuery(noticesQuery());
  const [place] = useLocation();
  const found = summary(data ?? []);
  return (
    // Always there, so that assistive technology hears what comes into it.
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
