import { act, screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { problemFrom } from "../api/problem";
import { recall, remember } from "../app/sealed";
import type { UploadReport } from "../api/types";
import { imagesQuery } from "../resources/images";
import { patientQuery } from "../resources/patients";
import * as format from "../i18n/format";
import { PATIENT } from "../testing/fixtures";
import { serve } from "../testing/server";
import { show } from "../testing/show";
import { DiscardQuestion } from "../ui/DiscardQuestion";
import { useMakeRoom } from "./makeRoom";
import { uploads } from "./manager";
import type { Answer } from "./queue";
import { Uploads } from "./Uploads";

/** Ends of what is being sent, in the order in which it was. */
const flights = vi.hoisted((): ((answer: unknown) => void)[] => []);
vi.mock("./send", () => {
  const fly = () => ({ abort: () => undefined, answer: new Promise((resolve) => flights.push(resolve)) });
  return { send: fly, askFor: fly };
});

const report = (outcome: "stored" | "refused"): Answer => ({
  kind: "report",
  report: { results: [{ index: 0, name: "a.jpg", outcome, image: null, reason: outcome === "refused" ? { code: "damaged", message: "The file is damaged.", advice: "Export it again." } : null }] } as unknown as UploadReport,
});
const finish = async (answer: Answer) => {
  flights.shift()?.(answer);
  await act(async () => undefined);
};
const photo = (name: string) => new File([new Uint8Array([255, 216, 255, 224, 0])], name);
const rows = () => within(screen.getByRole("list", { name: "Adding photos" })).getAllByRole("listitem").map((it) => it.textContent);
const region = (name: string) => screen.queryByRole("region", { name });

const pageIs = (how: "wide" | "narrow") => vi.stubGlobal("matchMedia", () => Object.assign(new EventTarget(), { matches: how === "wide" }));

beforeEach(() => {
  flights.length = 0;
  remember("uploads.open", null);
  pageIs("wide");
});

describe("the list of uploads", () => {
  const draw = (...names: string[]) => {
    serve({});
    const shown = show(
      <>
        <Uploads />
        <DiscardQuestion />
      </>,
    );
    act(() => void uploads.add({ id: "p1", name: "Mara Lindqvist" }, names.map(photo)));
    return shown;
  };

  it("is not there when nothing was added", () => {
    serve({});
    show(<Uploads />);
    expect(region("Adding photos")).toBeNull();
  });

  it("F3: says once that the connection is lost, however many files wait for it", async () => {
    draw("a.jpg", "b.jpg", "c.jpg");
    await finish({ kind: "lost" });
    await finish({ kind: "lost" });
    expect(screen.getAllByText(/Connection lost/)).toHaveLength(1);
    const said = screen.getByText(/Connection lost/).closest("[role=status]");
    // The seconds are counted for the eye only.
    expect(said?.querySelector("[aria-hidden=true].num")?.textContent).toMatch(/^Trying again in \d+ seconds?\.$/);
    expect(rows().join(" ")).not.toMatch(/Connection|Trying/);
  });

  it("I4: draws only the rows whose file changed, however many wait", async () => {
    draw(...Array.from({ length: 40 }, (_, index) => `${index}.jpg`));
    const words = vi.spyOn(format, "bytes");
    act(() => void uploads.add({ id: "p1", name: "Mara Lindqvist" }, [photo("last.jpg")]));
    await screen.findByText("last.jpg");
    expect(words.mock.calls.length).toBeGreaterThan(0);
    expect(words.mock.calls.length).toBeLessThan(5);
    words.mockRestore();
  });

  it("I2, F12: says whose photos they are, refusals first with their reason, stays, and clears on request", async () => {
    const { user } = draw("a.jpg", "b.jpg");
    expect(region("Adding photos")).not.toBeNull();
    expect(screen.getByRole("heading", { name: "Mara Lindqvist: adding photos" })).toBeDefined();
    await finish(report("stored"));
    await finish(report("refused"));
    expect(region("Photos added")).not.toBeNull();
    expect(rows()).toEqual(["b.jpgNot added: The file is damaged. Export it again.", "a.jpgAdded"]);
    expect(screen.getByText("1 added, 1 not added").getAttribute("role")).toBe("status");
    // What was not added is named nowhere else: no single press clears it.
    await user.click(screen.getByRole("button", { name: "Clear list" }));
    const question = within(await screen.findByRole("alertdialog", { name: "Clear the list?" }));
    question.getByText(/^1 photo was not added\./);
    await user.click(question.getByRole("button", { name: "Keep" }));
    expect(rows()).toHaveLength(2);
    await user.click(screen.getByRole("button", { name: "Clear list" }));
    await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Clear list" }));
    expect(region("Photos added")).toBeNull();
  });

  it("keeps the button that folds it at its place when the list can be cleared; as one line it is named by the patient alone", async () => {
    const { user } = draw("a.jpg");
    const last = () => [...(document.querySelector("section > header") as HTMLElement).querySelectorAll("button")].at(-1)?.getAttribute("aria-expanded");
    expect(last()).toBe("true");
    await finish(report("refused"));
    expect(screen.getByRole("button", { name: "Clear list" })).toBeDefined();
    expect(last()).toBe("true");
    await user.click(screen.getByRole("button", { name: "Hide the list" }));
    expect(screen.getByRole("heading", { name: "Mara Lindqvist" })).toBeDefined();
    expect("uploads" in document.documentElement.dataset).toBe(true);
  });

  it("F12: a batch without a refusal folds, and opens on request; the next one starts a new list", async () => {
    const { user } = draw("a.jpg", "b.jpg");
    await finish(report("stored"));
    expect(rows()).toHaveLength(2);
    await finish(report("stored"));
    expect(screen.getByText("2 added").getAttribute("role")).toBe("status");
    expect(screen.queryByRole("list", { name: "Adding photos" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Show the list" }));
    expect(rows()).toEqual(["a.jpgAdded", "b.jpgAdded"]);
    act(() => void uploads.add({ id: "p1", name: "Mara Lindqvist" }, [photo("c.jpg")]));
    expect(rows()).toHaveLength(1);
    await finish(report("stored"));
    expect(screen.queryByRole("list", { name: "Adding photos" })).toBeNull();
  });

  it.each([
    [{ incomplete: true }, "a.jpgAdded, but part of the photo is missing. If you have the original, add it again."],
    [{ pages: 3 }, "a.jpgAdded. The file has 3 pages; the largest is shown."],
  ])("I2: says what is worth knowing of a photo that is in, and stays: %o", async (image, words) => {
    draw("a.jpg");
    await finish({ kind: "report", report: { results: [{ index: 0, name: "a.jpg", outcome: "stored", image: { id: "i", incomplete: false, pages: 1, ...image }, reason: null }] } as unknown as UploadReport });
    expect(rows()).toEqual([words]);
  });

  it.each([
    [{}, "a.jpgAlready in this patient's photos"],
    [{ incomplete: true }, "a.jpgAlready in this patient's photos, and part of it is missing. If you have the original, add that."],
    [{ pages: 3 }, "a.jpgAlready in this patient's photos. The file has 3 pages; the largest is shown."],
  ])("I2: says the same of a photo that was there already: %o", async (image, words) => {
    draw("a.jpg");
    await finish({ kind: "report", report: { results: [{ index: 0, name: "a.jpg", outcome: "duplicate", image: { id: "i", incomplete: false, pages: 1, ...image }, reason: { code: "duplicate", message: "", advice: null } }] } as unknown as UploadReport });
    expect(rows()).toEqual([words]);
  });

  it("does not say that photos were added when none was", async () => {
    draw("a.jpg");
    await finish(report("refused"));
    expect(region("No photos added")).not.toBeNull();
    expect(screen.getByText("1 not added")).toBeDefined();
  });

  it("sends again what was not sent, on request", async () => {
    const { user } = draw("a.jpg");
    await finish({ kind: "problem", problem: problemFrom(507, { code: "storage_full" }) });
    expect(rows()[0]).toMatch(/^a\.jpgNot sent: The server's disk is full/);
    await user.click(screen.getByRole("button", { name: "Try a.jpg again" }));
    await finish(report("stored"));
    expect(screen.getByText("1 added")).toBeDefined();
  });

  it("N2: holds what waits for a consent, and leads to it", async () => {
    const { user, place } = draw("a.jpg", "b.jpg");
    await finish({ kind: "problem", problem: problemFrom(422, { code: "consent_required" }) });
    await finish({ kind: "problem", problem: problemFrom(422, { code: "consent_required" }) });
    const alert = within(screen.getByRole("alert"));
    expect(alert.getByText(/^2 photos are waiting/)).toBeDefined();
    await user.click(alert.getByRole("button", { name: "Record consent" }));
    expect(place.history.at(-1)).toBe("/patients/p1/consent?record=1");
    await user.click(alert.getByRole("button", { name: "Discard waiting photos" }));
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("N2: says for each patient what waits for a consent, and the counts agree", async () => {
    draw("a.jpg", "b.jpg");
    act(() => void uploads.add({ id: "p2", name: "Jon Berg" }, [photo("c.jpg")]));
    const missing: Answer = { kind: "problem", problem: problemFrom(422, { code: "consent_required" }) };
    await finish(missing);
    await finish(missing);
    await finish(missing);
    expect(screen.getByText("3 waiting for consent")).toBeDefined();
    expect(screen.getAllByRole("alert").map((it) => it.querySelector("h3")?.textContent)).toEqual(["Consent required for Mara Lindqvist", "Consent required for Jon Berg"]);
    expect(screen.getAllByText(/^\d photos? (is|are) waiting\./).map((it) => it.textContent?.slice(0, 1))).toEqual(["2", "1"]);
  });

  describe("on a narrow page", () => {
    const list = () => screen.queryByRole("list", { name: "Adding photos" });
    beforeEach(() => pageIs("narrow"));

    it("begins as one line with its counts, and opens on request, for the rest of the session", async () => {
      const { user } = draw("a.jpg", "b.jpg");
      expect(list()).toBeNull();
      expect(screen.getByText("2 left").getAttribute("role")).toBe("status");
      expect(screen.getByRole("progressbar", { name: "0 of 2 photos done" })).toBeDefined();
      await user.click(screen.getByRole("button", { name: "Show the list" }));
      expect(list()).not.toBeNull();
      await finish(report("stored"));
      await finish(report("stored"));
      act(() => void uploads.add({ id: "p1", name: "Mara Lindqvist" }, [photo("c.jpg")]));
      expect(list()).not.toBeNull();
      await user.click(screen.getByRole("button", { name: "Hide the list" }));
      await finish(report("refused"));
      expect(screen.getByText("1 not added")).toBeDefined();
      expect(list()).toBeNull();
    });

    it("N2: opens when a consent has to be recorded", async () => {
      draw("a.jpg");
      expect(list()).toBeNull();
      await finish({ kind: "problem", problem: problemFrom(422, { code: "consent_required" }) });
      expect(screen.getByRole("button", { name: "Record consent" })).toBeDefined();
    });

    it("keeps the end of the page free of it, and no longer than it is there", () => {
      const room = () => document.documentElement.style.getPropertyValue("--room-below");
      const { unmount } = draw("a.jpg");
      expect(room()).toMatch(/px$/);
      unmount();
      expect(room()).toBe("");
    });
  });

  describe("while a bar is at the end of the page", () => {
    function Bar() {
      useMakeRoom();
      return <button type="button">Rate</button>;
    }
    function Page() {
      const [isSelecting, setSelecting] = useState(false);
      return (
        <>
          <button type="button" onClick={() => setSelecting(!isSelecting)}>
            Select
          </button>
          {isSelecting && <Bar />}
          <Uploads />
        </>
      );
    }
    const list = () => screen.queryByRole("list", { name: "Adding photos" });
    const line = () => document.documentElement.style.getPropertyValue("--line-below");
    const press = (name: string) => screen.getByRole("button", { name });

    it("is one line, and afterwards as before; opened for a look it folds as soon as the bar is used", async () => {
      serve({});
      const { user } = show(<Page />);
      act(() => void uploads.add({ id: "p1", name: "Mara Lindqvist" }, [photo("a.jpg"), photo("b.jpg")]));
      await finish(report("refused"));
      expect(list()).not.toBeNull();
      expect(line()).toBe("0px");
      await user.click(press("Select"));
      expect(list()).toBeNull();
      const kept = line();
      expect(kept).toMatch(/^calc/);
      await user.click(press("Show the list"));
      expect(list()).not.toBeNull();
      // The bar stays where it is, so that what is pressed there is hit.
      expect(line()).toBe(kept);
      await user.click(list() as HTMLElement);
      expect(list()).not.toBeNull();
      await user.click(press("Rate"));
      expect(list()).toBeNull();
      await user.click(press("Show the list"));
      act(() => press("Rate").focus());
      expect(list()).toBeNull();
      await user.click(press("Select"));
      expect(list()).not.toBeNull();
      expect(recall("uploads.open")).toBeNull();
    });

    it("is not opened by what is looked at", async () => {
      serve({});
      const { user } = show(<Page />);
      act(() => void uploads.add({ id: "p1", name: "Mara Lindqvist" }, [photo("a.jpg"), photo("b.jpg")]));
      await user.click(press("Hide the list"));
      await user.click(press("Select"));
      await user.click(press("Show the list"));
      await user.click(press("Select"));
      expect(list()).toBeNull();
      expect(recall("uploads.open")).toBe(false);
    });
  });

  it("asks for the pool while files are on their way, and for the record once after the last", async () => {
    const { client } = draw("a.jpg", "b.jpg");
    client.setQueryData(patientQuery("p1").queryKey, PATIENT);
    client.setQueryData(imagesQuery("p1", "time").queryKey, { pages: [], pageParams: [] });
    const isStale = () => [patientQuery("p1"), imagesQuery("p1", "time")].map(({ queryKey }) => client.getQueryState(queryKey)?.isInvalidated);
    await finish(report("stored"));
    await waitFor(() => expect(isStale()).toEqual([false, true]));
    await finish(report("stored"));
    await waitFor(() => expect(isStale()).toEqual([true, true]));
  });
});
