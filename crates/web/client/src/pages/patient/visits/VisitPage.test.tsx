import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { imageOf, listedVisit, PATIENT, visitOf, visitPage } from "../../../testing/fixtures";
import { refusal, serve } from "../../../testing/server";
import { fakeDraft } from "../../../testing/draft";
import { noteOf, show } from "../../../testing/show";
import { VisitPage } from "./VisitPage";
import { openedOf } from "../../../compare/opened";

vi.mock("../../../live", async () => (await import("../../../testing/draft")).liveMock);

const RECORD = "/api/v1/patients/p1";
const ENTRY = `${RECORD}/entries/e1`;
const LAYOUT = `PUT ${ENTRY}/layout`;
const WORKSPACE = `${ENTRY}/workspace`;
const image = (id: string, day: number) => ({ ...imageOf(id), capturedAt: `2026-11-${day}T10:00:00Z` });
const IPAD = "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
const pool = [image("c", 22), image("b", 21), image("a", 20)];

const routes = (more: Parameters<typeof serve>[0] = {}): Parameters<typeof serve>[0] => ({
  [`GET ${RECORD}`]: { body: PATIENT },
  [`GET ${RECORD}/entries`]: { body: visitPage([listedVisit("e2", "2026-12-01T10:00:00Z"), listedVisit("e1", "2026-11-22T14:05:00Z"), listedVisit("e0", "2026-11-01T10:00:00Z")]) },
  [`GET ${ENTRY}`]: { body: visitOf("e1") },
  [`GET ${ENTRY}/tags`]: { body: { tags: [] } },
  [`GET ${WORKSPACE}`]: { body: { images: ["c", "a"], comparisons: [] } },
  [`GET ${RECORD}/images`]: { body: { images: pool, total: 3, nextCursor: null, years: [] } },
  [LAYOUT]: { status: 204 },
  ...more,
});

async function open(more: Parameters<typeof serve>[0] = {}) {
  const server = serve(routes(more));
  const drawn = show(<VisitPage patientId="p1" entryId="e1" imageId={null} />, { path: "/patients/p1/visits/e1" });
  await screen.findByRole("heading", { level: 1 });
  return { server, ...drawn };
}

const status = () => screen.getByTestId("save-status").textContent ?? "";
const photos = () => screen.queryAllByRole("link", { name: /of this visit/ }).map((it) => it.getAttribute("data-cell"));
const days = () => screen.getAllByRole("heading", { level: 3 }).map((it) => it.textContent);

beforeEach(() => fakeDraft.reset());

describe("E1: the page of a visit", () => {
  it("names the visit, whose it is, and its neighbours in time", async () => {
    await open();
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Visit on 22 Nov 2026, 14:05");
    expect(document.title).not.toContain("Lindqvist");
    expect(screen.getByRole("link", { name: /All visits/ }).textContent).toContain("Mara Lindqvist");
    expect((await screen.findByRole("link", { name: "Previous visit" })).getAttribute("href")).toBe("/patients/p1/visits/e0");
    expect(screen.getByRole("link", { name: "Next visit" }).getAttribute("href")).toBe("/patients/p1/visits/e2");
    expect(screen.getByRole("link", { name: "Camera" }).getAttribute("href")).toBe("/patients/p1/camera/e1");
  });

  it("tells two patients of one name apart: with the unique ID and the date of birth", async () => {
    await open({ [`GET ${RECORD}`]: { body: { ...PATIENT, birthDate: "1984-03-02" } } });
    expect(screen.getByRole("link", { name: /^All visits: .*Mara Lindqvist.*lp-1.*2 Mar 1984/ }).textContent).toMatch(/lp-1.*2 Mar 1984/);
  });

  it("E3: gives on what is typed into the title at once", async () => {
    const { user } = await open();
    await user.clear(screen.getByLabelText(/^Title/));
    await user.type(screen.getByLabelText(/^Title/), "Ab");
    expect(fakeDraft.sets).toEqual([["title", ""], ["title", "A"], ["title", "Ab"]]);
  });

  it("E1: gives on a date when it is whole, as an instant in the practice's zone; one that is not is said and asked about", async () => {
    const { user } = await open();
    const day = screen.getByLabelText("Day");
    await user.clear(day);
    await user.tab();
    act(() => (document.activeElement as HTMLElement).blur());
    expect(noteOf("Date and time")).toMatch(/^Enter/);
    expect(fakeDraft.sets).toEqual([]);
    fireEvent.change(day, { target: { value: "23" } });
    day.focus();
    act(() => day.blur());
    await waitFor(() => expect(fakeDraft.sets).toEqual([["appointmentAt", "2026-11-23T14:05:00Z"]]));
    await waitFor(() => expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Visit on 23 Nov 2026, 14:05"));
  });

  it("D16: says in one place whether it is saved, and tells only what is worse", async () => {
    await open();
    const announced = () => within(screen.getByTestId("save-status")).getByRole("status").textContent;
    expect(status()).toContain("Saved");
    act(() => fakeDraft.show({ status: { kind: "saving" } }));
    expect(status()).toContain("Saving…");
    expect(announced()).toBe("");
    act(() => fakeDraft.show({ status: { kind: "offline", count: 3 } }));
    expect(status()).toContain("Offline, 3 changes kept on this device");
    expect(announced()).toBe("Offline, 3 changes kept on this device");
    act(() => fakeDraft.show({ status: { kind: "saved", at: "2026-11-22T21:51:00Z" } }));
    expect(status()).toContain("Saved 21:51");
    expect(announced()).toBe("");
  });

  it("says beside it that photos are being added", async () => {
    const { user } = await open();
    expect(status()).not.toContain("being added");
    await user.upload(screen.getByTestId("files"), new File(["x"], "a.jpg", { type: "image/jpeg" }));
    await waitFor(() => expect(status()).toContain("Saved · 1 photo being added"));
  });

  it("says that there is no such visit, and that it could not be loaded", async () => {
    const server = serve(routes({ [`GET ${ENTRY}`]: refusal(500, "internal") }));
    const { user } = show(<VisitPage patientId="p1" entryId="e1" imageId={null} />);
    await screen.findByRole("heading", { name: "This could not be loaded" });
    server.answer(`GET ${ENTRY}`, refusal(404, "not_found"));
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByRole("heading", { level: 1 });
    expect(screen.queryByText(/^Visit on/)).toBeNull();
  });

  it("tells which other device has it open", async () => {
    await open();
    act(() => fakeDraft.show({ others: [{ connection: "1", device: IPAD, field: "notes" }] }));
    screen.getByText("Also open on Safari on iPad");
  });
});

describe("E2: the sections of a visit", () => {
  it("close and open, and the server is told how they are", async () => {
    const { user, server } = await open();
    await user.click(screen.getByRole("button", { name: "Comparisons" }));
    await waitFor(() => expect(screen.queryByText(/^No comparisons/)).toBeNull());
    expect(screen.getByRole("button", { name: "Comparisons" }).getAttribute("aria-expanded")).toBe("false");
    await waitFor(() => expect(server.to(LAYOUT).map((it) => it.body)).toEqual([{ sections: { workspace: true, comparisons: false, notes: true }, order: "descending", size: "medium" }]));
    await user.click(screen.getByRole("button", { name: "Comparisons" }));
    await screen.findByText(/^No comparisons/);
  });
});

describe("E4: the photos of a visit", () => {
  it("stand by day, in the order and size that were chosen, which are kept", async () => {
    const { user, server } = await open();
    await waitFor(() => expect(photos()).toEqual(["c", "a"]));
    expect(days().slice(0, 2)).toEqual(["Sunday, 22 November 2026", "Friday, 20 November 2026"]);
    await user.selectOptions(screen.getByRole("combobox", { name: "Order" }), "Oldest first");
    await waitFor(() => expect(photos()).toEqual(["a", "c"]));
    await user.click(screen.getByRole("radio", { name: "Large" }));
    await waitFor(() => expect(server.to(LAYOUT).map((it) => it.body)).toEqual([expect.objectContaining({ order: "ascending", size: "medium" }), expect.objectContaining({ order: "ascending", size: "large" })]));
    expect(screen.getAllByRole("link", { name: /of this visit/ })[0]?.getAttribute("href")).toBe("/patients/p1/visits/e1/a");
  });

  it("of which a part is missing are marked, in words too", async () => {
    await open({ [`GET ${RECORD}/images`]: { body: { images: [image("c", 22), { ...image("a", 20), incomplete: true }], total: 2, nextCursor: null, years: [] } } });
    await waitFor(() => expect(photos()).toEqual(["c", "a"]));
    const [whole, damaged] = screen.getAllByRole("link", { name: /of this visit/ });
    expect(damaged?.textContent).toMatch(/Part of this photo is missing$/);
    expect(damaged?.querySelector("[title='Part of this photo is missing']")).not.toBeNull();
    expect(whole?.textContent).not.toContain("missing");
  });

  it("are chosen from the patient's, several at once; those that are in are marked", async () => {
    const POST = `POST ${WORKSPACE}`;
    const { user, server } = await open({ [POST]: { body: { added: ["b"], removed: [] } } });
    await waitFor(() => expect(photos()).toHaveLength(2));
    await user.click(screen.getByRole("button", { name: "Choose photos" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Choose photos for this visit" }));
    const boxes = dialog.getAllByRole<HTMLInputElement>("checkbox");
    expect(boxes.map((it) => [it.checked, it.disabled])).toEqual([[true, true], [false, false], [true, true]]);
    expect(dialog.getByRole<HTMLButtonElement>("button", { name: "Add to visit" }).disabled).toBe(true);
    await user.click(boxes[1] as HTMLElement);
    server.answer(`GET ${WORKSPACE}`, { body: { images: ["c", "b", "a"], comparisons: [] } });
    await user.click(dialog.getByRole("button", { name: "Add 1 photo" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await waitFor(() => expect(photos()).toEqual(["c", "b", "a"]));
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await screen.findByText("Undone.");
    expect(server.to(POST).map((it) => it.body)).toEqual([{ add: ["b"] }, { remove: ["b"] }]);
  });

  it("are taken out again with an undo, and compared when two are selected", async () => {
    const POST = `POST ${WORKSPACE}`;
    const { user, server, place } = await open({ [POST]: { body: { added: [], removed: ["c"] } } });
    await waitFor(() => expect(photos()).toHaveLength(2));
    await user.click(screen.getByRole("button", { name: "Select" }));
    const bar = within(await screen.findByRole("region", { name: "Selected photos" }));
    await user.click(screen.getAllByRole("checkbox")[0] as HTMLElement);
    await user.click(bar.getByRole("button", { name: "Compare" }));
    await screen.findByText("Select 2 to 16 photos to compare them.");
    await user.click(bar.getByRole("button", { name: "Remove from visit" }));
    await screen.findByText("1 photo removed from the visit. It stays with the patient.");
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await screen.findByText("Undone.");
    expect(server.to(POST).map((it) => it.body)).toEqual([{ remove: ["c"] }, { add: ["c"] }]);
    await user.click(bar.getByRole("button", { name: "Select all" }));
    await user.click(bar.getByRole("button", { name: "Compare" }));
    expect(place.history.at(-1)).toBe("/patients/p1/compare");
    expect(openedOf("p1")).toEqual({ images: ["c", "a"], entryId: "e1" });
  });
});

describe("comparisons of a visit", () => {
  const comparison = { id: "k1", entryId: "e1", title: "Cheek", mode: "split", images: ["a", "c"] };

  it("are listed with their mode, opened, and deleted after a question", async () => {
    const DELETE = `DELETE ${RECORD}/comparisons/k1`;
    const { user, server } = await open({ [`GET ${WORKSPACE}`]: { body: { images: ["c", "a"], comparisons: [comparison] } }, [DELETE]: { status: 204 } });
    const link = await screen.findByRole("link", { name: /Cheek/ });
    expect(link.textContent).toContain("Split slider · 2 photos");
    expect(link.getAttribute("href")).toBe("/patients/p1/compare/k1");
    await user.click(screen.getByRole("button", { name: "Delete comparison: Cheek" }));
    const question = within(await screen.findByRole("alertdialog"));
    server.answer(`GET ${WORKSPACE}`, { body: { images: ["c", "a"], comparisons: [] } });
    await user.click(question.getByRole("button", { name: "Delete" }));
    await screen.findByText(/^No comparisons/);
    expect(server.to(DELETE)).toHaveLength(1);
  });
});

describe("F8: a clash", () => {
  it("is chosen by a person: nothing is preselected, both texts are shown, and both can be kept", async () => {
    const { user } = await open();
    act(() =>
      fakeDraft.show({
        status: { kind: "choice" },
        clash: { field: "notes", mine: "same\n5 mg daily\nend", theirs: "same\n7 mg daily\nend", base: "same\n10 mg daily\nend", by: { username: "ben", name: "Ben Adler" }, at: "2026-11-22T15:00:00Z" },
      }),
    );
    expect(status()).toContain("Needs your choice");
    expect(screen.queryByRole("dialog")).toBeNull();
    // Directly above the notes.
    expect(screen.getByRole("button", { name: "Choose" }).compareDocumentPosition(screen.getByRole("textbox", { name: "Notes" }))).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
    await user.click(screen.getByRole("button", { name: "Choose" }));
    const dialog = within(await screen.findByRole("dialog"));
    dialog.getByText("Changed by Ben Adler, 22 Nov 2026, 15:00");
    expect(dialog.getAllByText(/daily/).map((it) => [it.tagName, it.textContent])).toEqual(["5 mg", "7 mg", "7 mg", "5 mg"].map((it) => ["MARK", `${it} daily`]));
    expect(dialog.getAllByRole<HTMLInputElement>("radio").map((it) => it.checked)).toEqual([false, false, false]);
    const save = dialog.getByRole<HTMLButtonElement>("button", { name: "Save my choice" });
    expect(save.disabled).toBe(true);
    await user.click(dialog.getByRole("radio", { name: /Keep both/ }));
    await user.click(save);
    expect(fakeDraft.chosen).toEqual([{ text: "same\n7 mg daily\n5 mg daily\nend" }]);
  });

  it("is opened by the status, which stays in sight; the other device of the same person is named, and Offline is said too", async () => {
    const { user } = await open();
    const clash = { field: "title", mine: "Mine", theirs: "Theirs", base: "First", by: { username: "amal.okafor", name: "Amal Okafor" }, at: "2026-11-22T15:00:00Z" } as const;
    act(() => fakeDraft.show({ status: { kind: "choice" }, clash, others: [{ connection: "1", device: IPAD, field: null }] }));
    expect(status()).not.toContain("Offline");
    act(() => fakeDraft.show({ connection: { kind: "waiting", since: 0, isBlocked: false, isBrief: false } }));
    expect(status()).toContain("Offline · Needs your choice");
    await user.click(screen.getByRole("button", { name: "Needs your choice" }));
    const dialog = within(await screen.findByRole("dialog"));
    dialog.getByText("Changed on Safari on iPad, 22 Nov 2026, 15:00");
    await user.click(dialog.getByRole("button", { name: "Cancel" }));
    act(() => fakeDraft.show({ others: [] }));
    await user.click(screen.getByRole("button", { name: "Needs your choice" }));
    within(await screen.findByRole("dialog")).getByText("Changed on another of your devices, 22 Nov 2026, 15:00");
  });
});

describe("R0: a visit that was signed before a text arrived", () => {
  const gone = visitOf("e1", { signed: { at: "2026-11-22T16:00:00Z", by: { username: "ben", name: "Ben Adler" } } });
  const ADD = `POST ${ENTRY}/addenda`;
  const lateOf = (field: "notes" | "title", text: string) => {
    const dropped = vi.fn<() => void>();
    fakeDraft.show({ status: { kind: "error", why: "This visit was signed before your text arrived." }, waiting: 1, late: [{ field, text, drop: dropped }] });
    return dropped;
  };

  it("shows it, and adds it as an addendum: only then it goes", async () => {
    const { user, server } = await open({ [`GET ${ENTRY}`]: { body: { ...gone, sections: { ...gone.sections, notes: false } } }, [ADD]: refusal(503, "unavailable") });
    const dropped = lateOf("notes", "typed offline");
    expect(await screen.findByTestId("save-status")).toBeTruthy();
    await waitFor(() => expect(status()).toContain("Not saved"));
    const note = within(await screen.findByTestId("late"));
    note.getByText("This visit was signed before your text arrived: Notes.");
    note.getByText("typed offline");
    await user.click(note.getByRole("button", { name: "Add as addendum" }));
    await waitFor(() => expect(server.to(ADD)).toHaveLength(1));
    expect(dropped).not.toHaveBeenCalled();
    server.answer(ADD, { status: 201, body: { id: "x", text: "typed offline", by: { username: "amal.okafor", name: "Amal Okafor" }, at: "2026-11-23T09:00:00Z" } });
    await user.click(await note.findByRole("button", { name: "Add as addendum" }));
    await waitFor(() => expect(dropped).toHaveBeenCalledTimes(1));
    expect(server.to(ADD).map((it) => it.body)).toEqual([{ text: "typed offline" }, { text: "typed offline" }]);
  });

  it("says that it is too long for an addendum, copies it, and asks before it is discarded", async () => {
    const { user } = await open({ [`GET ${ENTRY}`]: { body: gone } });
    const dropped = lateOf("notes", "é".repeat(16_001));
    const note = within(await screen.findByTestId("late"));
    note.getByText(/at most 16000 characters; this has 16001/);
    expect(note.getByRole<HTMLButtonElement>("button", { name: "Add as addendum" }).disabled).toBe(true);
    await user.click(note.getByRole("button", { name: "Copy" }));
    await screen.findByText("The text was copied.");
    expect(await navigator.clipboard.readText()).toHaveLength(16_001);
    await user.click(note.getByRole("button", { name: "Discard" }));
    const question = within(await screen.findByRole("alertdialog"));
    expect(dropped).not.toHaveBeenCalled();
    await user.click(question.getByRole("button", { name: "Discard" }));
    expect(dropped).toHaveBeenCalledTimes(1);
  });

  it("shows a title, which can be copied and not be added", async () => {
    await open({ [`GET ${ENTRY}`]: { body: gone } });
    lateOf("title", "Other title");
    const note = within(await screen.findByTestId("late"));
    note.getByText("Other title");
    expect(note.getAllByRole("button").map((it) => it.textContent)).toEqual(["Copy", "Discard"]);
  });

  it("keeps a date that was whole when the visit was signed elsewhere", async () => {
    const { server, client } = await open();
    const day = screen.getByLabelText("Day");
    fireEvent.change(day, { target: { value: "23" } });
    server.answer(`GET ${ENTRY}`, { body: gone });
    await act(() => client.invalidateQueries());
    await screen.findByText(/Signed by Ben Adler/);
    await waitFor(() => expect(fakeDraft.sets).toEqual([["appointmentAt", "2026-11-23T14:05:00Z"]]));
  });
});

describe("E5: signing", () => {
  const signed = visitOf("e1", { notes: "# Done\nAll **well**.", signed: { at: "2026-11-22T16:00:00Z", by: { username: "amal.okafor", name: "Amal Okafor" } } });

  it("asks first, waits for what was typed, and makes the visit read-only", async () => {
    const SIGN = `POST ${ENTRY}/sign`;
    const { user, server } = await open({ [SIGN]: { body: signed } });
    act(() => fakeDraft.show({ status: { kind: "saving" } }));
    await user.click(screen.getByRole("button", { name: "Sign visit" }));
    const question = within(await screen.findByRole("alertdialog"));
    await waitFor(() => expect(question.getAllByRole("definition").map((it) => it.textContent)).toEqual(["22 Nov 2026, 14:05", "First", "No notes", "2", "0"]));
    await user.click(question.getByRole("button", { name: "Sign" }));
    expect(server.to(SIGN)).toHaveLength(0);
    question.getByText("Wait until your latest changes are saved, then sign.");
    act(() => fakeDraft.show({ status: { kind: "saved", at: null } }));
    server.answer(`GET ${ENTRY}`, { body: signed });
    await user.click(question.getByRole("button", { name: "Sign" }));
    await screen.findByText(/Signed by Amal Okafor, 22 Nov 2026, 16:00/);
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    expect(status()).toContain("Read-only");
    expect(screen.queryByLabelText(/^Title/)).toBeNull();
    expect(screen.queryByRole("button", { name: "Choose photos" })).toBeNull();
    expect(server.to(SIGN).map((it) => it.body)).toEqual([{ versions: { appointmentAt: 0, title: 0, notes: 4 } }]);
    screen.getByRole("heading", { level: 3, name: "Done" });
    expect(screen.getByText("well").tagName).toBe("STRONG");
  });

  it("offers nothing that would change it: no photos, comparisons or tags, and no camera", async () => {
    const group = { id: "c1", title: "Forearm", mode: "split", images: ["c", "a"] };
    const tag = { id: "t1", name: "Naevus", colour: "blue", own: true, entries: 0, images: 0, archived: false };
    const { user } = await open({
      [`GET ${ENTRY}`]: { body: signed },
      [`GET ${WORKSPACE}`]: { body: { images: ["c", "a"], comparisons: [group] } },
      [`GET ${ENTRY}/tags`]: { body: { tags: [tag] } },
    });
    await screen.findByText("Naevus");
    await screen.findByText("Forearm");
    expect(screen.queryByRole("button", { name: /Tags of this visit/ })).toBeNull();
    expect(screen.queryByRole("button", { name: /^Delete/ })).toBeNull();
    expect(screen.queryByRole("link", { name: "Camera" })).toBeNull();
    expect(screen.queryByRole("button", { name: /^(Choose photos|Add photos|Sign visit)/ })).toBeNull();
    await waitFor(() => expect(photos()).toHaveLength(2));
    await user.click(screen.getByRole("button", { name: "Select" }));
    await user.click(screen.getAllByRole("checkbox")[0] as HTMLElement);
    const bar = within(await screen.findByRole("toolbar"));
    expect(bar.queryByRole("button", { name: "Remove from visit" })).toBeNull();
    bar.getByRole("button", { name: "Compare" });
  });

  it("that came first elsewhere is said where a change comes too late, and the page is read-only at once", async () => {
    const { user, server } = await open();
    await user.click(screen.getByRole("button", { name: "Choose photos" }));
    const picker = within(await screen.findByRole("dialog", { name: "Choose photos for this visit" }));
    server.answer(`POST ${WORKSPACE}`, refusal(409, "visit_signed", {}, { detail: "This visit is signed. Add an addendum to the visit instead." }));
    server.answer(`GET ${ENTRY}`, { body: signed });
    await user.click(await picker.findByRole("checkbox", { checked: false }));
    await user.click(picker.getByRole("button", { name: /^Add 1 photo/ }));
    await screen.findByText("This visit is signed. Add an addendum to the visit instead.");
    await screen.findByText(/Signed by Amal Okafor/);
    await waitFor(() => expect(screen.queryByRole("button", { name: "Choose photos" })).toBeNull());
    screen.getByLabelText("New addendum");
  });

  it("signs only what was seen: a change by another device is told first, and one that only the server knows is refused", async () => {
    const SIGN = `POST ${ENTRY}/sign`;
    const CHANGED = "The visit changed while this was open. Look at it again before you sign.";
    const { user, server } = await open({ [SIGN]: refusal(409, "stale_version", {}, { conflicts: [{ field: "notes" }] }) });
    act(() => fakeDraft.show({ notes: "one\n\ntwo\n- three\nfour\nfive" }));
    await user.click(screen.getByRole("button", { name: "Sign visit" }));
    const question = within(await screen.findByRole("alertdialog"));
    expect(question.getByText(/^one/).textContent).toBe("one\ntwo\n- three\nfour\n…");
    expect(question.queryByText(CHANGED)).toBeNull();
    act(() => fakeDraft.show({ notes: "changed elsewhere" }));
    question.getByText(CHANGED);
    question.getByText("changed elsewhere");
    await user.click(question.getByRole("button", { name: "Sign" }));
    expect(server.to(SIGN)).toHaveLength(0);
    const before = server.to(`GET ${ENTRY}`).length;
    await user.click(question.getByRole("button", { name: "Sign" }));
    await waitFor(() => expect(server.to(SIGN)).toHaveLength(1));
    await waitFor(() => expect(server.to(`GET ${ENTRY}`).length).toBeGreaterThan(before));
    await question.findByText(CHANGED);
    expect(screen.queryByText(/Signed by/)).toBeNull();
  });

  it("takes addenda afterwards, each with its author and time", async () => {
    const ADD = `POST ${ENTRY}/addenda`;
    const addendum = { id: "x", text: "Called the patient.", by: { username: "amal.okafor", name: "Amal Okafor" }, at: "2026-11-23T09:00:00Z" };
    const { user, server } = await open({ [`GET ${ENTRY}`]: { body: signed }, [ADD]: { status: 201, body: addendum } });
    await user.click(await screen.findByRole("button", { name: "Add addendum" }));
    expect(noteOf("New addendum")).toBe("Enter the text of the addendum.");
    await user.type(screen.getByLabelText("New addendum"), "Called the patient.");
    server.answer(`GET ${ENTRY}`, { body: { ...signed, addenda: [addendum] } });
    await user.click(screen.getByRole("button", { name: "Add addendum" }));
    await screen.findByText("Amal Okafor, 23 Nov 2026, 09:00");
    expect(server.to(ADD).map((it) => it.body)).toEqual([{ text: "Called the patient." }]);
    expect(screen.getByLabelText<HTMLTextAreaElement>("New addendum").value).toBe("");
  });
});

describe("the notes of a visit", () => {
  it("are shown formatted on demand, links as text with their address, HTML as it was typed", async () => {
    const { user } = await open();
    act(() => fakeDraft.show({ notes: "## Plan\n- [guide](https://g.example)\n<img src=x>" }));
    await user.click(screen.getByRole("radio", { name: "Show formatted" }));
    const shown = screen.getByTestId("rendered-notes");
    within(shown).getByRole("heading", { name: "Plan" });
    expect(within(shown).queryByRole("link")).toBeNull();
    expect(shown.textContent).toContain("guide (https://g.example)");
    expect(shown.querySelector("img")).toBeNull();
    expect(shown.textContent).toContain("<img src=x>");
  });

  it("have versions that can be looked at and restored; restoring can be undone", async () => {
    const by = { username: "amal.okafor", name: "Amal Okafor" };
    const revision = (version: number, minute: number) => ({ version, at: `2026-11-22T14:${minute}:00Z`, by, userAgent: null, bytes: 12, restored: null });
    const RESTORE = `POST ${ENTRY}/revisions/2/restore`;
    const { user, server } = await open({
      [`GET ${ENTRY}/revisions`]: { body: { revisions: [revision(4, 50), revision(3, 45), revision(2, 20), revision(1, 18)], next: null } },
      [`GET ${ENTRY}/revisions/2`]: { body: { version: 2, notes: "old\ntext", at: "", by } },
      [`GET ${ENTRY}/revisions/0`]: { body: { version: 0, notes: "text", at: "", by } },
      [RESTORE]: { body: { version: 5 } },
      [`POST ${ENTRY}/revisions/4/restore`]: { body: { version: 6 } },
    });
    await user.click(screen.getByRole("button", { name: "Versions" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Versions of the notes" }));
    // Two of one person within ten minutes are one step.
    const rows = await dialog.findAllByRole("button", { name: /^Show the version/ });
    expect(rows).toHaveLength(2);
    await user.click(rows[1] as HTMLElement);
    const changes = within(await dialog.findByRole("group", { name: "Changes from the version before" }));
    expect(changes.getByText("old").closest("ins")).not.toBeNull();
    await user.click(dialog.getByRole("button", { name: "Restore this version" }));
    await screen.findByText("The version was restored.");
    expect(server.to(RESTORE).map((it) => it.body)).toEqual([{ base: 4 }]);
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await screen.findByText("Undone.");
    expect(server.to(`POST ${ENTRY}/revisions/4/restore`).map((it) => it.body)).toEqual([{ base: 5 }]);
  });
});
