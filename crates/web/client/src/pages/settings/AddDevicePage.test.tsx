import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { refusal, serve } from "../../testing/server";
import { show } from "../../testing/show";
import { AddDevicePage, isOnlyHere, partsOf } from "./AddDevicePage";

const FACTS = "GET /certificate/facts.json";
const fingerprint = Array.from({ length: 32 }, (_, at) => at.toString(16).toUpperCase().padStart(2, "0")).join(":");
const page = "http://cutis.local:15015/certificate";

describe("W2, F13: adding a device", () => {
  it("shows the address, its code and the whole fingerprint, without asking who is signed in", async () => {
    const server = serve({ [FACTS]: { body: { page, fingerprint } } });
    show(<AddDevicePage />);
    expect((await screen.findByRole("link", { name: page })).getAttribute("href")).toBe(page);
    expect(screen.getByRole("img", { name: `QR code for ${page}` }).getAttribute("src")).toBe("/certificate/qr.svg");
    expect(screen.getByTestId("fingerprint").textContent).toBe(fingerprint);
    expect(screen.getAllByRole("heading", { level: 2 })).toHaveLength(3);
    expect(screen.queryByText(/works on this computer only/)).toBeNull();
    expect(server.asked.map((it) => it.path)).toEqual(["/certificate/facts.json"]);
  });

  it("says when the address leads nowhere from another device", async () => {
    serve({ [FACTS]: { body: { page: "http://localhost:15015/certificate", fingerprint } } });
    show(<AddDevicePage />);
    await screen.findByText(/works on this computer only/);
  });

  it("says that it could not be loaded", async () => {
    const server = serve({ [FACTS]: refusal(503, "busy") });
    const { user } = show(<AddDevicePage />);
    await screen.findByRole("heading", { name: "This could not be loaded" });
    server.answer(FACTS, { body: { page, fingerprint } });
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByTestId("fingerprint");
  });

  it("breaks the fingerprint into four rows and knows the addresses of this computer", () => {
    expect(partsOf(fingerprint, 8).map((row) => row.split(":").filter(Boolean).length)).toEqual([8, 8, 8, 8]);
    const hosts = ["localhost", "127.0.0.1", "127.3.2.1", "[::1]", "cutis.local", "192.168.1.20", "[fd00::1]"];
    expect(hosts.map((host) => isOnlyHere(`http://${host}:15015/certificate`))).toEqual([true, true, true, true, false, false, false]);
  });
});
