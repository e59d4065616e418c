/** The buttons above the notes. One of them is in the tab order; the arrow keys move along. */
import { Toolbar as AriaToolbar } from "react-aria-components/Toolbar";
import { visits as v } from "../../../../i18n/visits";
import { IconButton } from "../../../../ui/Button";
import type { IconName } from "../../../../ui/icons";
import type { Tool } from "./edit";
import styles from "./Notes.module.css";

const TOOLS: readonly { readonly tool: Tool; readonly icon: IconName }[] = [
  { tool: "heading", icon: "heading" },
  { tool: "bold", icon: "bold" },
  { tool: "italic", icon: "italic" },
  { tool: "list", icon: "list" },
  { tool: "numbered", icon: "listNumbered" },
  { tool: "link", icon: "link" },
];

export function Toolbar({ onTool, isDisabled }: { onTool: (tool: Tool) => void; isDisabled: boolean }) {
  return (
    <AriaToolbar aria-label={v.notes.tools} className={styles.toolbar ?? ""}>
      {TOOLS.map(({ tool, icon }) => (
        <IconButton key={tool} icon={icon} label={v.notes[tool]} isDisabled={isDisabled} onPress={() => onTool(tool)} />
      ))}
    </AriaToolbar>
  );
}
