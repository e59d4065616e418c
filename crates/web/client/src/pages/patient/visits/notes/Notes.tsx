/** The notes and tags of a visit. The text area grows with its text; what is typed saves by itself; every version is kept. */
import { type ReactNode, useCallback, useRef, useState } from "react";
import { ToggleButton } from "react-aria-components/ToggleButton";
import { ToggleButtonGroup } from "react-aria-components/ToggleButtonGroup";
import type { Visit } from "../../../../resources/visitLayout";
import { later } from "../../../../app/later";
import { tags as texts } from "../../../../i18n/tags";
import { visits as v } from "../../../../i18n/visits";
import type { VisitDraft } from "../../../../live";
import { ThingTags } from "../../../../tags/ThingTags";
import { Button } from "../../../../ui/Button";
import { toast } from "../../../../ui/toasts";
import { Addenda } from "../Addenda";
import { apply, type Edit, editFor, onEnter, onSpace, type Tool } from "./edit";
import styles from "./Notes.module.css";
import { Rendered } from "./Rendered";
import { Toolbar } from "./Toolbar";

const Revisions = later(() => import("./Revisions").then((it) => it.Revisions), { missing: "dialog" });

/** In UTF-8, as the server counts. */
const MOST_BYTES = 65_536;
/** No text shorter than this is too long. */
const CERTAIN = MOST_BYTES / 4;
const KEYS: Readonly<Record<string, Tool>> = { b: "bold", i: "italic" };

const over = (text: string): number => (text.length <= CERTAIN ? 0 : Math.max(0, new TextEncoder().encode(text).length - MOST_BYTES));

interface Props {
  patientId: string;
  visit: Visit;
  draft: VisitDraft;
  /** What a person has to decide about the notes, directly above them. */
  notice: ReactNode;
}

export function Notes({ patientId, visit, draft, notice }: Props) {
  const isSigned = visit.signed !== null;
  const isReady = draft.state === "ready";
  const [isReading, setReading] = useState(false);
  const [isLookingBack, setLookingBack] = useState(false);
  const text = isReady && !isSigned ? draft.notes.value : visit.notes;
  const reads = isReading || isSigned || !isReady;
  return (
    <div className={styles.part}>
      <div className={styles.tags}>
        <ThingTags of={{ patientId, entryId: visit.id }} title={texts.ofVisit} isFixed={isSigned} />
      </div>
      <div className={styles.head}>
        <h3 id="notes-label">{v.notes.label}</h3>
        {!isSigned && (
          <ToggleButtonGroup
            aria-labelledby="notes-label"
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[isReading ? "read" : "write"]}
            onSelectionChange={(chosen) => {
              draft.flush();
              setReading(chosen.has("read"));
            }}
            className={styles.modes ?? ""}
          >
            <ToggleButton id="write" className={styles.mode ?? ""}>
              {v.notes.write}
            </ToggleButton>
            <ToggleButton id="read" className={styles.mode ?? ""}>
              {v.notes.read}
            </ToggleButton>
          </ToggleButtonGroup>
        )}
        <Button size="sm" look="quiet" icon="history" onPress={() => setLookingBack(true)}>
          {v.notes.history}
        </Button>
      </div>
      {notice}
      {reads ? text.trim() === "" ? <p className={styles.none}>{v.notes.none}</p> : <Rendered text={text} /> : <Editor draft={draft} />}
      {isSigned && <Addenda patientId={patientId} visit={visit} />}
      {isLookingBack && <Revisions patientId={patientId} visit={visit} draft={draft} onClose={() => setLookingBack(false)} />}
    </div>
  );
}

/** What Enter and the space bar do in a list; null where they are only themselves. */
function editOf({ key, shiftKey, ctrlKey, metaKey, altKey, currentTarget: it }: React.KeyboardEvent<HTMLTextAreaElement>): Edit | null {
  if (shiftKey || ctrlKey || metaKey || altKey || it.selectionStart !== it.selectionEnd) return null;
  if (key === "Enter") return onEnter(it.value, it.selectionStart);
  return key === " " ? onSpace(it.value, it.selectionStart) : null;
}

/** Ctrl or Cmd with B and I, and Enter in a list. */
const onKeyDown = (event: React.KeyboardEvent<HTMLTextAreaElement>) => {
  if (event.nativeEvent.isComposing) return;
  const it = event.currentTarget;
  const tool = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey ? KEYS[event.key.toLowerCase()] : undefined;
  const edit = tool ? editFor(tool, it.value, it.selectionStart, it.selectionEnd) : editOf(event);
  if (!edit) return;
  event.preventDefault();
  apply(it, edit);
};

function Editor({ draft }: { draft: VisitDraft }) {
  const { bind, value } = draft.notes;
  const area = useRef<HTMLTextAreaElement | null>(null);
  const attach = useCallback(
    (element: HTMLTextAreaElement | null) => {
      area.current = element;
      bind(element, () => toast(v.notes.cleaned));
    },
    [bind],
  );
  const use = (tool: Tool) => {
    const it = area.current;
    if (it) apply(it, editFor(tool, it.value, it.selectionStart, it.selectionEnd));
  };
  const tooLong = over(value);
  return (
    <div className={styles.editor} data-wrong={tooLong > 0 || undefined}>
      <Toolbar onTool={use} isDisabled={false} />
      <div className={styles.grow}>
        {/* As high as the text: the text area lies over it. */}
        <div className={styles.shadow} aria-hidden="true">{`${value}\n`}</div>
        <textarea
          ref={attach}
          className={styles.area}
          aria-label={v.notes.label}
          aria-invalid={tooLong > 0 || undefined}
          aria-describedby={tooLong > 0 ? "notes-too-long" : undefined}
          placeholder={v.notes.placeholder}
          autoCapitalize="sentences"
          onKeyDown={onKeyDown}
          onBlur={draft.flush}
        />
      </div>
      {tooLong > 0 && (
        <p id="notes-too-long" role="alert" className={styles.wrong}>
          {v.notes.tooLong(tooLong)}
        </p>
      )}
    </div>
  );
}
