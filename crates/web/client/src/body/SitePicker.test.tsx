import { screen, within } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { show } from "../testing/show";
import { ChosenSite } from "./ChosenSite";
import type { Placed } from "./place";
import { SitePicker } from "./SitePicker";

function Tried({ before, onValue }: { before: Placed | null; onValue: (value: Placed | null) => void }) {
  const [value, setValue] = useState(before);
  const take = (next: Placed | null) => {
    onValue(next);
    setValue(next);
  };
  return (
    <>
      <SitePicker value={value} onChange={take} />
      <ChosenSite value={value} sides={null} question={null} onChange={take} />
    </>
  );
}
let last: Placed | null = null;
const draw = (before: Placed | null = null) =>
  show(
    <Tried
      before={before}
      onValue={(value) => {
        last = value;
      }}
    />,
  );
const chosen = () => screen.getAllByRole("status").map((it) => it.textContent).join(" ");
const region = (name: string) => screen.getByRole("button", { name });

describe("I3: the body map", () => {
  it("takes what is tapped, with the patient's own side, and shows it on the map and in words", async () => {
    const { user } = draw();
    await user.click(region("Breast, Patient’s left"));
    expect(last).toEqual({ code: "82038008", laterality: "left" });
    expect(chosen()).toContain("Breast, left");
    expect(region("Breast, Patient’s left").getAttribute("aria-pressed")).toBe("true");
    expect(region("Breast, Patient’s right").getAttribute("aria-pressed")).toBe("false");
    await user.click(screen.getByRole("radio", { name: "Both sides" }));
    expect(last?.laterality).toBe("bilateral");
    await user.click(screen.getByRole("button", { name: "Nipple" }));
    expect(last).toEqual({ code: "54468004", laterality: "bilateral" });
    await user.click(screen.getByRole("button", { name: "Trunk, front" }));
    expect(last?.code).toBe("181491009");
    await user.click(region("Navel"));
    expect(last).toEqual({ code: "315003", laterality: null });
    expect(screen.queryByRole("group", { name: "Side" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Remove body site" }));
    expect(last).toBeNull();
  });

  it("shows the head, the hands and the feet larger", async () => {
    const { user } = draw();
    await user.click(region("Show the hands, Patient’s left"));
    await user.click(within(screen.getByRole("group", { name: "Palms, right" })).getByRole("button", { name: "Palm, Patient’s right" }));
    expect(last).toEqual({ code: "70887009", laterality: "right" });
    await user.click(screen.getByRole("radio", { name: "Back" }));
    expect(screen.getByRole("group", { name: "Body from behind" })).toBeDefined();
  });

  it("shows one drawing at a time; another is one press away, and what is found in words leads to its own", async () => {
    const { user } = draw();
    const figures = () => screen.getAllByRole("figure").map((it) => it.getAttribute("aria-label"));
    await user.click(screen.getByRole("radio", { name: "Head" }));
    expect(figures()).toEqual(["Head from the front"]);
    await user.click(screen.getByRole("radio", { name: "From the side" }));
    expect(figures()).toEqual(["Head from the side"]);
    await user.click(region("Temple, Patient’s left"));
    expect(last).toEqual({ code: "16621002", laterality: "left" });
    expect(figures()).toEqual(["Head from the side"]);
    await user.type(screen.getByRole("combobox", { name: "Find a body site" }), "nape{Enter}");
    expect(figures()).toEqual(["Head from behind"]);
    expect(screen.getByRole("radio", { name: "From behind" })).toSatisfy((it: Element) => it.getAttribute("aria-checked") === "true");
  });

  it("is reached by one step of Tab; Enter takes a region", async () => {
    const { user } = draw({ code: "315003", laterality: null });
    const inOrder = [...document.querySelectorAll("[data-region]")].filter((it) => it.getAttribute("tabindex") === "0");
    expect(inOrder.map((it) => it.getAttribute("aria-label"))).toEqual(["Navel"]);
    region("Breastbone").focus();
    await user.keyboard("{Enter}");
    expect(last?.code).toBe("244107007");
  });

  it("is found by typing, with its side, and the map turns to it", async () => {
    const { user } = draw();
    await user.type(screen.getByRole("combobox", { name: "Find a body site" }), "left sole{Enter}");
    expect(last).toEqual({ code: "57999000", laterality: "left" });
    expect(screen.getByRole("group", { name: "Soles, left" })).toBeDefined();
    expect(screen.getByRole("combobox", { name: "Find a body site" })).toBe(document.activeElement);
  });

  it("Enter takes the row that is marked: by the arrows, or because nothing else is called so", async () => {
    const { user } = draw({ code: "315003", laterality: null });
    last = null;
    const field = screen.getByRole("combobox", { name: "Find a body site" });
    const marked = () => document.getElementById(field.getAttribute("aria-activedescendant") ?? "")?.firstChild?.textContent;
    await user.click(field);
    expect(marked()).toBeUndefined();
    await user.keyboard("{Enter}");
    await user.type(field, "forearm{Enter}");
    expect([last, marked()]).toEqual([null, undefined]);
    await user.keyboard("{ArrowDown}");
    expect(marked()).toBe("Forearm, front");
    await user.keyboard("{Enter}");
    expect(last).toEqual({ code: "70559009", laterality: null });
    await user.clear(field);
    await user.type(field, "sole");
    expect(marked()).toBe("Sole");
  });

  it("says no side of another site that is found by typing; the same site, and what is larger or smaller, keeps it", async () => {
    const { user } = draw({ code: "66643007", laterality: "left" });
    expect(screen.getByRole("group", { name: "Body from behind" })).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Lower back" }));
    expect(last?.laterality).toBe("left");
    await user.type(screen.getByRole("combobox", { name: "Find a body site" }), "nape{Enter}");
    expect(last).toEqual({ code: "4658004", laterality: null });
    expect(screen.getByRole("radio", { name: "Not stated" })).toHaveProperty("checked", true);
    expect(screen.getAllByRole("group").flatMap((it) => it.getAttribute("aria-label") ?? []).find((it) => /^Head|^Face/.test(it))).toBe("Head from behind");
    await user.click(screen.getByRole("radio", { name: "Patient’s left" }));
    await user.click(screen.getByRole("combobox", { name: "Find a body site" }));
    await user.keyboard("{Enter}");
    expect(last).toEqual({ code: "4658004", laterality: "left" });
  });

  it("opens at its top: nothing around the list is scrolled", () => {
    const scrolled = vi.spyOn(Element.prototype, "scrollIntoView");
    draw({ code: "66643007", laterality: "left" });
    expect(scrolled).not.toHaveBeenCalled();
    scrolled.mockRestore();
  });

  it("offers what a view shows as a whole, before anything is chosen and after", async () => {
    const { user } = draw();
    await user.click(screen.getByRole("radio", { name: "Back" }));
    await user.click(screen.getByRole("button", { name: "Back" }));
    expect(last).toEqual({ code: "66643007", laterality: null });
    expect(screen.queryByRole("button", { name: "Back" })).toBeNull();
    await user.click(screen.getByRole("radio", { name: "Patient’s left" }));
    await user.click(screen.getByRole("radio", { name: "Feet" }));
    await user.click(screen.getByRole("button", { name: "Foot" }));
    expect(last?.code).toBe("60496002");
  });
});
