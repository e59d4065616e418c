import { act, screen, waitFor, within } from "@testing-library/react";
import { useEffect, useState } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Image } from "../api/types";
import { imageOf, listedVisit, PATIENT, visitPage } from "../testing/fixtures";
import { refusal, serve } from "../testing/server";
import { show } from "../testing/show";
import { DiscardQuestion } from "../ui/DiscardQuestion";
import { discardAll } from "../ui/unsaved";
import { ComparePage } from "./ComparePage";
import { photoOf } from "./group";
import { keepOpened } from "./opened";
import { PLAIN } from "./view";
import { fakeDraft } from "../testing/draft";

vi.mock("../live", async () => (await import("../testing/draft")).liveMock);

const images: readonly Image[] = [imageOf("i1"), { ...imageOf("i2"), capturedAt: "2026-11-27T10:00:00Z" }, { ...imageOf("i3"), capturedAt: "2026-11-25T10:00:00Z" }];
const ONE = "/api/v1/patients/*/comparisons/*";

/** A comparison as the server tells it. */
function comparison(version: number, more: object = {}) {
  const shown = images.slice(0, 2);
  const view = (image: Image) => {
    const { label, landmarks, ruler, annotations } = photoOf(image);
    return { imageId: image.id, width: image.width, height: image.height, capturedAt: image.capturedAt, uploadedAt: image.uploadedAt, edition: 0, turns: 0, label, view: PLAIN, landmarks, ruler, annotations, alignment: null, alignmentProblem: null, measurements: [], versions: {} };
  };
  return { id: "c1", entryId: "e1", title: "Forearm", note: null, mode: "side_by_side", layout: "auto", images: shown.map((it) => it.id), views: shown.map(view), version, versions: {}, signed: false, ...more };
}

const routes = () => ({
  "GET /api/v1/patients/*": { body: PATIENT },
  ...Object.fromEntries(images.map((image) => [`GET /api/v1/patients/p1/images/${image.id}`, { body: image }])),
  [`GET ${ONE}`]: { body: comparison(4) },
  "GET /api/v1/patients/*/entries": { body: { entries: [] } },
});

const fresh = (...ids: string[]) => freshIn(undefined, ...ids);
/** Begun from a visit. */
const freshIn = (entryId: string | undefined, ...ids: string[]) => {
  keepOpened("p1", { images: ids, ...(entryId === undefined ? {} : { entryId }) });
  const server = serve(routes());
  const page = (
    <>
      <ComparePage patientId="p1" comparisonId={null} />
      <DiscardQuestion />
    </>
  );
  return { server, ...show(page, { path: "/patients/p1/compare" }) };
};

afterEach(() => {
  discardAll();
  keepOpened("p1", null);
  vi.restoreAllMocks();
});

const dialog = () => screen.findByRole("dialog", { name: /Lindqvist/ });
const status = () => within(screen.getByRole("dialog", { name: /Lindqvist/ }));

describe("a comparison that is not saved", () => {
  it("says what to do where no photos were chosen", async () => {
    serve(routes());
    show(<ComparePage patientId="p1" comparisonId={null} />, { path: "/patients/p1/compare" });
    await screen.findByRole("heading", { name: "No photos to compare" });
    screen.getByRole("button", { name: "Go to the photos" });
  });

  it("shows the oldest photo first, each with its date; every way to compare is a button", async () => {
    const { user } = fresh("i2", "i1", "i3");
    await dialog();
    expect(screen.getAllByRole("img").map((it) => it.getAttribute("alt"))).toEqual(["Photo of Mara Lindqvist, 20 Nov 2026, 10:00", "Photo of Mara Lindqvist, 25 Nov 2026, 10:00", "Photo of Mara Lindqvist, 27 Nov 2026, 10:00"]);
    const ways = within(screen.getByRole("group", { name: "How to compare" }));
    expect(ways.getAllByRole("button").map((it) => it.textContent)).toEqual(["Side by side", "Grid", "Slider", "Overlay", "Blink", "Difference", "Timeline"]);
    await user.click(ways.getByRole("button", { name: "Timeline" }));
    expect(screen.getByRole("list", { name: "Times of the photos" }).textContent).toBe("5 days2 days");
    await user.click(ways.getByRole("button", { name: "Slider" }));
    screen.getByRole("slider", { name: "Position of the slider" });
  });

  it("offers to be saved in a new visit, and sends what was entered before", async () => {
    const { user, server } = fresh("i1", "i2");
    await dialog();
    await user.click(screen.getByRole("button", { name: "Photos" }));
    await user.type(screen.getAllByRole("textbox", { name: "Label" })[0] as HTMLElement, "Before");
    server.answer("POST /api/v1/patients/*/entries", { status: 201, body: { id: "e1" } });
    server.answer("POST /api/v1/patients/*/entries/*/comparisons", refusal(503, "busy"));
    server.answer(`PATCH ${ONE}/images/*`, { body: comparison(2) });
    await user.click(screen.getByRole("button", { name: "Save to a visit…" }));
    const save = within(await screen.findByRole("dialog", { name: "Save the comparison" }));
    await user.type(await save.findByRole("textbox", { name: /^Title of the visit/ }), "Follow-up");
    await user.click(save.getByRole("button", { name: "Save" }));
    await save.findByRole("alert");
    // The second attempt makes no second visit.
    server.answer("POST /api/v1/patients/*/entries/*/comparisons", { status: 201, body: comparison(1, { title: null }) });
    await user.click(save.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(server.to(`PATCH ${ONE}/images/*`).map((it) => it.body)).toEqual([{ version: 1, turns: 0, label: "Before" }]));
    expect(server.to("POST /api/v1/patients/*/entries")).toHaveLength(1);
    expect(server.to("POST /api/v1/patients/*/entries/*/comparisons")[1]).toMatchObject({ path: "/api/v1/patients/p1/entries/e1/comparisons", body: { title: null, note: null, mode: "side_by_side", layout: "auto", images: ["i1", "i2"] } });
  });
});

describe("a comparison on its way out, and at work", () => {
  const entered = async (entryId?: string) => {
    const { user, server, place } = freshIn(entryId, "i1", "i2");
    await dialog();
    await user.click(screen.getByRole("button", { name: "Photos" }));
    await user.type(screen.getAllByRole("textbox", { name: "Label" })[0] as HTMLElement, "Before");
    await user.click(screen.getByRole("button", { name: "Close" }));
    return { user, server, place, question: within(await screen.findByRole("alertdialog", { name: "Discard changes?" })) };
  };

  it("that was begun from a visit is saved there when it is left, and left once all of it is", async () => {
    const { user, server, place, question } = await entered("e1");
    server.answer("POST /api/v1/patients/*/entries/*/comparisons", { status: 201, body: comparison(1, { title: null }) });
    server.answer(`PATCH ${ONE}/images/*`, { body: { ...comparison(2), views: comparison(2).views.map((it, at) => (at === 0 ? { ...it, label: "Before" } : it)) } });
    await user.click(question.getByRole("button", { name: "Save to this visit" }));
    await waitFor(() => expect(place.history.at(-1)).toBe("/patients/p1"));
    expect(server.to("POST /api/v1/patients/*/entries/*/comparisons")).toHaveLength(1);
    expect(server.to(`PATCH ${ONE}/images/*`)).toHaveLength(1);
  });

  it("stays, with what was entered, when it could not be saved", async () => {
    const { user, server, place, question } = await entered("e1");
    server.answer("POST /api/v1/patients/*/entries/*/comparisons", refusal(503, "busy"));
    await user.click(question.getByRole("button", { name: "Save to this visit" }));
    await waitFor(() => expect(server.to("POST /api/v1/patients/*/entries/*/comparisons")).toHaveLength(1));
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    expect(place.history).toEqual(["/patients/p1/compare"]);
    expect(screen.getAllByRole<HTMLInputElement>("textbox", { name: "Label" })[0]?.value).toBe("Before");
  });

  it("offers the choice of a visit where it was begun from none", async () => {
    const { user, question } = await entered();
    await user.click(question.getByRole("button", { name: "Save to a visit…" }));
    await screen.findByRole("dialog", { name: "Save the comparison" });
  });

  it("is named with what tells two patients of one name apart", async () => {
    const { server } = fresh("i1", "i2");
    server.answer("GET /api/v1/patients/*", { body: { ...PATIENT, birthDate: "1984-03-02" } });
    expect((await dialog()).textContent).toMatch(/Mara Lindqvist.*lp-1.*2 Mar 1984/);
  });

  it("leaves drawing and aligning by a press on a way to compare; Undo is in the head of the panel", async () => {
    const { user } = fresh("i1", "i2");
    await dialog();
    await user.click(screen.getByRole("button", { name: "Draw" }));
    const panel = screen.getByRole("complementary", { name: "Draw" });
    expect(panel.querySelector("header")?.textContent).toContain("Undo");
    await user.click(screen.getByRole("button", { name: "Grid" }));
    expect(screen.queryByRole("complementary")).toBeNull();
    expect(screen.getByRole("button", { name: "Grid" }).getAttribute("aria-pressed")).toBe("true");
    await user.click(screen.getByRole("button", { name: "Align" }));
    await user.click(screen.getByRole("button", { name: "Grid" }));
    expect(screen.queryByRole("complementary")).toBeNull();
  });

  it("marks a photo of which a part is missing", async () => {
    keepOpened("p1", { images: ["i1", "i2"] });
    serve({ ...routes(), "GET /api/v1/patients/p1/images/i2": { body: { ...images[1], incomplete: true } } });
    show(<ComparePage patientId="p1" comparisonId={null} />, { path: "/patients/p1/compare" });
    await dialog();
    expect(screen.getAllByText("Part of this photo is missing")).toHaveLength(1);
  });
});

describe("a comparison of a visit", () => {
  const stored = async () => {
    const server = serve(routes());
    const shown = show(<ComparePage patientId="p1" comparisonId="c1" />, { path: "/patients/p1/compare/c1" });
    await dialog();
    return { server, ...shown };
  };

  it("that is gone says so", async () => {
    serve({ ...routes(), [`GET ${ONE}`]: refusal(404, "not_found") });
    show(<ComparePage patientId="p1" comparisonId="c1" />, { path: "/patients/p1/compare/c1" });
    await screen.findByRole("heading", { name: "Comparison not found" });
  });

  it("saves each change by itself and says when", async () => {
    const { server, user } = await stored();
    server.answer(`PATCH ${ONE}`, { body: comparison(5, { mode: "blink" }) });
    await user.click(screen.getByRole("button", { name: "Blink" }));
    await status().findByText(/^Saved \d\d:\d\d$/);
    expect(server.to(`PATCH ${ONE}`)[0]?.body).toEqual({ version: 4, mode: "blink" });
  });

  it("keeps what could not be saved, says why, and sends it again", async () => {
    const { server, user } = await stored();
    server.answer(`PATCH ${ONE}`, refusal(503, "busy"));
    await user.click(screen.getByRole("button", { name: "Grid" }));
    await status().findByText(/^Not saved: /);
    server.answer(`PATCH ${ONE}`, { body: comparison(5, { mode: "grid" }) });
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await status().findByText(/^Saved \d\d:\d\d$/);
  });

  it("P6: shows both values of what someone else changed too; neither is chosen beforehand", async () => {
    const { server, user } = await stored();
    const conflicts = [{ field: "title", yours: "Mine", current: "Theirs", changedBy: "Ben Colleague", changedAt: "2026-11-28T10:00:00Z" }];
    server.answer(`PATCH ${ONE}`, refusal(409, "stale_version", {}, { current: comparison(9, { title: "Theirs" }), conflicts, saved: [] }));
    await user.click(screen.getByRole("button", { name: "Details" }));
    const title = screen.getByRole("textbox", { name: "Title" });
    await user.clear(title);
    await user.type(title, "Mine");
    await user.tab();
    await user.click(await screen.findByRole("button", { name: "Needs your choice" }));
    const clash = within(await screen.findByRole("dialog", { name: "Changed on another device" }));
    clash.getByText("Changed by Ben Colleague, 28 Nov 2026, 10:00");
    expect(clash.getByRole<HTMLButtonElement>("button", { name: "Continue" }).disabled).toBe(true);
    server.answer(`PATCH ${ONE}`, { body: comparison(10, { title: "Mine" }) });
    await user.click(clash.getByRole("radio", { name: /Your value/ }));
    await user.click(clash.getByRole("button", { name: "Continue" }));
    await status().findByText(/^Saved \d\d:\d\d$/);
    expect(server.to(`PATCH ${ONE}`).at(-1)?.body).toEqual({ version: 9, title: "Mine" });
  });

  it("aligns by the keyboard alone, and says that two pairs cannot be checked", async () => {
    const { server, user } = await stored();
    const marked = new Map<string, unknown>();
    server.answer(`PATCH ${ONE}/images/*`, ({ path, body }) => {
      marked.set(path.split("/").at(-1) ?? "", (body as { landmarks: unknown }).landmarks);
      const { views, ...rest } = comparison(5);
      return { body: { ...rest, views: views.map((it) => ({ ...it, landmarks: marked.get(it.imageId) ?? [] })) } };
    });
    await user.click(screen.getByRole("button", { name: "Align" }));
    screen.getByText("Next: mark point 1 in the first photo.");
    await user.click(screen.getByRole("button", { name: "Mark at the middle" }));
    await user.click(await screen.findByText("Next: mark point 1 in this photo.").then(() => screen.getByRole("button", { name: "Mark at the middle" })));
    await screen.findByText("Next: mark point 2 in the first photo.");
    // The second point lies where the arrow keys take it.
    const away = async (name: string) => {
      await user.click(screen.getByRole("button", { name: "Mark at the middle" }));
      (await screen.findByRole("button", { name })).focus();
      await user.keyboard("{Shift>}{ArrowLeft>12/}{/Shift}");
    };
    await away("Point 2 in the first photo");
    await away("Point 2 in this photo");
    await screen.findByText(/cannot be checked with two pairs/);
    screen.getByRole("button", { name: "Point 2 in this photo" }).focus();
    await user.keyboard("{Delete}");
    await screen.findByText("Next: mark point 2 in this photo.");
  });
});

describe("E5: a comparison whose visit is signed", () => {
  const buttons = () => within(screen.getByRole("group", { name: "Photos and tools" })).getAllByRole("button").map((it) => it.textContent);
  const signed = (more: object = {}) => comparison(4, { signed: true, note: "Since spring.", ...more });

  it("is looked at only, says why, and shows the way to an addendum", async () => {
    const server = serve({ ...routes(), [`GET ${ONE}`]: { body: signed() } });
    const { user } = show(<ComparePage patientId="p1" comparisonId="c1" />, { path: "/patients/p1/compare/c1" });
    await dialog();
    await screen.findByText(/^The visit is signed, so this comparison can no longer be changed\./);
    status().getByText("Read-only: the visit is signed");
    expect(screen.getByRole("link", { name: "Go to the visit" }).getAttribute("href")).toBe("/patients/p1/visits/e1");
    expect(buttons()).toEqual(["Details"]);
    await user.click(screen.getByRole("button", { name: "Details" }));
    expect(screen.queryByRole("textbox")).toBeNull();
    screen.getByText("Since spring.");
    // It can still be looked at in other ways.
    await user.click(screen.getByRole("button", { name: "Blink" }));
    expect(screen.getByRole("button", { name: "Blink" }).getAttribute("aria-pressed")).toBe("true");
    await user.click(screen.getByRole("button", { name: "Zoom in" }));
    expect(server.asked.filter((it) => it.method !== "GET")).toEqual([]);
  });

  it("becomes so at once when it is signed on another device, without what was being entered", async () => {
    const server = serve(routes());
    const { user } = show(<ComparePage patientId="p1" comparisonId="c1" />, { path: "/patients/p1/compare/c1" });
    await dialog();
    expect(buttons()).toContain("Draw");
    server.answer(`PATCH ${ONE}`, refusal(409, "visit_signed", {}, { detail: "This visit is signed." }));
    server.answer(`GET ${ONE}`, { body: signed() });
    await user.click(screen.getByRole("button", { name: "Details" }));
    await user.type(screen.getByRole("textbox", { name: "Title" }), " left");
    await user.tab();
    await screen.findByText("What you entered last was not saved, because the visit had been signed by then.");
    await waitFor(() => expect(screen.queryByRole("textbox")).toBeNull());
    expect(buttons()).toEqual(["Details"]);
    // What is stored stands there again.
    await screen.findAllByText("Forearm");
    expect(screen.queryByText("Forearm left")).toBeNull();
  });

  it("that was saved from here asks once its visit may be signed", async () => {
    keepOpened("p1", { images: ["i1", "i2"] });
    const server = serve(routes());
    let goTo = (_id: string): void => undefined;
    function Routed() {
      const [id, setId] = useState<string | null>(null);
      useEffect(() => {
        goTo = setId;
      }, []);
      return <ComparePage patientId="p1" comparisonId={id} />;
    }
    const { user } = show(<Routed />, { path: "/patients/p1/compare" });
    await dialog();
    server.answer("POST /api/v1/patients/*/entries", { status: 201, body: { id: "e1" } });
    server.answer("POST /api/v1/patients/*/entries/*/comparisons", { status: 201, body: comparison(1, { title: null }) });
    await user.click(screen.getByRole("button", { name: "Save to a visit…" }));
    await user.click(await within(await screen.findByRole("dialog", { name: "Save the comparison" })).findByRole("button", { name: "Save" }));
    await status().findByText(/^Saved/);
    // Under its new address.
    act(() => goTo("c1"));
    expect(server.to(`GET ${ONE}`)).toHaveLength(0);
    server.answer(`GET ${ONE}`, { body: signed({ title: null }) });
    act(() => fakeDraft.signed());
    await status().findByText("Read-only: the visit is signed");
  });

  it("is not saved into a visit that is signed", async () => {
    keepOpened("p1", { images: ["i1", "i2"], entryId: "done" });
    const entries = [listedVisit("done", "2026-11-28T10:00:00Z", { signedAt: "2026-11-28T11:00:00Z" }), listedVisit("open", "2026-11-20T10:00:00Z")];
    const server = serve({ ...routes(), "GET /api/v1/patients/*/entries": { body: visitPage(entries) } });
    const { user } = show(<ComparePage patientId="p1" comparisonId={null} />, { path: "/patients/p1/compare" });
    await dialog();
    server.answer("POST /api/v1/patients/*/entries/*/comparisons", { status: 201, body: comparison(1) });
    await user.click(screen.getByRole("button", { name: "Save to a visit…" }));
    await user.click(await within(await screen.findByRole("dialog", { name: "Save the comparison" })).findByRole("button", { name: "Save" }));
    await waitFor(() => expect(server.to("POST /api/v1/patients/*/entries/*/comparisons").map((it) => it.path)).toEqual(["/api/v1/patients/p1/entries/open/comparisons"]));
  });
});
