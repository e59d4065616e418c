import { count } from "./count";

export const common = {
  megapixels: (amount: string) => `${amount} megapixels`,
  product: "Cutis",
  loading: "Loading…",
  retry: "Try again",
  cancel: "Cancel",
  close: "Close",
  save: "Save",
  saving: "Saving…",
  edit: "Edit",
  select: "Select",
  back: "Back",
  next: "Next",
  loadMore: "Show more",
  optional: "optional",
  date: {
    parts: { day: "Day", month: "Month", year: "Year", hour: "Hour", minute: "Minute", half: "AM or PM" },
    missed: { day: "day", month: "month", year: "year", hour: "hour", minute: "minutes" },
    missing: (parts: string) => `Enter the ${parts} too.`,
    wrong: { month: "Enter a month from 1 to 12.", day: "Enter a day from 1 to 31.", year: "Enter the year with all four digits.", minute: "Enter minutes from 0 to 59." },
    unread: (example: string) => `Enter a date such as ${example}.`,
    refused: (example: string, text: string) => `Enter a date such as ${example}. “${text}” could not be read, so nothing was changed.`,
    halfMissing: "Choose AM or PM.",
    early: (year: number) => `Enter ${year} or a later year.`,
    days: (days: number, month: string) => `Enter a day from 1 to ${days} for ${month}.`,
    hourWhole: "Enter an hour from 0 to 23.",
    hourHalved: "Enter an hour from 1 to 12.",
  },
  none: "–",
  yes: "Yes",
  no: "No",
  justNow: "just now",
  skipToContent: "Skip to content",
  notifications: "Notifications",
  dismiss: "Dismiss",
  titled: (title: string) => `${title} · Cutis`,
  notFoundTitle: "Page not found",
  notFoundText: "The address is wrong, or your account cannot see what is here.",
  backToPatients: "Go to patients",
  crashTitle: "This page stopped working",
  crashText: "Everything that was saved is safe. Reload the page. If this keeps happening, tell your administrator.",
  reload: "Reload",
  missing: {
    dialogTitle: "Not loaded yet",
    title: "Reload to continue",
    text: "Cutis may have been updated since this page was opened. Everything that was saved is safe. Reload the page to continue.",
    awayTitle: "This could not be loaded",
    awayText: "The server can't be reached. This opens as soon as the server answers again.",
  },
  away: (since: string) => `Server not reachable since ${since}, retrying`,
} as const;

export const nav = {
  label: "Main",
  patients: "Patients",
  activity: "My activity",
  settings: "Settings",
  collapse: "Narrow the sidebar",
  expand: "Widen the sidebar",
  openPatient: "Open patient",
  userMenu: (name: string) => `Account: ${name}`,
  accountOf: "Account: ",
  account: "Signed-in devices",
  signOut: "Sign out",
  theme: "Appearance",
  themes: { light: "Light", dark: "Dark", system: "Use device setting" },
} as const;

export const discard = {
  title: "Discard changes?",
  text: "What you entered here has not been saved.",
  yes: "Discard changes",
  no: "Keep editing",
  editsTitle: "Sign out with unsaved changes?",
  editsText: (amount: number) =>
    `${count(amount, { one: "change", other: "changes" })} to visits ${amount === 1 ? "is" : "are"} not saved yet and will be deleted from this device. Stay signed in until everything is saved.`,
  editsYes: "Sign out and delete",
  editsNo: "Stay signed in",
} as const;

export const lock = {
  title: "Sign in again",
  kept: (name: string) => `Everything ${name} entered is kept on this page. If someone else signs in, it is discarded.`,
} as const;

export const problem = {
  unexpected: "Something went wrong on this page. Try again.",
  offline: "The server can't be reached. Check that this device is on the practice's network, then try again.",
  unreadable: (status: number) => `The server sent an answer that this page cannot read (${status}). Try again.`,
  unauthenticated: "You are signed out. Sign in again to continue.",
  notFound: "This does not exist, or your account cannot see it.",
  throttled: (seconds: number) =>
    seconds > 90
      ? `Too many attempts. Try again in ${count(Math.ceil(seconds / 60), { one: "minute", other: "minutes" })}.`
      : `Too many attempts. Try again in ${count(seconds, { one: "second", other: "seconds" })}.`,
  busy: "The server is busy. Try again in a moment.",
  storageFull: "The server's disk is full, so nothing was saved. Tell your administrator.",
  internal: (requestId: string) =>
    `The server could not do this. Tell your administrator${requestId ? ` and give the number ${requestId}` : ""}.`,
  fieldInvalid: "Enter a different value.",
  formHasErrors: "Some fields need attention.",
  couldNotLoad: "This could not be loaded",
} as const;
