/** The texts of the settings of the practice; the activity names them too. */
import { settings as english } from "./en/settings";
import { part } from "./index";

export const settings = part("settings", english);
