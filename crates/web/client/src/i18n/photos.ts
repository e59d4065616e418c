/** The texts, with those about photos: the pool, selecting and the viewer. They come with a patient's record. */
import { photos, select, viewer } from "./en/photos";
import { type Catalogue, part, t as first } from "./index";

part("photos", photos);
part("select", select);
part("viewer", viewer);

export const t = first as Catalogue & Required<Pick<Catalogue, "photos" | "select" | "viewer">>;
