/** The texts about what is said of photos. They come with the photos' tools, and not with the first page. */
import { photoDetails as english } from "./en/photoDetails";
import { part } from "./index";

export const photoDetails = part("photoDetails", english);
