/** The texts about recording and reading consents, which come with a patient's record. */
import { consents as english } from "./en/consents";
import { part } from "./index";

export const consents = part("consents", english);
