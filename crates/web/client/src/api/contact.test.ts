import { expect, it } from "vitest";
import { lifetime, remaining } from "./contact";

const session = (minutes: number, expiresAt: number) => ({ idleMinutes: minutes, absoluteHours: 12, openSessions: 1, handedOver: false, passwordEntered: false, sealKey: null, queueKey: null, mark: "", expiresAt: new Date(expiresAt).toISOString() });
const MIN = 60_000;
const T0 = 1_800_000_000_000;

it("A7: idleness counts from the last contact, whatever this device's clock says", () => {
  // The device is an hour behind the server.
  const life = lifetime(session(15, T0 + 15 * MIN), T0, T0 - 60 * MIN);
  expect(life.absoluteEnd).toBe(Number.POSITIVE_INFINITY);
  expect(remaining(life, T0 - 60 * MIN, T0 - 60 * MIN)).toBe(15 * MIN);
  expect(remaining(life, T0 - 50 * MIN, T0 - 46 * MIN)).toBe(11 * MIN);
});

it("A7: no activity moves the absolute end", () => {
  const life = lifetime(session(15, T0 + 4 * MIN), T0, T0);
  expect(remaining(life, T0, T0)).toBe(4 * MIN);
  expect(remaining(life, T0 + 3 * MIN, T0 + 3 * MIN)).toBe(MIN);
});

it("A7: a server that names the absolute end as expiry is understood too", () => {
  const life = lifetime(session(15, T0 + 12 * 60 * MIN), T0, T0);
  expect(remaining(life, T0, T0)).toBe(15 * MIN);
  expect(remaining(life, T0 + 11.9 * 60 * MIN, T0 + 11.9 * 60 * MIN)).toBeCloseTo(6 * MIN, -1);
});
