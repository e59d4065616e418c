/** English, as far as the first page needs it: the catalogue that every other one follows. What comes later is in `whole`. */
import { account, signIn } from "./account";
import { common, discard, lock, nav, problem } from "./common";
import { consent } from "./consent";
import { handOver } from "./handOver";
import { notices } from "./notices";
import { patients, record } from "./patients";
import { upload } from "./upload";

export const en = {
  locale: "en-GB",
  account,
  common,
  consent,
  discard,
  lock,
  handOver,
  nav,
  notices,
  patients,
  problem,
  record,
  signIn,
  upload,
} as const;
