import { count } from "../plural";

export const common = {
  product: "Cutis",
  loading: "Loading…",
  retry: "Try again",
  cancel: "Cancel",
  close: "Close",
  save: "Save",
  saving: "Saving…",
  saved: "Saved",
  edit: "Edit",
  back: "Back",
  next: "Next",
  loadMore: "Show more",
  optional: "optional",
  required: "required",
  none: "–",
  yes: "Yes",
  no: "No",
  justNow: "just now",
  skipToContent: "Skip to content",
  notifications: "Notifications",
  dismiss: "Dismiss",
  titled: (title: string) => `${title} · Cutis`,
  notFoundTitle: "There is nothing here",
  notFoundText: "The address is wrong, or what was here is not visible to your account.",
  backToPatients: "Go to patients",
  crashTitle: "This page stopped working",
  crashText: "Nothing that was already saved is lost. Load the page again; if this keeps happening, tell your administrator.",
  reload: "Load again",
  offline: "No connection to the server. What you see may be out of date; uploads wait and continue by themselves.",
} as const;

export const nav = {
  label: "Main",
  patients: "Patients",
  activity: "My activity",
  settings: "Settings",
  collapse: "Make the sidebar narrow",
  expand: "Make the sidebar wide",
  openPatient: "Open patient",
  userMenu: (name: string) => `Account: ${name}`,
  accountOf: "Account: ",
  account: "Devices signed in",
  signOut: "Sign out",
  theme: "Appearance",
  themeLight: "Light",
  themeDark: "Dark",
  themeSystem: "As the device",
} as const;

export const problem = {
  unexpected: "Something went wrong in this page. Try again.",
  offline: "The server can't be reached. Check that this device is on the practice's network, then try again.",
  unreadable: (status: number) => `The server gave an answer this page can't read (${status}). Try again.`,
  unauthenticated: "You are signed out. Sign in again to go on.",
  notFound: "This isn't here, or it isn't visible to your account.",
  throttled: (seconds: number) =>
    seconds > 90
      ? `Too many attempts. Try again in ${count(Math.ceil(seconds / 60), "minute", "minutes")}.`
      : `Too many attempts. Try again in ${count(seconds, "second", "seconds")}.`,
  busy: "The server is busy. Try again in a moment.",
  storageFull: "The server's disk is full. Nothing was saved. Tell your administrator.",
  internal: (requestId: string) =>
    `The server could not do this. Tell your administrator${requestId ? ` and mention ${requestId}` : ""}.`,
  fieldInvalid: "This can't be used.",
  formHasErrors: "Some fields need attention.",
  couldNotLoad: "This could not be loaded",
} as const;
