/** The texts about downloading photos, which come with the dialog. */
import { download as english } from "./en/download";
import { part } from "./index";

export const download = part("download", english);
