/** English: the catalogue that every other one follows, and the one in the first bundle. */
import { account, setup, signIn } from "./account";
import { activity } from "./activity";
import { common, discard, lock, nav, problem } from "./common";
import { consent } from "./consent";
import { addDevice, firstDay } from "./firstDay";
import { handOver } from "./handOver";
import { notices } from "./notices";
import { patients, record } from "./patients";
import { photos, select, upload, viewer } from "./photos";
import { settings } from "./settings";

export const en = {
  locale: "en-GB",
  account,
  activity,
  addDevice,
  common,
  consent,
  discard,
  firstDay,
  lock,
  handOver,
  nav,
  notices,
  patients,
  photos,
  select,
  problem,
  record,
  settings,
  setup,
  signIn,
  upload,
  viewer,
} as const;
