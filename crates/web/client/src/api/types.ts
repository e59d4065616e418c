/** The names under which the client knows the server's shapes. The only importer of the generated file. */
import type { components } from "./schema";

export type { paths } from "./schema";

type Schemas = components["schemas"];

export type Problem = Schemas["Problem"];
export type FieldError = Schemas["FieldError"];
export type SetupState = Schemas["SetupState"];
export type SetupRequest = Schemas["SetupRequest"];
export type PasswordCheck = Schemas["PasswordCheck"];
export type PasswordReport = Schemas["PasswordReport"];
export type PasswordRule = Schemas["PasswordRule"];
export type SignIn = Schemas["SignIn"];
export type Me = Schemas["Me"];
export type PracticeInfo = Schemas["PracticeInfo"];
export type SessionInfo = Schemas["SessionInfo"];
export type SessionList = Schemas["SessionList"];
export type PatientPage = Schemas["PatientPage"];
export type PatientSummary = Schemas["PatientSummary"];
export type Patient = Schemas["Patient"];
export type PatientInput = Schemas["PatientInput"];
export type PatientPatch = Schemas["PatientPatch"];
export type CustomField = Schemas["PatientField"];
export type CustomFieldKind = Schemas["PatientFieldKind"];
export type CustomFieldList = Schemas["PatientFieldList"];
export type CustomFieldInput = Schemas["PatientFieldInput"];
export type CustomFieldPatch = Schemas["PatientFieldPatch"];
export type Guardian = Schemas["Guardian"];
export type ConsentStanding = Schemas["ConsentStanding"];
export type ConsentForm = Schemas["ConsentForm"];
export type ConsentPurpose = Schemas["ConsentPurpose"];
export type ConsentRecord = Schemas["ConsentRecord"];
export type ConsentList = Schemas["ConsentList"];
export type ConsentInput = Schemas["ConsentInput"];
export type ConsentMethod = Schemas["ConsentMethod"];
export type ConsentMethodInput = Schemas["ConsentMethodInput"];
export type Revocation = Schemas["Revocation"];
export type Image = Schemas["Image"];
export type ImagePage = Schemas["ImagePage"];
export type UploadReport = Schemas["UploadReport"];
export type UploadResult = Schemas["UploadResult"];
export type UploadReason = Schemas["UploadReason"];
export type Entry = Schemas["Entry"];
export type EntryList = Schemas["EntryList"];
export type EntryInput = Schemas["EntryInput"];
export type ActivityEvent = Schemas["ActivityEvent"];
export type ActivityActor = Schemas["ActivityActor"];
export type ActivityPage = Schemas["ActivityPage"];
export type SettingList = Schemas["SettingList"];
export type Setting = Schemas["Setting"];
export type SettingsPatch = Schemas["SettingsPatch"];
export type Notice = Schemas["Notice"];
export type NoticeList = Schemas["NoticeList"];

export type ConsentLevel = PracticeInfo["consentLevel"];
export type ConsentStatus = PatientSummary["consentStatus"];
