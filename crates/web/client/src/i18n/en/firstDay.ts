export const addDevice = {
  title: "Add a device",
  lead: "Set up each iPad, phone or computer once. After that, its browser trusts this server.",
  open: "Show address and code",
  steps: {
    open: { name: "Open this address on the new device", text: "Scan the code with its camera, or type the address into its browser." },
    compare: { name: "Compare the fingerprint", text: "The page shows a fingerprint. It must be the same as this one. If it differs, stop and ask the person who runs the server." },
    trust: { name: "Install and trust the certificate", text: "Follow the steps that the page shows for the device. Then choose Open Cutis there and sign in." },
  },
  code: (address: string) => `QR code for ${address}`,
  address: "Address",
  fingerprint: "Fingerprint (SHA-256)",
  copy: "Copy address",
  copied: "The address was copied.",
  notCopied: "The address could not be copied. Select it and copy it yourself.",
  onlyHere: "This address works on this computer only. First open Cutis here under an address that other devices can reach: the server shows them where it was started.",
} as const;

export const firstDay = {
  title: "First steps",
  lead: "Four things to do once, ideally today. Tick what is done; this list is kept on this device only.",
  unfold: "Show the steps",
  fold: "Fold",
  hide: "Hide first steps",
  show: "Show first steps",
  again: "The list of things to do after the set-up.",
  done: (done: number, all: number) => `${done} of ${all} done`,
  how: "How to do this",
  steps: {
    key: {
      name: "Print the recovery key",
      text: "Without this key, photos cannot be read after the computer's key file is lost. On the computer with Cutis, run this command, print what it shows, and lock the paper away, not next to the computer. FOLDER is the data folder with which Cutis was started.",
      command: "cutis key show --data FOLDER",
    },
    device: {
      name: "Trust this device",
      text: "Compare the fingerprint and install the certificate, here and on each further device. Then browsers no longer warn.",
    },
    colleagues: {
      name: "Add colleagues",
      text: "Give each person an account, so that the record shows who did what. On the computer with Cutis, run this command for each of them; it asks for a first password. Replace the words in capitals.",
      command: "cutis user add --data FOLDER --first-name FIRST --last-name LAST --clinician USERNAME",
    },
    backups: {
      name: "Arrange backups",
      text: "Cutis cannot make backups yet. Until it can, stop Cutis once a day, copy the whole data folder to another disk, and start Cutis again. The copy contains the key to all photos: encrypt that disk and lock it away.",
    },
  },
} as const;
