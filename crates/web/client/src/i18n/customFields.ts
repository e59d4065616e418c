/** The texts about the custom fields of the practice, which only the settings show. */
import { customFields as english } from "./en/customFields";
import { part } from "./index";

export const customFields = part("customFields", english);
