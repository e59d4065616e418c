import { useState } from "react";
import type { Image } from "../../../api/types";
import { later } from "../../../app/later";
import { t } from "../../../i18n/photos";
import { tags as texts } from "../../../i18n/tags";
import { bytes, dateTime, megapixels } from "../../../i18n/format";
import { ThingTags } from "../../../tags/ThingTags";
import { IconButton } from "../../../ui/Button";
import { Icon } from "../../../ui/icons";
import { DetailFields } from "./details/DetailFields";
import type { DetailSaves } from "./details/useDetailSaves";
import styles from "./Viewer.module.css";

const v = t.viewer;
/** An original that leaves is an export: its purpose and the password are asked for, as for several photos (I5). */
const DownloadDialog = later(() => import("./select/DownloadDialog").then((it) => it.DownloadDialog), { missing: "toast" });

interface Props {
  patientId: string;
  image: Image;
  zone: string | undefined;
  saves: DetailSaves;
  onClose: () => void;
}

export function ImageInfo({ patientId, image, zone, saves, onClose }: Props) {
  const [isDownloading, setDownloading] = useState(false);
  const rows: readonly (readonly [string, string])[] = [
    [v.fields.name, image.fileName],
    [v.fields.dimensions, `${v.dimensions(image.width, image.height)} · ${megapixels(image.width, image.height)}`],
    [v.fields.size, bytes(image.bytes)],
    [v.fields.format, image.format.toUpperCase()],
    ...(image.pages > 1 ? [[v.fields.pages, String(image.pages)] as const] : []),
    [v.fields.device, image.device ?? t.common.none],
    [v.fields.uploaded, dateTime(image.uploadedAt, zone)],
    [v.fields.uploadedBy, image.uploadedByName],
  ];
  return (
    <aside className={styles.info} aria-label={v.info}>
      <header>
        <h2>{v.info}</h2>
        <IconButton look="stage" icon="close" iconSize={18} label={v.hideInfo} tip={false} onPress={onClose} />
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
      <div className={styles.infoBody} tabIndex={0} role="group" aria-label={v.info}>
        <DetailFields image={image} zone={zone} saves={saves} />
        <section className={styles.tags} aria-label={texts.title}>
          <ThingTags of={{ patientId, imageId: image.id }} title={texts.ofPhoto} isStage />
        </section>
        <dl>
          {rows.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
          <div>
            <dt>{v.fields.sha256}</dt>
            <dd className={styles.hash}>{image.sha256}</dd>
          </div>
        </dl>
        <button type="button" className={styles.download} onClick={() => setDownloading(true)}>
          <Icon name="download" size={18} />
          {v.download}
        </button>
        <p className={styles.note}>{v.downloadNote}</p>
      </div>
      {isDownloading && <DownloadDialog patientId={patientId} images={[image.id]} files="originals" onClose={() => setDownloading(false)} />}
    </aside>
  );
}
