/** Minimal answers of a server. */
import type { ListedEntry, EntryList } from "../api/types";
import type { Visit } from "../resources/visitLayout";
import type { ConsentForm, ConsentRecord, Image, Me, Patient, PatientPage, PatientSummary } from "../api/types";

export const ME: Me = {
  accountId: "a1",
  username: "amal.okafor",
  firstName: "Amal",
  lastName: "Okafor",
  email: null,
  roles: ["administrator", "clinician"] as Me["roles"],
  practice: { name: "Praxis", timeZone: "UTC", consentLevel: "required", uploadLimitBytes: 64_000_000, imageFormats: ["jpeg", "png", "webp", "tiff", "gif"] } as Me["practice"],
  session: { idleMinutes: 15, absoluteHours: 12, openSessions: 1, handedOver: false, passwordEntered: false, sealKey: null, queueKey: null, mark: "", expiresAt: new Date(Date.now() + 15 * 60_000).toISOString() } as Me["session"],
};

export const PATIENT = {
  id: "p1",
  uniqueId: "lp-1",
  firstName: "Mara",
  lastName: "Lindqvist",
  preferredName: null,
  birthDate: null,
  sexAtBirth: null,
  coverImageId: null,
  coverEdition: null,
  phones: [],
  guardian: null,
  healthCardNumber: null,
  practiceFields: {},
  version: 3,
  imageCount: 0,
  entryCount: 0,
  createdAt: "2026-11-20T10:00:00Z",
  lastModified: "2026-11-20T10:00:00Z",
  consent: { status: "none", level: "required", uploadAllowed: false, current: null },
} as unknown as Patient;

export const summaryOf = (id: string, lastName: string): PatientSummary => ({
  id,
  uniqueId: `7-${id}`,
  firstName: "Ada",
  lastName,
  preferredName: null,
  birthDate: null,
  sexAtBirth: null,
  coverImageId: null,
  coverEdition: null,
  imageCount: 0,
  entryCount: 0,
  consentStatus: "none",
  lastAppointment: null,
  nextAppointment: null,
  lastModified: "2026-11-20T10:00:00Z",
});

export const patientPage = (patients: PatientSummary[], total: number | null = patients.length, nextCursor: string | null = null): PatientPage =>
  ({ patients, total, totalIsExact: total !== null, nextCursor }) as PatientPage;

export const imageOf = (id: string): Image => ({
  id,
  fileName: `${id}.jpg`,
  format: "jpeg" as Image["format"],
  bytes: 1000,
  width: 640,
  height: 480,
  capturedAt: "2026-11-20T10:00:00Z",
  capturedInFuture: false,
  uploadedAt: "2026-11-20T11:00:00Z",
  uploadedBy: "amal.okafor",
  uploadedByName: "Amal Okafor",
  device: null,
  sha256: "00",
  incomplete: false,
  pages: 1,
  caption: null,
  site: null,
  view: null,
  modality: null,
  rating: 0,
  turns: 0,
  edition: 0,
  cameraAt: "2026-11-20T10:00:00Z",
  version: 1,
});

export const listedVisit = (id: string, appointmentAt: string, more: Partial<ListedEntry> = {}): ListedEntry => ({
  id,
  patientId: "p1",
  appointmentAt,
  title: id,
  excerpt: "",
  author: "amal.okafor",
  authorName: "Amal Okafor",
  createdAt: appointmentAt,
  signedAt: null,
  tags: [],
  images: [],
  imageCount: more.images?.length ?? 0,
  comparisonCount: 0,
  offered: [],
  offeredCount: more.offered?.length ?? 0,
  ...more,
});

export const visitPage = (entries: readonly ListedEntry[], next: string | null = null): EntryList => ({ entries: [...entries], nextCursor: next });

export const visitOf = (id: string, more: Partial<Visit> = {}): Visit => ({
  id,
  patientId: "p1",
  appointmentAt: "2026-11-22T14:05:00Z",
  title: "First",
  notes: "",
  notesHash: "",
  versions: { appointmentAt: 0, title: 0, notes: 4 },
  author: "amal.okafor",
  authorName: "Amal Okafor",
  createdAt: "2026-11-22T14:00:00Z",
  signedAt: null,
  signed: null,
  addenda: [],
  sections: { workspace: true, comparisons: true, notes: true },
  order: "descending",
  size: "medium",
  ...more,
});

export const CONSENT_FORM: ConsentForm = {
  template: "photography",
  version: 3,
  language: "en",
  title: "Photography",
  text: "Why\nTo see changes.\n\nI agree.\n\nWhat I agree to",
  purposes: [
    { code: "clinical_record", label: "Record", description: "Photos in the record.", required: true },
    { code: "teaching", label: "Teaching", description: "Photos in teaching.", required: false },
  ],
} as ConsentForm;

export const CONSENT = {
  id: "c1",
  template: "photography",
  version: 3,
  language: "en",
  text: "I agree.",
  purposes: ["clinical_record"],
  method: { kind: "external", how: "written", notes: "Folder B" },
  signerName: "Mara Lindqvist",
  signerRole: "patient",
  witness: null,
  expiresOn: null,
  hasSignature: false,
  recordedAt: "2026-11-20T10:00:00Z",
  recordedBy: "amal.okafor",
  recordedByName: "Amal Okafor",
  revokedAt: null,
  revokedBy: null,
  revokedByName: null,
  revokedReason: null,
  status: "given",
} as unknown as ConsentRecord;
