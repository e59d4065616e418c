/** The texts about the first day and about further devices. */
import { addDevice as englishDevice, firstDay as englishDay } from "./en/firstDay";
import { part } from "./index";

export const addDevice = part("addDevice", englishDevice);
export const firstDay = part("firstDay", englishDay);
