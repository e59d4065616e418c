import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Setting } from "../../api/types";
import { ME } from "../../testing/fixtures";
import { later, refusal, serve } from "../../testing/server";
import { noteOf, show } from "../../testing/show";
import { useIsBarBelow } from "../../upload/makeRoom";
import { SettingsPage } from "./SettingsPage";

/** Whether the list of uploads leaves the end of the page free. */
const Below = () => <output aria-label="bar below">{String(useIsBarBelow())}</output>;

const SETTINGS = "GET /api/v1/settings";
const PATCH = "PATCH /api/v1/settings";
const NOTICES = "GET /api/v1/practice/notices";
const idle = { key: "session.idle_minutes", kind: "integer", value: "15", label: "", min: 5, max: 60 } as Setting;
const IDLE = /^Sign out after inactivity/;

async function open(routes: Parameters<typeof serve>[0] = {}) {
  const server = serve({
    [SETTINGS]: { body: { settings: [idle] } },
    [NOTICES]: { body: { notices: [] } },
    "GET /api/v1/patient-fields": { body: { fields: [] } },
    "GET /api/v1/session": { body: ME },
    ...routes,
  });
  const shown = show(
    <>
      <SettingsPage />
      <Below />
    </>,
  );
  await screen.findByLabelText(IDLE);
  return { server, ...shown };
}
const change = async (user: ReturnType<typeof show>["user"], value: string) => {
  await user.clear(screen.getByLabelText(IDLE));
  await user.type(screen.getByLabelText(IDLE), value);
};

describe("the settings", () => {
  it("are for administrators, and nobody else asks for them", () => {
    const server = serve({});
    show(<SettingsPage />, { me: { ...ME, roles: ["clinician"] } });
    expect(screen.getByRole("heading", { name: "Administrators only" })).toBeDefined();
    expect(server.asked).toEqual([]);
  });

  it("A7: do not save what is out of range, and say the range", async () => {
    const { user } = await open();
    await change(user, "4");
    expect(noteOf(IDLE)).toBe("Enter a whole number from 5 to 60.");
    expect((screen.getByRole("button", { name: "Save changes" }) as HTMLButtonElement).disabled).toBe(true);
    await user.click(screen.getByRole("button", { name: "Discard changes" }));
    expect((screen.getByLabelText(IDLE) as HTMLInputElement).value).toBe("15");
    expect(screen.queryByRole("button", { name: "Save changes" })).toBeNull();
  });

  it("F12: keep the end of the page free of the list of uploads while there is something to save", async () => {
    const { user } = await open();
    const isFree = () => screen.getByLabelText("bar below").textContent;
    expect(isFree()).toBe("false");
    await change(user, "20");
    expect(isFree()).toBe("true");
    await user.click(screen.getByRole("button", { name: "Discard changes" }));
    expect(isFree()).toBe("false");
  });

  it("send only what differs, once, and ask again who is signed in: the practice is part of it", async () => {
    const answer = later({ body: { settings: [{ ...idle, value: "20" }] } });
    const { user, server } = await open({ [PATCH]: answer.handler });
    await change(user, "20");
    await user.click(screen.getByRole("button", { name: "Save changes" }));
    await user.click(screen.getByRole("button", { name: "Saving…" }));
    answer.release();
    await screen.findByText("The settings were saved.");
    expect(server.to(PATCH).map((it) => it.body)).toEqual([{ values: { "session.idle_minutes": "20" } }]);
    await waitFor(() => expect(server.to("GET /api/v1/session")).toHaveLength(1));
    expect((screen.getByLabelText(IDLE) as HTMLInputElement).value).toBe("20");
  });

  it("show a refusal at its field and keep what was typed", async () => {
    const { user } = await open({ [PATCH]: refusal(422, "invalid", { "session.idle_minutes": "Enter a whole number from 10 to 60." }) });
    await change(user, "7");
    await user.click(screen.getByRole("button", { name: "Save changes" }));
    await waitFor(() => expect(noteOf(IDLE)).toBe("Enter a whole number from 10 to 60."));
    expect((screen.getByLabelText(IDLE) as HTMLInputElement).value).toBe("7");
  });
});

describe("the list of notices", () => {
  it("says that there is none, that it could not be loaded, and what to do about each", async () => {
    const { user } = await open({ [NOTICES]: refusal(500, "internal") });
    const again = await screen.findByRole("button", { name: "Try again" });
    const server = serve({ [NOTICES]: { body: { notices: [{ code: "disk_low", severity: "warning", message: "Little space is left.", remedy: "Free some.", since: "2026-11-22T09:30:00Z" }] } } });
    await user.click(again);
    await screen.findByText("Little space is left.");
    expect(screen.getByText("Free some.")).toBeDefined();
    expect(screen.getByText("Act soon")).toBeDefined();
    expect(server.asked).toHaveLength(1);
  });

  it("is calm when there is nothing", async () => {
    await open();
    await screen.findByText(/^No notices/);
  });
});
