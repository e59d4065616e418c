import { useRef } from "react";
import { ToggleButton } from "react-aria-components/ToggleButton";
import { ToggleButtonGroup } from "react-aria-components/ToggleButtonGroup";
import { useLocation } from "wouter";
import type { Patient } from "../../../api/types";
import { later } from "../../../app/later";
import { useZone } from "../../../app/session";
import { PHOTO_SIZES, setPhotoOrder, setPhotoSize, usePhotoOrder, usePhotoSize } from "../../../app/theme";
import { t } from "../../../i18n/photos";
import { useSelection } from "../../../select/useSelection";
import { Button } from "../../../ui/Button";
import { Icon } from "../../../ui/icons";
import { Empty, Failed, Skeleton } from "../../../ui/parts";
import { useLoadOnSight } from "../../../ui/useLoadOnSight";
import { uploads } from "../../../upload/manager";
import { Arriving, useArriving } from "./Arriving";
import { ConsentBanner } from "./ConsentBanner";
import { ACCEPT } from "./formats";
import { displayName } from "../../patients/names";
import styles from "./PhotosTab.module.css";
import { Pool } from "./Pool";
import { moveBy, moveTo } from "./order";
import { useArrange } from "./useArrange";
import { useFileDrop } from "./useFileDrop";
import { usePool } from "./usePool";
import { useViewer } from "./useViewer";

const SelectBar = later(() => import("./select/SelectBar").then((it) => it.SelectBar));
const Viewer = later(() => import("./Viewer").then((it) => it.Viewer), { missing: "dialog" });

export function PhotosTab({ patient, imageId }: { patient: Patient; imageId: string | null }) {
  const { id } = patient;
  const zone = useZone();
  const [, go] = useLocation();
  const viewer = useViewer(`/patients/${id}/photos`);
  const size = usePhotoSize();
  const input = useRef<HTMLInputElement>(null);
  const start = useRef<HTMLButtonElement>(null);
  const order = usePhotoOrder();
  const { query, images, years, total } = usePool(id, order);
  const arrange = useArrange(id);
  const add = (files: readonly File[]) => {
    if (files.length > 0) void uploads.add({ id, name: displayName(patient) }, files);
  };
  const arriving = useArriving(id, query.dataUpdatedAt);
  const isOver = useFileDrop(add, imageId === null);
  const { picked, pick, pickAll, begin, end: endPicking } = useSelection(images);
  const end = useLoadOnSight(query.hasNextPage && !query.isFetchingNextPage && !query.isError, () => void query.fetchNextPage());

  const addButtons = (
    <>
      <Button icon="upload" onPress={() => input.current?.click()}>
        {t.photos.add}
      </Button>
      <Button look="primary" icon="camera" onPress={() => go(`/patients/${id}/camera`)}>
        {t.photos.camera}
      </Button>
    </>
  );
  return (
    <div className={styles.tab} data-full-width>
      <ConsentBanner patient={patient} />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={ACCEPT}
        data-testid="files"
        onChange={(event) => {
          add([...(event.target.files ?? [])]);
          // The same file may be chosen again.
          event.target.value = "";
        }}
      />
      <div className={styles.tools}>
        <p className={styles.total} role="status">
          {query.data ? t.photos.total(total) : ""}
        </p>
        {images.length > 0 && (
          <ToggleButtonGroup
            aria-label={t.photos.size}
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[size]}
            onSelectionChange={(chosen) => setPhotoSize(PHOTO_SIZES.find((it) => chosen.has(it)) ?? "m")}
            className={styles.sizes ?? ""}
          >
            {PHOTO_SIZES.map((it) => (
              <ToggleButton key={it} id={it} aria-label={t.photos.sizes[it]} className={styles.size ?? ""}>
                <span aria-hidden="true" className={styles.glyph} data-size={it} />
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
        )}
        {images.length > 1 && (
          <select className={styles.order} aria-label={t.photos.order} value={order} onChange={(event) => setPhotoOrder(event.target.value === "manual" ? "manual" : "time")}>
            <option value="time">{t.photos.orders.time}</option>
            <option value="manual">{t.photos.orders.manual}</option>
          </select>
        )}
        {images.length > 0 && (
          <Button ref={start} aria-pressed={picked !== null} onPress={picked ? endPicking : begin}>
            {t.common.select}
          </Button>
        )}
        {addButtons}
      </div>
      {query.isPending && <Skeleton rows={12} shape="tile" />}
      {query.isError && images.length === 0 && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      <Arriving items={arriving} />
      {query.isSuccess && images.length === 0 && arriving.length === 0 && (
        <div className={styles.emptyFrame}>
          <Empty icon="camera" title={t.photos.emptyTitle} action={<div className={styles.firstActions}>{addButtons}</div>}>
            {t.photos.emptyText}
          </Empty>
        </div>
      )}
      {images.length > 0 && (
        <Pool
          patientId={id}
          images={images}
          total={total}
          zone={zone}
          size={size}
          viewing={imageId}
          onOlder={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
          isLoading={query.isFetchingNextPage}
          picked={picked}
          onPick={pick}
          years={years}
          isManual={order === "manual"}
          onMoveBy={(moved, where) => arrange(moveBy(images, picked?.has(moved) ? picked : new Set([moved]), where))}
          onMoveTo={(moved, place) => arrange(moveTo(images, new Set([moved]), place))}
        />
      )}
      <div ref={end} className={styles.more}>
        {query.hasNextPage && (
          <Button isPending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
            {t.common.loadMore}
          </Button>
        )}
      </div>
      {picked && (
        <SelectBar
          patientId={id}
          images={images}
          picked={picked}
          onAll={pickAll}
          onNone={begin}
          onDone={endPicking}
          start={start}
          onMove={order === "manual" ? (where) => arrange(moveBy(images, picked, where)) : undefined}
          isWhole={!query.hasNextPage}
        />
      )}
      {isOver && (
        <div className={styles.drop} aria-hidden="true">
          <div>
            <Icon name="upload" size={44} />
            <p>{t.photos.drop}</p>
            <p className={styles.dropText}>{t.photos.dropText}</p>
          </div>
        </div>
      )}
      {imageId !== null && (
        <Viewer
          patientId={id}
          name={displayName(patient)}
          images={images}
          total={total}
          imageId={imageId}
          zone={zone}
          onMove={viewer.move}
          onClose={viewer.close}
          onNearEnd={() => {
            if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
          }}
        />
      )}
    </div>
  );
}
