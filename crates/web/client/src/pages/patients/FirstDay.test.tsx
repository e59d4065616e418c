import { screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { reloadFirstDay, showFirstDay } from "../../app/firstDay";
import { ME } from "../../testing/fixtures";
import { show } from "../../testing/show";
import { FirstDay } from "./FirstDay";

const list = () => screen.queryByRole("region", { name: "First steps" });
const forget = () => {
  localStorage.clear();
  reloadFirstDay();
};
beforeEach(forget);
afterEach(forget);

it("F13: is only on the device of the set-up, and only for administrators", async () => {
  const never = show(<FirstDay />);
  expect(list()).toBeNull();
  never.unmount();
  showFirstDay();
  const clinician = show(<FirstDay />, { me: { ...ME, roles: ["clinician"] } });
  expect(list()).toBeNull();
  clinician.unmount();
  show(<FirstDay />);
  await screen.findByRole("region", { name: "First steps" });
});

it("F13: is one line once there is a patient, and opens on request", async () => {
  showFirstDay();
  const { user } = show(<FirstDay isFolded />);
  await screen.findByText("0 of 4 done");
  expect(screen.queryAllByRole("checkbox")).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Show the steps" }));
  expect(screen.getAllByRole("checkbox")).toHaveLength(4);
  await user.click(screen.getByRole("button", { name: "Fold" }));
  expect(screen.queryAllByRole("checkbox")).toEqual([]);
});

it("F13: keeps what is ticked, and stays away once it was put away, also after a reload", async () => {
  showFirstDay();
  const { user, unmount } = show(<FirstDay />);
  expect(await screen.findAllByRole("checkbox")).toHaveLength(4);
  expect(screen.getByRole("status").textContent).toBe("0 of 4 done");
  await user.click(screen.getByRole("checkbox", { name: "Print the recovery key" }));
  expect(screen.getByRole("status").textContent).toBe("1 of 4 done");
  unmount();
  reloadFirstDay();
  show(<FirstDay />);
  expect(screen.getByRole<HTMLInputElement>("checkbox", { name: "Print the recovery key" }).checked).toBe(true);
  await user.click(screen.getByRole("button", { name: "Hide first steps" }));
  expect(list()).toBeNull();
  reloadFirstDay();
  expect(list()).toBeNull();
  // The name of a step and nothing about a person.
  expect(localStorage.getItem("cutis.first-day")).toBe("first away key");
});
