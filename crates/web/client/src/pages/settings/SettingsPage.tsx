import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { explain, fieldMessages } from "../../api/problem";
import type { Setting } from "../../api/types";
import { useMe } from "../../app/session";
import { useTitle } from "../../app/useTitle";
import { known, t } from "../../i18n";
import { settings as s } from "../../i18n/settings";
import { zoneOptions } from "../../i18n/zones";
import { settingsQuery, useChangeSettings } from "../../resources/settings";
import { Button } from "../../ui/Button";
import { Select, TextField } from "../../ui/Field";
import { Empty, Failed, FormProblem, PageHeader, Section, Skeleton } from "../../ui/parts";
import { toast } from "../../ui/toasts";
import { useUnsaved } from "../../ui/unsaved";
import { useMakeRoom } from "../../upload/makeRoom";
import { CustomFieldsSection } from "./fields/CustomFieldsSection";
import { AddDeviceSection, FirstDaySection, TagsSection } from "./Onward";
import { NoticesSection } from "./NoticesSection";
import styles from "./SettingsPage.module.css";
import { changesOf, checkSetting, type Group, groupOf } from "./settingRules";

export function SettingsPage() {
  useTitle(s.title);
  const { roles } = useMe();
  const isAdministrator = roles.includes("administrator");
  if (!isAdministrator) {
    return (
      <>
        <h1 className="visually-hidden">{s.title}</h1>
        <Empty icon="lock" title={s.forbiddenTitle}>
          {s.forbiddenText}
        </Empty>
      </>
    );
  }
  return <Settings isClinician={roles.includes("clinician")} />;
}

function Settings({ isClinician }: { isClinician: boolean }) {
  const query = useQuery(settingsQuery());
  const [typed, setTyped] = useState<Record<string, string>>({});
  const settings = query.data?.settings ?? [];
  const changes = changesOf(settings, typed);
  const amount = Object.keys(changes).length;
  useUnsaved(amount > 0);

  const save = useChangeSettings(() => {
    setTyped({});
    toast(s.saved);
  });

  const server = fieldMessages(save.error);
  const errorOf = (setting: Setting): string | null => {
    const value = typed[setting.key] ?? setting.value;
    return server[setting.key] ?? server[`values.${setting.key}`] ?? checkSetting(setting, value);
  };
  const isWrong = settings.some((setting) => setting.key in changes && checkSetting(setting, typed[setting.key] ?? setting.value));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (amount > 0 && !isWrong) save.mutate(changes);
  };

  const groups = grouped(settings);
  return (
    <>
      <PageHeader column title={s.title} lead={s.recorded} />
      <NoticesSection />
      <AddDeviceSection />
      {isClinician && <TagsSection />}
      {query.isPending && <Skeleton rows={5} shape="card" />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      <form noValidate onSubmit={submit} className={styles.form}>
        {[...groups].map(([group, members]) => (
          <Section key={group} title={s.groups[group]}>
            <div className={styles.fields}>
              {members.map((setting) => (
                <SettingField
                  key={setting.key}
                  setting={setting}
                  value={typed[setting.key] ?? setting.value}
                  error={setting.key in changes ? errorOf(setting) : null}
                  onChange={(value) => {
                    setTyped((old) => ({ ...old, [setting.key]: value }));
                    if (save.isError) save.reset();
                  }}
                />
              ))}
            </div>
          </Section>
        ))}
        <FormProblem error={save.error} title={save.error ? explain(save.error) : ""} />
        {amount > 0 && <SaveBar amount={amount} isSaving={save.isPending} isWrong={isWrong} onDiscard={() => setTyped({})} />}
      </form>
      <CustomFieldsSection />
      <FirstDaySection />
    </>
  );
}

function SaveBar({ amount, isSaving, isWrong, onDiscard }: { amount: number; isSaving: boolean; isWrong: boolean; onDiscard: () => void }) {
  useMakeRoom();
  return (
    <div className={styles.bar} role="status">
      <span>{s.changed(amount)}</span>
      <Button onPress={onDiscard}>{s.discard}</Button>
      <Button look="primary" type="submit" isPending={isSaving} isDisabled={isWrong}>
        {isSaving ? t.common.saving : s.save}
      </Button>
    </div>
  );
}

function grouped(settings: readonly Setting[]): Map<Group, Setting[]> {
  const groups = new Map<Group, Setting[]>();
  for (const setting of settings) groups.set(groupOf(setting.key), [...(groups.get(groupOf(setting.key)) ?? []), setting]);
  return groups;
}

function SettingField(props: { setting: Setting; value: string; error: string | null; onChange: (value: string) => void }) {
  const { setting, value, error, onChange } = props;
  const label = known(s.labels, setting.key) ?? setting.label;
  const help = known(s.help, setting.key);
  const isZone = setting.key === "practice.time_zone";
  if (setting.kind === "choice" || isZone) {
    const options = isZone ? zoneOptions(value) : (setting.choices ?? []).map((choice) => ({ value: choice, label: known(s.choices, choice) ?? choice.replaceAll("_", " ") }));
    return <Select label={label} help={help} value={value} onChange={onChange} options={options} error={error} />;
  }
  return <TextField label={label} help={help} value={value} onChange={onChange} error={error} inputMode={setting.kind === "integer" ? "numeric" : "text"} autoComplete="off" />;
}
