import { describe, expect, it, vi } from "vitest";
import { type Lens, PATIENCE_MS, Shutter } from "./capture";
import type { Size } from "./fit";

const STREAM = { width: 1920, height: 1080 };
const photo = new Blob(["photo"]);
const frame = new Blob(["frame"]);

function lens(over: Partial<Lens> = {}, size: Size = { width: 4032, height: 3024 }) {
  return {
    stream: () => STREAM,
    takePhoto: vi.fn(async () => photo),
    sizeOf: vi.fn(async () => size),
    frame: vi.fn(async () => frame),
    wait: () => new Promise<void>(() => undefined),
    ...over,
  };
}

describe("I6: a photo of the device, else a frame", () => {
  it("takes the device's where it is what was seen", async () => {
    const it = lens();
    expect(await new Shutter(it).take(0)).toEqual({ blob: photo, how: "photo" });
    expect(it.frame).not.toHaveBeenCalled();
  });

  it.each([
    ["it is smaller than the stream", lens({}, { width: 640, height: 480 })],
    ["it lies otherwise", lens({}, { width: 3024, height: 4032 })],
    ["it does not decode", lens({ sizeOf: () => Promise.reject(new Error("damaged")) })],
    ["the device takes none", lens({ takePhoto: vi.fn(() => Promise.reject(new Error("no"))) })],
    ["it takes longer than three seconds", lens({ takePhoto: vi.fn(() => new Promise<Blob>(() => undefined)), wait: async (ms) => void expect(ms).toBe(PATIENCE_MS) })],
  ])("takes a frame where %s, and does not ask again", async (_, it) => {
    const shutter = new Shutter(it);
    expect(await shutter.take(0)).toEqual({ blob: frame, how: "frame" });
    expect(await shutter.take(0)).toEqual({ blob: frame, how: "frame" });
    expect(it.takePhoto).toHaveBeenCalledTimes(1);
  });

  it("takes frames where the browser has no photos", async () => {
    const { takePhoto: _none, ...rest } = lens();
    expect((await new Shutter(rest).take(1)).how).toBe("frame");
    expect(rest.frame).toHaveBeenCalledWith(1);
  });

  it("asks once at a time: pressed again meanwhile, it takes the frame of that moment", async () => {
    let done: (blob: Blob) => void = () => undefined;
    const it = lens({ takePhoto: vi.fn(() => new Promise<Blob>((resolve) => (done = resolve))) });
    const shutter = new Shutter(it);
    const first = shutter.take(0);
    expect(await shutter.take(0)).toEqual({ blob: frame, how: "frame" });
    done(photo);
    expect(await first).toEqual({ blob: photo, how: "photo" });
    expect(it.takePhoto).toHaveBeenCalledTimes(1);
  });

  it("case 14: of a device upside down it takes the frame, turned", async () => {
    const it = lens();
    expect((await new Shutter(it).take(2)).how).toBe("frame");
    expect(it.frame).toHaveBeenCalledWith(2);
    expect(it.takePhoto).not.toHaveBeenCalled();
  });

  it("takes nothing without frames", async () => {
    await expect(new Shutter(lens({ stream: () => null })).take(0)).rejects.toThrow("no frames");
  });
});
