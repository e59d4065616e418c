/** Everything that there is in English, also what comes later: what another language is made from, and what tests read. */
import { activity } from "./activity";
import { bodySites } from "./bodySites";
import { compare } from "./compare";
import { consents } from "./consents";
import { customFields } from "./customFields";
import { details } from "./details";
import { download } from "./download";
import { addDevice, firstDay } from "./firstDay";
import { en } from "./index";
import { kinds } from "./kinds";
import { live } from "./live";
import { photoDetails } from "./photoDetails";
import { photos, select, viewer } from "./photos";
import { selecting } from "./selecting";
import { settings } from "./settings";
import { setup } from "./setup";
import { tags } from "./tags";
import { visits } from "./visits";

export const whole = { ...en, activity, addDevice, bodySites, compare, consents, customFields, details, download, firstDay, kinds, live, photoDetails, photos, select, selecting, settings, setup, tags, viewer, visits } as const;
