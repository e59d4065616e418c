/** A comparison on the whole screen: the stage, how it is compared, and the tools beside it. */
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { explain } from "../api/problem";
import { onComeback } from "../api/reach";
import { ReachStatus } from "../app/ReachStatus";
import { t as words } from "../i18n";
import { compare as t } from "../i18n/compare";
import { visitPath } from "../pages/patient/visits/addresses";
import { useSaveComparison } from "../resources/comparisons";
import { Button, IconButton, LinkButton } from "../ui/Button";
import { Banner } from "../ui/parts";
import { toast } from "../ui/toasts";
import { discarding, useUnsaved } from "../ui/unsaved";
import { AlignPanel } from "./AlignPanel";
import { ClashDialog } from "./ClashDialog";
import dark from "../ui/DarkPage.module.css";
import styles from "./Compare.module.css";
import { DetailsPanel } from "./DetailsPanel";
import { Drawing } from "./drawing";
import { DrawPanel } from "./DrawPanel";
import { inTime, type Photo } from "./group";
import { isPaired, type Mode, MODES } from "./layout";
import type { Matrix } from "./matrix";
import { PairBar, SplitHandle, useBlink } from "./PairBar";
import { PhotosPanel } from "./PhotosPanel";
import { SaveDialog } from "./SaveDialog";
import { SaveState } from "./SaveState";
import { type Plan, Stage } from "./Stage";
import type { Store, Stored } from "./store";
import { useAlign } from "./useAlign";
import { useDraw } from "./useDraw";
import { type Hands, type Keys, useHands, useKeys } from "./useStage";
import { PLAIN } from "./view";
import { labelOf } from "./when";
import { ZoomBar } from "./ZoomBar";

const PANELS = ["photos", "align", "draw", "details"] as const;
type Panel = (typeof PANELS)[number];
/** E5: of a comparison whose visit is signed, nothing is changed. */
const LOOKING: readonly Panel[] = ["details"];

interface Props {
  patientId: string;
  /** What the patient is called on screen. */
  name: string;
  /** What tells them apart from another one of that name. */
  facts: ReactNode;
  store: Store;
  zone: string | undefined;
  /** The visit that it was begun from. */
  entryId?: string | undefined;
  /** The visit that it belongs to, where that is known. */
  visitId?: string | undefined;
  /** Said once, above the photos. */
  remark?: string | undefined;
  onClose: () => void;
  onSaved: (comparisonId: string, stored: Stored, title: string | null) => void;
}

export function CompareView({ patientId, name, facts, store, zone, entryId, visitId, remark, onClose, onSaved }: Props) {
  const { group, status, conflicts, isDirty } = useSyncExternalStore(store.subscribe, store.read);
  const { photos } = group;
  const stage = useRef<HTMLDivElement>(null);
  const around = useRef<HTMLDivElement>(null);
  const percent = useRef<HTMLOutputElement>(null);
  const [drawing] = useState(() => new Drawing((id, view) => store.setPhoto(id, "view", view), (it) => percent.current && (percent.current.textContent = t.percent(Math.round(it.zoom * 100)))));
  const full = useSyncExternalStore(drawing.subscribe, drawing.fullOnes);
  const [opened, setPanel] = useState<Panel | null>(null);
  const [isLinked, setLinked] = useState(true);
  const [isBare, setBare] = useState(false);
  const [touched, setTouched] = useState<string | null>(null);
  const [chosen, setChosen] = useState<readonly [string, string] | null>(null);
  const [target, setTarget] = useState<string | null>(null);
  const [hasShapes, setShapes] = useState(true);
  const [asking, setAsking] = useState<"save" | "clash" | null>(null);
  const [isRemarked, setRemarked] = useState(remark !== undefined);
  const [ready, setReady] = useState<ReadonlySet<string>>(new Set());
  const [sliders, setSliders] = useState({ split: 50, opacity: 50 });

  const isFixed = status.state === "signed";
  const panels = isFixed ? LOOKING : PANELS;
  const panel = opened !== null && panels.includes(opened) ? opened : null;
  const photoOf = (id: string | null): Photo | undefined => photos.find((it) => it.imageId === id);
  const first = photos[0]?.imageId ?? "";
  // Before and after, until others are chosen.
  const pair: readonly [string, string] = chosen && photoOf(chosen[0]) && photoOf(chosen[1]) ? chosen : [first, photos.at(-1)?.imageId ?? ""];
  const aligned = photos.slice(1).find((it) => it.imageId === target) ?? photos[1];
  const active = photoOf(touched)?.imageId ?? first;
  const drawn = photoOf(touched) ?? photos[0];
  const isAligning = panel === "align";
  const isDrawing = panel === "draw";

  const plan = useMemo<Plan>(() => {
    const only = (ids: readonly (string | undefined)[]): readonly Photo[] => ids.flatMap((id) => photos.find((it) => it.imageId === id) ?? []);
    const base = { layout: group.layout, isAligned: !isAligning };
    if (isAligning) return { ...base, mode: "side_by_side", layout: "auto", shown: only([first, aligned?.imageId]) };
    if (isDrawing) return { ...base, mode: "grid", shown: only([drawn?.imageId]) };
    if (isPaired(group.mode)) return { ...base, mode: group.mode, shown: only(pair) };
    return { ...base, mode: group.mode, shown: group.mode === "timeline" ? inTime(photos) : photos };
    // oxlint-disable-next-line react/exhaustive-deps -- the pair by what is in it
  }, [photos, group.mode, group.layout, isAligning, isDrawing, first, aligned?.imageId, drawn?.imageId, pair[0], pair[1]]);
  const { mode } = plan;
  const isPair = isPaired(mode) && plan.shown.length > 1;

  const blink = useBlink(mode === "blink", pair.every((id) => ready.has(id)));
  const onReady = useCallback((id: string) => setReady((old) => new Set([...old, id])), []);
  const align = useAlign(patientId, photos, drawing, (photo, landmarks) => store.setPhoto(photo.imageId, "landmarks", landmarks));
  const draw = useDraw(isDrawing ? drawn : undefined, drawing, (annotations) => drawn && store.setPhoto(drawn.imageId, "annotations", annotations), () => toast(t.tooMany, "bad"));
  const isToolInHand = isDrawing && draw.tool !== "move";

  const onMatrix = (by: Matrix | "fit") => {
    const alone = isLinked || isPair ? (isLinked ? null : pair[1]) : active;
    if (by !== "fit") drawing.change(by, alone);
    else if (alone === null) drawing.fit(null);
    else store.setPhoto(alone, "view", { ...PLAIN, crop: photoOf(alone)?.view.crop ?? null });
  };
  /** Aligning and drawing show photos their own way: another way to compare leaves them. */
  const switchTo = (next: Mode) => {
    if (isAligning || isDrawing) setPanel(null);
    store.setGroup("mode", next);
  };
  const close = () => {
    drawing.stop();
    void store.flush();
    discarding(onClose);
  };
  const hands = useRef<Hands>({ isLinked, tool: null, onTap: () => undefined, onTouch: () => undefined });
  const keys = useRef<Keys>({ onKey: () => false, onMatrix });
  useLayoutEffect(() => {
    hands.current = {
      isLinked,
      tool: isAligning ? align.tool : isToolInHand ? draw.hand : null,
      onTap: () => setBare(!isBare),
      onTouch: (id) => {
        if (!isDrawing && !isAligning && !isPair) setTouched(id);
      },
    };
    keys.current = {
      onMatrix,
      onKey: (key, event) => {
        const onControl = event.target instanceof Element && event.target.closest("button, a, [role=button]") !== null;
        if (key === "h") setBare(!isBare);
        else if (key === "l") setLinked(!isLinked);
        else if (key === "Tab") {
          // Tab looks for the controls.
          setBare(false);
          return false;
        } else if (key === "Escape") {
          // What had the focus is gone, as after a phone was turned: the dialog itself does not hear it then.
          if (event.target !== document.body) return false;
          close();
        } else if (key === " " && mode === "blink" && blink.isReady && !onControl) {
          if (!event.repeat) blink.show(1);
        } else return false;
        return true;
      },
    };
  });
  useHands(stage, drawing, hands);
  useKeys(stage, keys);
  const release = useRef(() => undefined as void);
  useEffect(() => {
    release.current = () => blink.show(0);
  });
  const isBlinking = mode === "blink";
  useEffect(() => {
    if (!isBlinking) return undefined;
    const up = (event: KeyboardEvent) => {
      const onControl = event.target instanceof Element && event.target.closest("button, a, input, select, textarea") !== null;
      if (event.key === " " && !onControl) release.current();
    };
    document.addEventListener("keyup", up);
    return () => document.removeEventListener("keyup", up);
  }, [isBlinking]);

  useEffect(() => () => drawing.stop(), [drawing]);
  useEffect(() => stage.current?.focus({ preventScroll: true }), []);
  // What is hidden cannot keep the focus.
  useEffect(() => {
    if (isBare) stage.current?.focus({ preventScroll: true });
  }, [isBare]);
  // F3: what could not be saved is sent again when the server is back.
  useEffect(() => onComeback(() => store.retry()), [store]);
  const save = useSaveComparison(patientId);
  const [isLeaving, setLeaving] = useState(false);
  const saveAndLeave = () => {
    setLeaving(true);
    if (entryId === undefined) {
      setAsking("save");
      return;
    }
    save.mutate({ into: { entryId }, group }, {
      onSuccess: ({ id, stored }) => onSaved(id, stored, group.title),
      onError: (error) => {
        setLeaving(false);
        toast(explain(error), "bad");
      },
    });
  };
  useUnsaved(isDirty, undefined, status.state === "unsaved" ? { ...words.discard, also: { label: entryId === undefined ? t.save : t.saveHere, act: saveAndLeave } } : undefined);
  // Once all of it is saved; what could not be saved keeps the page, and says why.
  const isDone = isLeaving && status.state === "saved";
  useEffect(() => {
    if (isDone) onClose();
    // oxlint-disable-next-line react/exhaustive-deps -- once
  }, [isDone]);

  const marks = isAligning ? (photo: Photo): ReactNode => (photo.imageId === first || photo === aligned ? align.marks(photo) : null) : undefined;
  const showing = plan.shown[blink.showing];
  return (
    <ModalOverlay isOpen onOpenChange={(open) => !open && close()} className={dark.overlay ?? ""}>
      <Modal className={dark.modal ?? ""}>
        <Dialog aria-label={`${name} · ${group.title ?? t.title}`} className={`${dark.dialog} ${dark.barred}`} data-bare={isBare || undefined}>
          <div hidden={isBare} className={styles.top}>
            <ReachStatus />
            <header className={styles.bar}>
              <IconButton look="stage" icon="close" label={t.close} tip={false} onPress={close} />
              <div className={styles.title}>
                <p className={styles.name}>{name}</p>
                <p>{facts}</p>
                <p className={styles.subtitle}>{group.title ?? t.title}</p>
              </div>
              <SaveState status={status} zone={zone} onSave={() => setAsking("save")} onRetry={() => store.retry()} onClash={() => setAsking("clash")} />
            </header>
            <div className={styles.modeBar}>
              <label className={styles.pick}>
                <span className="visually-hidden">{t.mode}</span>
                <select value={group.mode} onChange={(event) => switchTo(event.target.value as Mode)} className={styles.modeSelect}>
                  {MODES.map((it) => (
                    <option key={it} value={it}>
                      {t.modes[it]}
                    </option>
                  ))}
                </select>
              </label>
              <div className={styles.modes} role="group" aria-label={t.mode}>
                {MODES.map((it) => (
                  <Button key={it} size="sm" look="quiet" aria-pressed={it === group.mode} onPress={() => switchTo(it)}>
                    {t.modes[it]}
                  </Button>
                ))}
              </div>
              <div className={styles.panels} role="group" aria-label={t.panels}>
                {panels.map((it) => (
                  <Button key={it} size="sm" look="quiet" aria-pressed={it === panel} onPress={() => setPanel(it === panel ? null : it)}>
                    {t.panel[it]}
                  </Button>
                ))}
              </div>
            </div>
            {status.state === "signed" && (
              <Banner
                tone={status.isLost ? "warn" : "info"}
                icon="lock"
                role="status"
                action={
                  visitId !== undefined && (
                    <LinkButton size="sm" href={visitPath(patientId, visitId)}>
                      {t.toVisit}
                    </LinkButton>
                  )
                }
              >
                {status.isLost && <strong>{t.signedLost} </strong>}
                {t.signedHelp}
              </Banner>
            )}
            {remark !== undefined && isRemarked && (
              <Banner tone="info" action={<IconButton icon="close" label={t.dismiss} tip={false} onPress={() => setRemarked(false)} />}>
                {remark}
              </Banner>
            )}
          </div>
          <div className={styles.middle} data-panel={(panel !== null && !isBare) || undefined}>
            <div ref={around} className={styles.around} style={{ "--opacity": sliders.opacity / 100 } as React.CSSProperties}>
              <Stage
                stage={stage}
                patientId={patientId}
                name={name}
                photos={photos}
                plan={plan}
                drawing={drawing}
                zone={zone}
                showing={blink.showing}
                active={isLinked ? null : active}
                hasShapes={hasShapes}
                isTool={isAligning || isToolInHand}
                drawn={isDrawing && drawn ? { id: drawn.imageId, draft: draw.draft, selected: draw.selected, isActive: draw.tool === "select" } : null}
                full={full}
                onReady={onReady}
                {...(marks ? { marks } : {})}
              >
                {mode === "split" && isPair && <SplitHandle around={around} start={sliders.split} onEnd={(split) => setSliders((old) => ({ ...old, split }))} />}
                {align.loupe}
              </Stage>
              <p role="status" className="visually-hidden">
                {mode === "blink" && showing ? t.showing(labelOf(showing, zone)) : ""}
              </p>
            </div>
            {panel !== null && !isBare && (
              <aside className={styles.panel} aria-label={t.panel[panel]}>
                <header>
                  <h2>{t.panel[panel]}</h2>
                  {isDrawing && (
                    <Button size="sm" icon="undo" isDisabled={!draw.canUndo} onPress={draw.undo}>
                      {t.undo}
                    </Button>
                  )}
                  <IconButton look="stage" icon="close" iconSize={18} label={t.closePanel} tip={false} onPress={() => setPanel(null)} />
                </header>
                {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
                <div className={styles.panelBody} tabIndex={0} role="group" aria-label={t.panel[panel]}>
                  {panel === "photos" && <PhotosPanel patientId={patientId} photos={photos} store={store} zone={zone} />}
                  {panel === "align" && aligned && <AlignPanel photos={photos} target={aligned} store={store} zone={zone} onTarget={setTarget} onMark={align.markMiddle} onDone={() => setPanel(null)} />}
                  {panel === "draw" && drawn && <DrawPanel photos={photos} photo={drawn} draw={draw} drawing={drawing} store={store} zone={zone} hasShapes={hasShapes} onShapes={setShapes} onPhoto={setTouched} />}
                  {panel === "details" && <DetailsPanel group={group} store={store} isFixed={isFixed} hasShapes={hasShapes} onShapes={setShapes} />}
                </div>
              </aside>
            )}
          </div>
          <div hidden={isBare} className={styles.bottom}>
            {isPair && <PairBar mode={mode} photos={photos} pair={pair} zone={zone} onPair={setChosen} around={around} opacity={sliders.opacity} onOpacity={(opacity) => setSliders((old) => ({ ...old, opacity }))} blink={blink} />}
            <ZoomBar isLinked={isLinked} percent={percent} onMatrix={onMatrix} onLink={() => setLinked(!isLinked)} onHide={() => setBare(true)} />
          </div>
          {asking === "save" && <SaveDialog patientId={patientId} entryId={entryId} group={group} zone={zone} onClose={() => {
                setAsking(null);
                if (!store.isStored) setLeaving(false);
              }} onSaved={onSaved} />}
          {asking === "clash" && conflicts.length > 0 && <ClashDialog group={group} conflicts={conflicts} store={store} zone={zone} onClose={() => setAsking(null)} />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
