/** The texts of the dialog for a patient's details. */
import { details as english } from "./en/details";
import { part } from "./index";

export const details = part("details", english);
