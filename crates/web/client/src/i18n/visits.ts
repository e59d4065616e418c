/** The texts about visits: the timeline and the page of one. They come with a patient's record. */
import { visits as english } from "./en/visits";
import { part } from "./index";

export const visits = part("visits", english);
