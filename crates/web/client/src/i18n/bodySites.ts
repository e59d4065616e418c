/** The texts about body sites. They come with the body map, and not with the first page. */
import { bodySites as english } from "./en/bodySites";
import { part } from "./index";

export const bodySites = part("bodySites", english);
