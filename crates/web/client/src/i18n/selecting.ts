/** The texts about selecting in lists. They come with the bar of what is selected, and not with the first page. */
import { selecting as english } from "./en/selecting";
import { part } from "./index";

export const selecting = part("selecting", english);
