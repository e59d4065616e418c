/** The texts about comparing photos. They come with the page that compares, and not with the first one. */
import { compare as english } from "./en/compare";
import { part } from "./index";

export const compare = part("compare", english);
