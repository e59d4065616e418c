/** What lists and records say of a consent. */
export const consent = {
  status: { none: "No consent", given: "Consent given", revoked: "Consent revoked", expired: "Consent expired" },
  statusShort: { none: "None", given: "Given", revoked: "Revoked", expired: "Expired" },
  bannerRequired: "Photos can be added only after a consent is recorded.",
  bannerAdvisory: "No consent is on record for this patient. Photos can be added, but record a consent if you can.",
  record: "Record consent",
  until: (day: string) => `until ${day}`,
} as const;
