/** The texts about the practice's own fields, which only the settings show. */
import { customFields as english } from "./en/customFields";
import { part } from "./index";

export const customFields = part("customFields", english);
