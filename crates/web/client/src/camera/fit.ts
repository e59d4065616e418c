/** Whether a photo that the device took is the one that the preview promised (case 14 of cases/live), and how pixels are turned upright. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Quarter turns, clockwise. */
export type Quarters = 0 | 1 | 2 | 3;

export const quarters = (degrees: number): Quarters => (((Math.round(degrees / 90) % 4) + 4) % 4) as Quarters;

/** A size after so many quarter turns. */
export const turned = ({ width, height }: Size, by: Quarters): Size => (by % 2 === 0 ? { width, height } : { width: height, height: width });

/** From this much on, one side is longer than the other one. */
const SQUARE = 1.02;

type Shape = "wide" | "high" | "square";
const shapeOf = ({ width, height }: Size): Shape => (width > height * SQUARE ? "wide" : height > width * SQUARE ? "high" : "square");

/**
 * Why a photo of the device is not taken, null when it is: it has fewer pixels than the stream, or lies otherwise than the
 * preview as the person sees it, whose frames have to be turned by so much. One upside down could not be told, so it is not tried.
 */
export function unfit(photo: Size, stream: Size, turn: Quarters): "smaller" | "orientation" | null {
  if (photo.width * photo.height < stream.width * stream.height) return "smaller";
  if (turn === 2) return "orientation";
  return shapeOf(photo) === shapeOf(turned(stream, turn)) ? null : "orientation";
}

/** Not more than this much from a quarter turn, in degrees, is one; in between the device lies askew and nothing is turned. */
const CLEAR = 30;
/** Flatter than this, in degrees, a device has no upper edge. */
const FLAT = 25;

/** How a device is held, in degrees, as a DeviceOrientationEvent says it. */
export interface Tilt {
  readonly beta: number | null;
  readonly gamma: number | null;
}

/**
 * How the frames are to be turned, clockwise, so that up is up: 0 unless the device is held otherwise than the screen shows, which
 * is so only where its rotation is locked. `screen` is the angle of `screen.orientation`, in degrees. A camera that faces the
 * person turns the other way.
 */
export function turnOf(tilt: Tilt | null, screen: number, isFront: boolean): Quarters {
  const roll = rollOf(tilt);
  if (roll === null) return 0;
  const held = quarters(roll);
  const isClear = Math.abs(((roll - held * 90 + 540) % 360) - 180) <= CLEAR;
  if (!isClear) return 0;
  return quarters(isFront ? held * 90 - screen : screen - held * 90);
}

/**
 * By how many degrees the device is turned in the plane of its screen, counter-clockwise as the angle of `screen.orientation`
 * counts; null where it lies flat or nothing is known.
 */
export function rollOf(tilt: Tilt | null): number | null {
  if (!tilt || tilt.beta === null || tilt.gamma === null) return null;
  const beta = (tilt.beta * Math.PI) / 180;
  const gamma = (tilt.gamma * Math.PI) / 180;
  // Where down is, along the screen: x to the right edge, y to the upper one.
  const x = Math.cos(beta) * Math.sin(gamma);
  const y = -Math.sin(beta);
  if (Math.hypot(x, y) < Math.sin((FLAT * Math.PI) / 180)) return null;
  const degrees = (Math.atan2(-x, -y) * 180) / Math.PI;
  return (degrees + 360) % 360;
}

/** How far from level the device is, in degrees from -45 to 45, clockwise; null where that means nothing. */
export function slantOf(tilt: Tilt | null): number | null {
  const roll = rollOf(tilt);
  if (roll === null) return null;
  const slant = quarters(roll) * 90 - roll;
  return slant < -180 ? slant + 360 : slant;
}
