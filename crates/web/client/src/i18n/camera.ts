/** The texts of the camera. They come with it, and not with the first page. */
import { camera as english } from "./en/camera";
import { part } from "./index";

export const camera = part("camera", english);
