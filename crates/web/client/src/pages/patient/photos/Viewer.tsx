import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { useLocation } from "wouter";
import { explain, isProblem } from "../../../api/problem";
import type { Image } from "../../../api/types";
import { ReachStatus } from "../../../app/ReachStatus";
import { compareImages } from "../../../compare/opened";
import { t } from "../../../i18n/photos";
import { imageQuery, useChangeImages, useFindEarlier } from "../../../resources/images";
import { IconButton } from "../../../ui/Button";
import { Empty, Failed } from "../../../ui/parts";
import { toast } from "../../../ui/toasts";
import { discarding } from "../../../ui/unsaved";
import { useDetailSaves } from "./details/useDetailSaves";
import { Filmstrip } from "./Filmstrip";
import { takenAt } from "./group";
import { ImageInfo } from "./ImageInfo";
import { Stage } from "./Stage";
import dark from "../../../ui/DarkPage.module.css";
import styles from "./Viewer.module.css";

const v = t.viewer;

interface Props {
  patientId: string;
  name: string;
  images: readonly Image[];
  total: number;
  imageId: string;
  zone: string | undefined;
  onMove: (imageId: string) => void;
  onClose: () => void;
  onNearEnd: () => void;
}

export function Viewer(props: Props) {
  const { patientId, name, images, total, imageId, zone, onMove, onNearEnd } = props;
  const saves = useDetailSaves(patientId);
  const onClose = () => {
    saves.flush();
    discarding(props.onClose);
  };
  const [hasInfo, setInfo] = useState(false);
  const [isBare, setBare] = useState(false);
  const onInfo = () => {
    setBare(false);
    setInfo((old) => !old);
  };
  const change = useChangeImages(patientId);
  const onTurn = (turnBy: number) => {
    // One after the other: each turn is one of what is shown.
    if (change.isPending) return;
    change.mutate([{ images: [{ id: imageId }], set: { turnBy } }], { onError: (error) => toast(explain(error), "bad") });
  };
  const [, go] = useLocation();
  const findEarlier = useFindEarlier(patientId);
  const isLooking = useRef(false);
  const onCompare = async () => {
    if (!image || isLooking.current) return;
    isLooking.current = true;
    try {
      const found = await findEarlier(image);
      if (!found) toast(v.noEarlier, "bad");
      else {
        saves.flush();
        compareImages(go, patientId, [found.image.id, image.id], found.isSameView ? {} : { isOtherView: true });
      }
    } catch (error) {
      toast(explain(error), "bad");
    } finally {
      isLooking.current = false;
    }
  };
  const index = images.findIndex((it) => it.id === imageId);
  // An address opened directly may name an image that is not on the pages loaded so far.
  const single = useQuery({
    ...imageQuery(patientId, imageId),
    enabled: index < 0,
  });
  const image = images[index] ?? single.data;
  const previous = index > 0 ? images[index - 1] : undefined;
  const next = index >= 0 ? images[index + 1] : undefined;

  const title = image ? [name, takenAt(image, zone), ...(index >= 0 ? [v.position(index + 1, total)] : [])] : [];

  useEffect(() => {
    if (index >= 0 && index > images.length - 10) onNearEnd();
  }, [index, images.length, onNearEnd]);

  return (
    <ModalOverlay isOpen onOpenChange={(open) => !open && onClose()} className={dark.overlay ?? ""}>
      <Modal className={dark.modal ?? ""}>
        <Dialog aria-label={image ? title.join(" · ") : t.common.loading} className={`${dark.dialog} ${dark.barred}`} data-bare={isBare || undefined}>
          <div hidden={isBare}>
            {/* F3: the shell's own line lies below the viewer. */}
            <ReachStatus />
            <header className={styles.bar}>
              <IconButton look="stage" icon="close" label={v.close} tip={false} onPress={onClose} />
              <div className={styles.title}>
                <p className={styles.name}>{name}</p>
                {image && (
                  <p className={styles.facts}>
                    <span>{takenAt(image, zone)}</span>
                    {index >= 0 && <span>{v.position(index + 1, total)}</span>}
                  </p>
                )}
              </div>
              <IconButton look="stage" icon="info" label={hasInfo ? v.hideInfo : v.info} tip={false} aria-pressed={hasInfo} onPress={() => setInfo(!hasInfo)} />
            </header>
          </div>
          <div className={styles.middle} data-info={(hasInfo && !isBare) || undefined}>
            {image && (
              <Stage
                patientId={patientId}
                name={name}
                image={image}
                previous={previous}
                next={next}
                zone={zone}
                isBare={isBare}
                onMove={onMove}
                onInfo={onInfo}
                onTurn={onTurn}
                onBare={setBare}
                onCompare={onCompare}
              />
            )}
            {single.isError && index < 0 && (
              <div className={styles.lost}>
                {isProblem(single.error, "not_found") ? (
                  <Empty icon="image" title={t.common.notFoundTitle}>
                    {t.common.notFoundText}
                  </Empty>
                ) : (
                  <Failed error={single.error} onRetry={() => void single.refetch()} />
                )}
              </div>
            )}
            {image && hasInfo && !isBare && <ImageInfo patientId={patientId} image={image} zone={zone} saves={saves} onClose={() => setInfo(false)} />}
          </div>
          {images.length > 1 && index >= 0 && !isBare && <Filmstrip patientId={patientId} images={images} index={index} total={total} zone={zone} onMove={onMove} />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
