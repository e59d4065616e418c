/** The texts about what happened, which the two lists of activity show. */
import { activity as english } from "./en/activity";
import { part } from "./index";

export const activity = part("activity", english);
