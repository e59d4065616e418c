/** English. One object: a missing or misspelt text is a type error. */
import { activity } from "./en/activity";
import { account, setup, signIn } from "./en/account";
import { common, nav, problem } from "./en/common";
import { consent } from "./en/consent";
import { notices } from "./en/notices";
import { patientFields } from "./en/patientFields";
import { patients, record } from "./en/patients";
import { photos, upload, viewer } from "./en/photos";
import { settings } from "./en/settings";

export const en = {
  account,
  activity,
  common,
  consent,
  nav,
  notices,
  patientFields,
  patients,
  photos,
  problem,
  record,
  settings,
  setup,
  signIn,
  upload,
  viewer,
};
