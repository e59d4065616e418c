/** What a patient reads while the device is in their hands, and how it returns. */
export const handOver = {
  title: "Consent",
  signer: (name: string, role: string) => `Signed by ${name}, ${role}`,
  sign: "I agree and sign",
  signing: "Recording…",
  decline: "I do not want to sign",
  thanks: "Thank you. Your consent is recorded.",
  declined: "Nothing was recorded.",
  failed: "Your consent could not be recorded.",
  giveBack: "Please give the device back",
  again: "Try again",
  staffOnly: (name: string) => `For ${name}: enter your password to return to the record.`,
  password: "Password",
  wrong: "Incorrect password",
  unlock: "Return to the record",
} as const;
