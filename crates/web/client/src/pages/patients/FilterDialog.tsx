/** All filters in one sheet (P4), what is asked for most first. Nothing is asked for until it is said that they are chosen. */
import { useRef, useState } from "react";
import type { PatientFilter } from "../../api/types";
import { useToday } from "../../app/clock";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { DateField } from "../../ui/DateField";
import { CancelButton, Dialog } from "../../ui/Dialog";
import { Select, TextField } from "../../ui/Field";
import { useLeadToFault } from "../../ui/useLeadToFault";
import { TagPicker } from "../../tags/TagPicker";
import { CHOICES, type ChoiceKind, choices, DATES, type DateKind, NUMBERS, type NumberKind, type Preset, PRESETS, presetOf, startOf, TAGS, type TagKind, titleOf } from "./filters";
import styles from "./FilterDialog.module.css";

const s = t.patients;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Any time, one of the presets, or days of one's own. */
type When = "" | Preset | "custom";

interface Ends {
  readonly from: string;
  readonly to: string;
}

interface Props {
  filter: PatientFilter;
  onClose: () => void;
  onChosen: (filter: PatientFilter) => void;
}

const shown = (number: number | null | undefined): string => (number === null || number === undefined ? "" : String(number));

export function FilterDialog({ filter, onClose, onChosen }: Props) {
  const today = useToday();
  const [when, setWhen] = useState(() => Object.fromEntries(DATES.map((kind) => [kind, filter[kind] ? (presetOf(filter[kind], today) ?? "custom") : ""])) as Record<DateKind, When>);
  const [days, setDays] = useState(() => Object.fromEntries(DATES.map((kind) => [kind, { from: filter[kind]?.from ?? "", to: filter[kind]?.to ?? "" }])) as Record<DateKind, Ends>);
  const [numbers, setNumbers] = useState(
    () => Object.fromEntries(NUMBERS.map((kind) => [kind, { from: shown(filter[kind]?.min), to: shown(filter[kind]?.max) }])) as Record<NumberKind, Ends>,
  );
  const [chosen, setChosen] = useState<Record<ChoiceKind, readonly string[]>>(() => ({ consent: filter.consent ?? [], sex: filter.sex ?? [], fitzpatrick: filter.fitzpatrick ?? [] }));
  const [tags, setTags] = useState<Record<TagKind, string[]>>(() => ({ allOf: filter.tags?.allOf ?? [], anyOf: filter.tags?.anyOf ?? [], noneOf: filter.tags?.noneOf ?? [] }));
  const [tries, setTries] = useState(0);
  const groups = useRef<HTMLDivElement>(null);
  useLeadToFault(groups, tries);
  const isAsked = tries > 0;

  const endsOf = (kind: DateKind): Ends => {
    const chosenWhen = when[kind];
    if (chosenWhen === "custom") return days[kind];
    return { from: chosenWhen === "" ? "" : startOf(chosenWhen, today), to: "" };
  };
  const dayFault = (kind: DateKind) => {
    const { from, to } = endsOf(kind);
    return from !== "" && to !== "" && from > to ? s.filterDateRule : undefined;
  };
  const wholeFault = (number: string) => (number === "" || /^\d{1,6}$/.test(number) ? undefined : s.filterWholeRule);
  const numberFault = (kind: NumberKind) => {
    const { from, to } = numbers[kind];
    const fault = wholeFault(to);
    if (fault || wholeFault(from)) return fault;
    return from !== "" && to !== "" && Number(from) > Number(to) ? s.filterNumberRule : undefined;
  };
  const isSound =
    DATES.every((kind) => dayFault(kind) === undefined && Object.values(endsOf(kind)).every((it) => it === "" || DAY.test(it))) &&
    NUMBERS.every((kind) => wholeFault(numbers[kind].from) === undefined && numberFault(kind) === undefined);

  const choose = () => {
    if (!isSound) {
      setTries(tries + 1);
      return;
    }
    const next: PatientFilter = {};
    for (const kind of DATES) {
      const { from, to } = endsOf(kind);
      if (from !== "" || to !== "") next[kind] = { ...(from === "" ? {} : { from }), ...(to === "" ? {} : { to }) };
    }
    for (const kind of NUMBERS) {
      const { from, to } = numbers[kind];
      if (from !== "" || to !== "") next[kind] = { ...(from === "" ? {} : { min: Number(from) }), ...(to === "" ? {} : { max: Number(to) }) };
    }
    for (const kind of CHOICES) if (chosen[kind].length > 0) next[kind] = [...chosen[kind]];
    const asked = TAGS.filter((kind) => tags[kind].length > 0).map((kind) => [kind, tags[kind]] as const);
    if (asked.length > 0) next.tags = Object.fromEntries(asked);
    onChosen(next);
  };

  const choice = (kind: ChoiceKind) => (
    <fieldset className={styles.choices}>
      <legend>{titleOf(kind)}</legend>
      {choices[kind].map(({ value, label }) => (
        <Checkbox
          key={value}
          isSelected={chosen[kind].includes(value)}
          onChange={(isOn) => setChosen({ ...chosen, [kind]: isOn ? [...chosen[kind], value] : chosen[kind].filter((it) => it !== value) })}
        >
          {label}
        </Checkbox>
      ))}
    </fieldset>
  );

  return (
    <Dialog
      title={s.filters}
      isOpen
      onClose={onClose}
      size="lg"
      actions={
        <>
          <CancelButton />
          <Button look="primary" onPress={choose}>
            {s.applyFilters}
          </Button>
        </>
      }
    >
      <div ref={groups} className={styles.groups}>
        {TAGS.map((kind) => (
          <TagPicker key={kind} label={s.filterTags[kind]} chosen={tags[kind]} onChange={(next) => setTags({ ...tags, [kind]: next })} canCreate={false} />
        ))}
        {choice("consent")}
        {DATES.map((kind) => (
          <div key={kind} className={styles.pair}>
            <Select
              label={s.filterDate[kind]}
              value={when[kind]}
              onChange={(next) => setWhen({ ...when, [kind]: next as When })}
              options={[{ value: "", label: s.filterAnyTime }, ...PRESETS.map((preset) => ({ value: preset, label: s.filterPreset[preset] })), { value: "custom", label: s.filterCustom }]}
            />
            {when[kind] === "custom" && (
              <fieldset className={styles.pair} aria-label={s.filterDate[kind]}>
                <DateField label={s.filterFrom} value={days[kind].from} onChange={(from) => setDays({ ...days, [kind]: { ...days[kind], from } })} />
                <DateField label={s.filterTo} value={days[kind].to} onChange={(to) => setDays({ ...days, [kind]: { ...days[kind], to } })} error={isAsked ? dayFault(kind) : undefined} />
              </fieldset>
            )}
          </div>
        ))}
        {choice("sex")}
        {choice("fitzpatrick")}
        {NUMBERS.map((kind) => (
          <fieldset key={kind} className={styles.numbers}>
            <legend>{s.filterNumbers[kind]}</legend>
            <TextField label={s.filterMin} inputMode="numeric" value={numbers[kind].from} onChange={(from) => setNumbers({ ...numbers, [kind]: { ...numbers[kind], from: from.trim() } })} error={isAsked ? wholeFault(numbers[kind].from) : undefined} />
            <TextField
              label={s.filterMax}
              inputMode="numeric"
              value={numbers[kind].to}
              onChange={(to) => setNumbers({ ...numbers, [kind]: { ...numbers[kind], to: to.trim() } })}
              error={isAsked ? numberFault(kind) : undefined}
            />
          </fieldset>
        ))}
      </div>
    </Dialog>
  );
}
