import { expect, it } from "vitest";
import type { Setting } from "../../api/types";
import { changesOf, checkSetting, groupOf } from "./settingRules";

const idle = { key: "session.idle_minutes", value: "15", label: "", kind: "integer", min: 5, max: 60 } as Setting;
const name = { key: "practice.name", value: "Praxis", label: "", kind: "text" } as Setting;

it("A7: an idle time outside 5–60 is told before it is sent", () => {
  expect(["5", "60", " 15 "].map((value) => checkSetting(idle, value))).toEqual([null, null, null]);
  for (const value of ["4", "61", "", "1.5", "1e1", "-5", "abc"]) expect(checkSetting(idle, value), value).not.toBeNull();
  expect(checkSetting(name, "  ")).not.toBeNull();
});

it("O2: only real changes are sent, so that the trail holds no empty ones", () => {
  expect(changesOf([idle, name], { "session.idle_minutes": "15", "practice.name": " Neu " })).toEqual({ "practice.name": "Neu" });
  expect(changesOf([idle], { "practice.name": "x" })).toEqual({});
});

it("sorts settings into their groups, and unknown ones somewhere", () => {
  expect(groupOf("upload.limit_mib")).toBe("upload");
  expect(groupOf("backup.schedule")).toBe("other");
});
