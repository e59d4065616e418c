export const live = {
  absent: "This visit is not there any more, or your account cannot see it. Copy what you typed if you still need it.",
  blocked: "The server answers, but live connections to it are blocked on this network. What you type is kept on this device until they work.",
  outdated: "Cutis was updated. Reload the page to continue. What you typed is kept on this device.",
  tooLong: "The notes are too long to be saved. Shorten them, or continue in another visit.",
  signed: "This visit is signed. Add an addendum instead of changing it.",
  late: "This visit was signed before your text arrived.",
  drifted: "The notes on this page and on the server do not match, so nothing is saved. Copy what you typed and reload the page.",
} as const;
