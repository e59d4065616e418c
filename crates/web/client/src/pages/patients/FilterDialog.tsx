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
import { tags as tagTexts } from "../../i18n/tags";
import { TagPicker } from "../../tags/TagPicker";
import { useTypedRest } from "../../tags/useTypedRest";
import { useUnsavedDialog } from "../../ui/unsaved";
import { type Draft, dayFault, draftOf, filterOf, isSound, numberFault, type When, wholeFault } from "./filterDraft";
import { type ChoiceKind, choices, DATES, NUMBERS, PRESETS, TAGS, titleOf } from "./filters";
import styles from "./FilterDialog.module.css";

const s = t.patients;

interface Props {
  filter: PatientFilter;
  onClose: () => void;
  onChosen: (filter: PatientFilter) => void;
}

export function FilterDialog({ filter, onClose, onChosen }: Props) {
  const today = useToday();
  const [before] = useState(() => draftOf(filter, today));
  const [draft, setDraft] = useState(before);
  const { when, days, numbers, chosen, tags } = draft;
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const [tries, setTries] = useState(0);
  const groups = useRef<HTMLDivElement>(null);
  useLeadToFault(groups, tries);
  const isAsked = tries > 0;
  const say = tagTexts.notChosen;
  const rests = { allOf: useTypedRest(say), anyOf: useTypedRest(say), noneOf: useTypedRest(say) };
  const [cleared, setCleared] = useState(0);

  const choose = () => {
    const refused = TAGS.filter((kind) => rests[kind].refuses());
    if (refused.length === 0 && isSound(draft, today)) onChosen(filterOf(draft, today));
    else setTries(tries + 1);
  };
  const unsaved = useUnsavedDialog(JSON.stringify(draft) !== JSON.stringify(before) || TAGS.some((kind) => rests[kind].typed !== ""), { ...s.leaveFilters, instead: choose });
  const clear = () => {
    setDraft(draftOf({}, today));
    setTries(0);
    setCleared(cleared + 1);
    for (const kind of TAGS) rests[kind].onTyped("");
  };

  const choice = (kind: ChoiceKind) => (
    <fieldset className={styles.choices}>
      <legend>{titleOf(kind)}</legend>
      {choices[kind].map(({ value, label }) => (
        <Checkbox
          key={value}
          isSelected={chosen[kind].includes(value)}
          onChange={(isOn) => change({ chosen: { ...chosen, [kind]: isOn ? [...chosen[kind], value] : chosen[kind].filter((it) => it !== value) } })}
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
      unsaved={unsaved}
      actions={
        <>
          <span className={styles.clear}>
            <Button look="quiet" onPress={clear}>
              {s.clearChoices}
            </Button>
          </span>
          <CancelButton />
          <Button look="primary" onPress={choose}>
            {s.applyFilters}
          </Button>
        </>
      }
    >
      <div ref={groups} className={styles.groups}>
        {TAGS.map((kind) => (
          <TagPicker
            key={`${kind} ${cleared}`}
            label={s.filterTags[kind]}
            chosen={tags[kind]}
            onChange={(next) => change({ tags: { ...tags, [kind]: next } })}
            use="find"
            onTyped={rests[kind].onTyped}
            error={rests[kind].error}
          />
        ))}
        {choice("consent")}
        {DATES.map((kind) => (
          <div key={kind} className={styles.pair}>
            <Select
              label={s.filterDate[kind]}
              value={when[kind]}
              onChange={(next) => change({ when: { ...when, [kind]: next as When } })}
              options={[{ value: "", label: s.filterAnyTime }, ...PRESETS.map((preset) => ({ value: preset, label: s.filterPreset[preset] })), { value: "custom", label: s.filterCustom }]}
            />
            {when[kind] === "custom" && (
              <fieldset className={styles.pair} aria-label={s.filterDate[kind]}>
                <DateField label={s.filterFrom} value={days[kind].from} onChange={(from) => change({ days: { ...days, [kind]: { ...days[kind], from } } })} />
                <DateField label={s.filterTo} value={days[kind].to} onChange={(to) => change({ days: { ...days, [kind]: { ...days[kind], to } } })} error={isAsked ? dayFault(draft, kind, today) : undefined} />
              </fieldset>
            )}
          </div>
        ))}
        {choice("sex")}
        {choice("fitzpatrick")}
        {NUMBERS.map((kind) => (
          <fieldset key={kind} className={styles.numbers}>
            <legend>{s.filterNumbers[kind]}</legend>
            <TextField label={s.filterMin} inputMode="numeric" value={numbers[kind].from} onChange={(from) => change({ numbers: { ...numbers, [kind]: { ...numbers[kind], from: from.trim() } } })} error={isAsked ? wholeFault(numbers[kind].from) : undefined} />
            <TextField
              label={s.filterMax}
              inputMode="numeric"
              value={numbers[kind].to}
              onChange={(to) => change({ numbers: { ...numbers, [kind]: { ...numbers[kind], to: to.trim() } } })}
              error={isAsked ? numberFault(draft, kind) : undefined}
            />
          </fieldset>
        ))}
      </div>
    </Dialog>
  );
}
