/** The closed sets of an image's details, as the server knows them (domain/src/image/details.rs), in its order. */
export const IMAGE_VIEWS = ["overview", "close_up", "anterior", "posterior", "left_lateral", "right_lateral", "left_oblique", "right_oblique", "superior", "inferior"] as const;
export const MODALITIES = ["clinical", "dermoscopic", "ultraviolet", "cross_polarized", "confocal", "microscopic", "endoscopic", "ophthalmic"] as const;
export const STARS = [1, 2, 3, 4, 5] as const;
export const LONGEST_CAPTION = 500;
