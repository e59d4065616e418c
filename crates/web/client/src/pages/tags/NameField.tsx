import { tags } from "../../i18n/tags";
import { TextField } from "../../ui/Field";

const p = tags.page;

interface Props {
  value: string;
  onChange: (name: string) => void;
  /** What the server says of it. */
  error: string | undefined;
  /** Whether it was submitted: then a name is missed. */
  isTried: boolean;
}

/** The name of a tag or a category. */
export const NameField = ({ value, onChange, error, isTried }: Props) => (
  <TextField label={p.name} isRequired autoFocus autoComplete="off" value={value} onChange={onChange} error={error ?? (isTried && value.trim() === "" ? p.nameNeeded : undefined)} />
);
