/** Why a file that is not a photo this server reads cannot be added: the server's own words (crates/media/src/refusal.rs). */
const EXPORT = "Save or export it as JPEG, PNG, WebP, TIFF or GIF.";

export const kinds = {
  heic: {
    message: "HEIC photos (the iPhone's own format) cannot be read yet.",
    advice:
      "On the iPhone or iPad open Settings > Camera > Formats and choose Most Compatible; new photos are then JPEG. For this one: choose it through the Photos picker (Photo Library) instead of Files, which converts it, or export it as JPEG.",
  },
  avif: { message: "AVIF photos cannot be read yet.", advice: EXPORT },
  modernjpeg: { message: "JPEG XL and JPEG 2000 photos cannot be read.", advice: EXPORT },
  dicom: { message: "DICOM files cannot be read yet.", advice: "Export the photo from the viewer as JPEG or PNG." },
  raw: {
    message: "This is a camera RAW file, which cannot be read.",
    advice: "Develop it to JPEG or TIFF first, or set the camera to record RAW and JPEG together.",
  },
  pdf: { message: "This is a PDF document, not a photo.", advice: "Export the page, or take a photo of it, as JPEG or PNG." },
  svg: { message: "This is an SVG drawing, not a photo.", advice: EXPORT },
  bmp: { message: "Windows bitmaps (BMP) cannot be read.", advice: EXPORT },
  photoshop: { message: "This is a Photoshop document, not a photo.", advice: EXPORT },
  video: { message: "This is a video, not a photo.", advice: "Save a still frame as JPEG." },
  archive: { message: "This is an archive (ZIP or similar), not a photo.", advice: "Unpack it and choose the photos inside." },
  html: { message: "This is a web page, not a photo.", advice: EXPORT },
  unknown: { message: "This is not a photo that Cutis can read.", advice: "If it is one, save or export it as JPEG, PNG, WebP, TIFF or GIF." },
} as const;
