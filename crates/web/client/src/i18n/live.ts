import { live as english } from "./en/live";
import { part } from "./index";

export const live = part("live", english);
