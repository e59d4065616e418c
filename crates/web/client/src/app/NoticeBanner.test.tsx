import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { NoticeList } from "../api/types";
import { http, take } from "../api/client";
import { refusal, serve } from "../testing/server";
import { show } from "../testing/show";
import { NoticeBanner } from "./NoticeBanner";

const NOTICES = "GET /api/v1/practice/notices";
const notice = (message: string) => ({ code: "disk_full", severity: "urgent", since: "2026-11-27T04:00:00Z", message, remedy: "Make room." }) as unknown as NoticeList["notices"][number];

describe("the strip of notices", () => {
  it("is asked for again as soon as something was refused for want of room", async () => {
    const server = serve({ [NOTICES]: { body: { notices: [notice("The disk is nearly full.")] } }, "POST /api/v1/patients": refusal(507, "storage_full") });
    show(<NoticeBanner />);
    await screen.findByText("The disk is nearly full.");
    server.answer(NOTICES, { body: { notices: [notice("The disk is full.")] } });
    await expect(take(http.POST("/api/v1/patients", { body: { uniqueId: "p-1" } }))).rejects.toMatchObject({ status: 507 });
    await waitFor(() => expect(server.to(NOTICES)).toHaveLength(2));
    await screen.findByText("The disk is full.");
  });
});
