/** When photos were captured, in the practice's time; or again what their cameras say. */
import { useState } from "react";
import { firstMessage } from "../../../../api/problem";
import { useMe, useZone } from "../../../../app/session";
import { t } from "../../../../i18n";
import { dateProblem } from "../../../../i18n/dateProblem";
import { instantFromWall, wallFromInstant } from "../../../../i18n/format";
import { photoDetails as texts } from "../../../../i18n/photoDetails";
import { isHalvedClock } from "../../../../rules/dateParts";
import { Button } from "../../../../ui/Button";
import { DateTimeField } from "../../../../ui/DateField";
import { FormDialog } from "../../../../ui/FormDialog";

const d = texts;
const EARLIEST = 1900;

interface Props {
  amount: number;
  /** An instant to begin with; undefined where photos differ. */
  before: string | null | undefined;
  /** Whether there is another time to go back to. */
  hasCamera: boolean;
  onClose: () => void;
  /** Null takes what the cameras say. */
  onSave: (instant: string | null) => void;
  /** Where it stays open until it is saved. */
  isPending?: boolean;
  error?: unknown;
}

export function DateDialog({ amount, before, hasCamera, onClose, onSave, isPending = false, error }: Props) {
  const zone = useZone();
  const { practice } = useMe();
  const [start] = useState(() => (before ? wallFromInstant(Date.parse(before), zone) : ""));
  const [wall, setWall] = useState(start);
  const [tried, setTried] = useState(false);
  const instant = instantFromWall(wall, zone);
  const problem = dateProblem(wall, { hasTime: true, isHalved: isHalvedClock(t.locale), earliest: EARLIEST }) ?? (instant === null ? d.dateWrong : undefined);
  const submit = () => {
    setTried(true);
    if (instant === null || problem) return;
    // To the minute: what was not changed keeps its seconds.
    if (wall === start) onClose();
    else onSave(instant);
  };
  return (
    <FormDialog title={amount === 1 ? d.fields.capturedAt : d.dateTitle(amount)} size="sm" onClose={onClose} isDirty={wall !== start} submit={t.common.save} isPending={isPending} isDisabled={before === undefined && wall === ""} error={error} onSubmit={submit}>
      <DateTimeField label={d.fields.capturedAt} isRequired earliest={EARLIEST} zone={zone} help={d.dateHelp(practice.timeZone)} value={wall} onChange={setWall} error={(tried ? problem : undefined) ?? firstMessage(error)} />
      {amount > 1 && <p>{before === undefined ? d.valuesDiffer : d.dateForAll}</p>}
      {hasCamera && (
        <Button look="quiet" icon="camera" onPress={() => onSave(null)}>
          {amount === 1 ? d.takeCamera : d.takeCameras}
        </Button>
      )}
    </FormDialog>
  );
}
