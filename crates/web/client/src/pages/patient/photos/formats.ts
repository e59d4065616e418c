/** What the file chooser offers: without HEIC, so that iPhones and Macs convert to JPEG (I1). */
export const ACCEPT = "image/jpeg,image/png,image/webp,image/tiff,image/gif";
