/** The texts of the set-up, which is needed once. */
import { setup as english } from "./en/setup";
import { part } from "./index";

export const setup = part("setup", english);
