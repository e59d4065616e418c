/** Every call that the client makes, one function each. Uploads are in `upload/send.ts`: fetch tells no progress. */
import { http, serverTime, take } from "./client";
import { type Lifetime, lifetime } from "./contact";
import { isProblem } from "./problem";
import type {
  ActivityPage,
  ConsentForm,
  ConsentInput,
  ConsentList,
  ConsentRecord,
  Entry,
  EntryInput,
  EntryList,
  Image,
  ImagePage,
  Me,
  NoticeList,
  Patient,
  PatientField,
  PatientFieldInput,
  PatientFieldList,
  PatientFieldPatch,
  PatientInput,
  PatientPage,
  PatientPatch,
  PasswordCheck,
  PasswordReport,
  SessionList,
  SettingList,
  SetupRequest,
  SetupState,
  SignIn,
} from "./types";

export interface Presence {
  readonly me: Me;
  readonly life: Lifetime;
}

async function presence(call: Promise<{ data?: Me; error?: unknown; response: Response }>): Promise<Presence> {
  const answer = call.then((it) => ({ ...it, data: it.data && { me: it.data, at: serverTime(it.response) } }));
  const { me, at } = await take(answer);
  return { me, life: lifetime(me.session, at, Date.now()) };
}

export const getSetup = (): Promise<SetupState> => take(http.GET("/api/v1/setup"));
export const postSetup = (body: SetupRequest): Promise<Presence> => presence(http.POST("/api/v1/setup", { body }));
export const checkPassword = (body: PasswordCheck, signal?: AbortSignal): Promise<PasswordReport> =>
  take(http.POST("/api/v1/password-check", { body, signal }));

export const signIn = (body: SignIn): Promise<Presence> => presence(http.POST("/api/v1/session", { body }));

/** Who is signed in; null when nobody is. */
export async function getPresence(): Promise<Presence | null> {
  try {
    return await presence(http.GET("/api/v1/session"));
  } catch (error) {
    if (isProblem(error) && error.status === 401) return null;
    throw error;
  }
}

export const signOut = (): Promise<unknown> => take(http.DELETE("/api/v1/session"));
export const getSessions = (): Promise<SessionList> => take(http.GET("/api/v1/sessions"));
export const endAllSessions = (): Promise<unknown> => take(http.DELETE("/api/v1/sessions"));
export const endSession = (sessionId: string): Promise<unknown> =>
  take(http.DELETE("/api/v1/sessions/{sessionId}", { params: { path: { sessionId } } }));

export const getPatients = (cursor: string | null, signal: AbortSignal): Promise<PatientPage> =>
  take(http.GET("/api/v1/patients", { params: { query: { limit: 50, cursor: cursor ?? undefined } }, signal }));
/** What is searched for is often a name, so it travels in the body and never in an address (C41). */
export const searchPatients = (query: string, signal: AbortSignal): Promise<PatientPage> =>
  take(http.POST("/api/v1/patients/search", { body: { query, limit: 100 }, signal }));
export const createPatient = (body: PatientInput): Promise<Patient> => take(http.POST("/api/v1/patients", { body }));
export const getPatient = (patientId: string): Promise<Patient> =>
  take(http.GET("/api/v1/patients/{patientId}", { params: { path: { patientId } } }));
export const patchPatient = (patientId: string, body: PatientPatch): Promise<Patient> =>
  take(http.PATCH("/api/v1/patients/{patientId}", { params: { path: { patientId } }, body }));

/** The practice's own fields in the order of forms, retired ones included. */
export const getPatientFields = (): Promise<PatientFieldList> => take(http.GET("/api/v1/patient-fields"));
export const createPatientField = (body: PatientFieldInput): Promise<PatientField> => take(http.POST("/api/v1/patient-fields", { body }));
export const changePatientField = (fieldId: string, body: PatientFieldPatch): Promise<PatientField> =>
  take(http.PATCH("/api/v1/patient-fields/{fieldId}", { params: { path: { fieldId } }, body }));

export const getEntries = (patientId: string): Promise<EntryList> =>
  take(http.GET("/api/v1/patients/{patientId}/entries", { params: { path: { patientId } } }));
export const createEntry = (patientId: string, body: EntryInput): Promise<Entry> =>
  take(http.POST("/api/v1/patients/{patientId}/entries", { params: { path: { patientId } }, body }));

export const getConsentForm = (language: string): Promise<ConsentForm> =>
  take(http.GET("/api/v1/consent-form", { params: { query: { language } } }));
export const getConsents = (patientId: string): Promise<ConsentList> =>
  take(http.GET("/api/v1/patients/{patientId}/consents", { params: { path: { patientId } } }));
export const createConsent = (patientId: string, body: ConsentInput): Promise<ConsentRecord> =>
  take(http.POST("/api/v1/patients/{patientId}/consents", { params: { path: { patientId } }, body }));
export const revokeConsent = (patientId: string, consentId: string, reason: string): Promise<ConsentRecord> =>
  take(
    http.POST("/api/v1/patients/{patientId}/consents/{consentId}/revocation", {
      params: { path: { patientId, consentId } },
      body: { reason },
    }),
  );

export const getImages = (patientId: string, cursor: string | null): Promise<ImagePage> =>
  take(
    http.GET("/api/v1/patients/{patientId}/images", {
      params: { path: { patientId }, query: { limit: 100, cursor: cursor ?? undefined } },
    }),
  );

export const getImage = (patientId: string, imageId: string): Promise<Image> =>
  take(http.GET("/api/v1/patients/{patientId}/images/{imageId}", { params: { path: { patientId, imageId } } }));

export const getPatientActivity = (patientId: string, cursor: string | null): Promise<ActivityPage> =>
  take(
    http.GET("/api/v1/patients/{patientId}/activity", {
      params: { path: { patientId }, query: { limit: 50, cursor: cursor ?? undefined } },
    }),
  );
export const getAccountActivity = (cursor: string | null): Promise<ActivityPage> =>
  take(http.GET("/api/v1/account/activity", { params: { query: { limit: 50, cursor: cursor ?? undefined } } }));

export const getSettings = (): Promise<SettingList> => take(http.GET("/api/v1/settings"));
export const patchSettings = (values: Record<string, string>): Promise<SettingList> =>
  take(http.PATCH("/api/v1/settings", { body: { values } }));

/** Asked by the page itself, so it neither keeps the session alive nor counts as contact with a person (A7). */
export const getNotices = (): Promise<NoticeList> =>
  take(http.GET("/api/v1/practice/notices", { headers: { "X-Cutis-Background": "1" } }), "background");

/** Addresses of pictures, for `src` and `href`. */
export type Derivative = "thumbnail" | "screen" | "full" | "original";
export const imageUrl = (patientId: string, imageId: string, form: Derivative): string =>
  `/api/v1/patients/${encodeURIComponent(patientId)}/images/${encodeURIComponent(imageId)}/${form}`;
export const signatureUrl = (patientId: string, consentId: string): string =>
  `/api/v1/patients/${encodeURIComponent(patientId)}/consents/${encodeURIComponent(consentId)}/signature`;
export const uploadUrl = (patientId: string): string => `/api/v1/patients/${encodeURIComponent(patientId)}/images`;
