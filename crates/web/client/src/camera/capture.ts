/**
 * One photo (I6): as the device takes it, if it is the one that the preview promised; else the frame that the preview shows. No
 * file of the device is involved, so nothing comes into its own album.
 */
import { quarters, type Quarters, type Size, turned, unfit } from "./fit";

/** The device may take so long for a photo. */
export const PATIENCE_MS = 3000;
const QUALITY = 0.95;

export interface Shot {
  readonly blob: Blob;
  /** By the camera of the device, or a frame of its stream. */
  readonly how: "photo" | "frame";
}

/** What taking a photo needs of the browser; tests bring their own. */
export interface Lens {
  /** The size of the stream's frames; null while there are none. */
  readonly stream: () => Size | null;
  /** Asks the device for a photo of its largest size; absent where it takes none. */
  readonly takePhoto?: () => Promise<Blob>;
  /** The size of a photo as it is shown; rejects where it does not decode. */
  readonly sizeOf: (photo: Blob) => Promise<Size>;
  /** The frame that is shown, turned clockwise. */
  readonly frame: (turn: Quarters) => Promise<Blob>;
  readonly wait: (ms: number) => Promise<void>;
}

/** Takes photos of one stream. */
export class Shutter {
  /** A device that once took none, or another than was seen, or took too long, is not asked again. */
  private isPhotoSound = true;
  private isTaking = false;

  constructor(private readonly lens: Lens) {}

  async take(turn: Quarters): Promise<Shot> {
    const { lens } = this;
    const stream = lens.stream();
    if (!stream) throw new Error("no frames");
    // One call at a time: whoever presses again meanwhile has the frame of that moment.
    if (lens.takePhoto && this.isPhotoSound && !this.isTaking && turn !== 2) {
      const blob = await this.photo(lens.takePhoto, stream, turn);
      if (blob) return { blob, how: "photo" };
    }
    return { blob: await lens.frame(turn), how: "frame" };
  }

  private async photo(takePhoto: () => Promise<Blob>, stream: Size, turn: Quarters): Promise<Blob | null> {
    this.isTaking = true;
    const taking = takePhoto().finally(() => {
      this.isTaking = false;
    });
    // After the time is up its end means nothing any more.
    taking.catch(() => undefined);
    try {
      const blob = await Promise.race([taking, this.lens.wait(PATIENCE_MS).then(() => null)]);
      if (blob && unfit(await this.lens.sizeOf(blob), stream, turn) === null) return blob;
    } catch {
      // Taken as a frame.
    }
    this.isPhotoSound = false;
    return null;
  }
}

async function largest(capture: ImageCapture): Promise<PhotoSettings> {
  // Without a size WebKit takes the smallest one.
  const { imageWidth, imageHeight } = await capture.getPhotoCapabilities();
  const width = imageWidth?.max;
  const height = imageHeight?.max;
  return width && height ? { imageWidth: width, imageHeight: height } : {};
}

async function sizeOf(photo: Blob): Promise<Size> {
  const bitmap = await createImageBitmap(photo);
  const { width, height } = bitmap;
  bitmap.close();
  return { width, height };
}

/** Draws what a video shows, in sRGB, upright. */
async function frameOf(video: HTMLVideoElement, turn: Quarters): Promise<Blob> {
  const from = { width: video.videoWidth, height: video.videoHeight };
  const { width, height } = turned(from, turn);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d", { colorSpace: "srgb", alpha: false });
  if (!pen) throw new Error("no canvas");
  pen.translate(width / 2, height / 2);
  pen.rotate((turn * Math.PI) / 2);
  pen.drawImage(video, -from.width / 2, -from.height / 2);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  // Its memory is given back at once, which Safari otherwise does late.
  canvas.width = 0;
  if (!blob) throw new Error("no frame");
  return blob;
}

export function lensOf(video: HTMLVideoElement, track: MediaStreamTrack): Lens {
  const capture = typeof ImageCapture === "undefined" ? null : new ImageCapture(track);
  return {
    stream: () => (video.videoWidth > 0 ? { width: video.videoWidth, height: video.videoHeight } : null),
    ...(capture && typeof capture.takePhoto === "function" ? { takePhoto: async () => capture.takePhoto(await largest(capture)) } : {}),
    sizeOf,
    frame: (turn) => frameOf(video, turn),
    wait: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
  };
}

/** The angle of the screen, in degrees. */
export const screenAngle = (): number => quarters(screen.orientation?.angle ?? 0) * 90;
