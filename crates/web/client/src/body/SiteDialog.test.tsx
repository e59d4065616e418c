import { screen, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { show } from "../testing/show";
import type { Chosen } from "./place";
import { SiteDialog } from "./SiteDialog";

const FOREARM = "24527008";
const open = (before: Chosen = null) => {
  const onSave = vi.fn();
  return { ...show(<SiteDialog amount={1} before={before} onClose={() => undefined} onSave={onSave} />), onSave };
};
const save = () => screen.getByRole("button", { name: "Save" });
const sides = () => within(screen.getByRole("group", { name: "Choose the side" })).getAllByRole<HTMLInputElement>("radio");

describe("I3: the side of a body site", () => {
  it("is asked for before a site that was found by typing is saved", async () => {
    const { user, onSave } = open();
    await user.type(screen.getByRole("combobox"), "antecubital{Enter}");
    expect(sides().some((it) => it.checked)).toBe(false);
    await user.click(save());
    expect(onSave).not.toHaveBeenCalled();
    expect(sides()).toContain(document.activeElement);
    await user.click(screen.getByRole("radio", { name: "Patient’s left" }));
    await user.click(save());
    expect(onSave).toHaveBeenCalledWith(expect.objectContaining({ laterality: "left" }));
  });

  it("may be left open, when that is said", async () => {
    const { user, onSave } = open();
    await user.type(screen.getByRole("combobox"), "antecubital{Enter}");
    await user.click(screen.getByRole("radio", { name: "Not stated" }));
    await user.click(save());
    expect(onSave).toHaveBeenCalledWith(expect.objectContaining({ laterality: null }));
  });

  it("is not asked for where there is none, where it was typed too, or where it was left open before", async () => {
    const { user, onSave, unmount } = open();
    await user.type(screen.getByRole("combobox"), "navel{Enter}");
    await user.click(save());
    await user.clear(screen.getByRole("combobox"));
    await user.type(screen.getByRole("combobox"), "left antecubital{Enter}");
    await user.click(save());
    expect(onSave.mock.calls.map(([site]) => site.laterality)).toEqual([null, "left"]);
    unmount();
    const again = open({ code: FOREARM, laterality: null });
    expect(screen.getByRole<HTMLInputElement>("radio", { name: "Not stated" }).checked).toBe(true);
    await again.user.click(save());
    expect(again.onSave).toHaveBeenCalledOnce();
  });
});
