/** The texts, with those about files that are not photos. They come with the first files that are chosen. */
import { kinds } from "./en/kinds";
import { type Catalogue, part, t as first } from "./index";

part("kinds", kinds);

export const t = first as Catalogue & Required<Pick<Catalogue, "kinds">>;
