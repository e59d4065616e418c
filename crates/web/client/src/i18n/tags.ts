/** The texts about tags. They come with the pages that show tags, and not with the first one. */
import { tags as english } from "./en/tags";
import { part } from "./index";

export const tags = part("tags", english);
