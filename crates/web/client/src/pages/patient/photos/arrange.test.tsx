import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { setPhotoOrder } from "../../../app/theme";
import { imageOf, PATIENT } from "../../../testing/fixtures";
import { refusal, serve } from "../../../testing/server";
import { show } from "../../../testing/show";
import type { Cell } from "./layout";
import { PhotosTab } from "./PhotosTab";
import { placeAt } from "./useDragOrder";

const LIST = "GET /api/v1/patients/p1/images";
const ORDER = "POST /api/v1/patients/p1/images/order";
const page = (ids: string[]) => ({ body: { images: ids.map(imageOf), total: ids.length, nextCursor: null, years: null } });
const shown = () => [...document.querySelectorAll<HTMLElement>("[data-cell]")].map((it) => it.dataset.cell).join("");

afterEach(() => setPhotoOrder("time"));

async function arranging() {
  const server = serve({ [LIST]: page(["a", "b", "c"]), [ORDER]: { body: { undo: [{ images: ["b"], after: "a" }] } } });
  const { user } = show(<PhotosTab patient={PATIENT} imageId={null} />);
  await user.selectOptions(await screen.findByRole("combobox", { name: "Order of the photos" }), "Manual order");
  await screen.findByRole("heading", { name: /Manual order/ });
  await waitFor(() => expect(shown()).toBe("abc"));
  return { server, user };
}
const focusOn = (id: string) => document.querySelector<HTMLElement>(`[data-cell="${id}"]`)?.focus();

describe("I3: the manual order", () => {
  it("is asked for, and changed by the keyboard: at once on screen, and undone", async () => {
    const { server, user } = await arranging();
    expect(server.to(LIST).at(-1)?.query.get("order")).toBe("manual");
    focusOn("b");
    await user.keyboard("{Shift>}{ArrowLeft}{/Shift}");
    await waitFor(() => expect(shown()).toBe("bac"));
    await screen.findByText("1 photo moved");
    expect(server.to(ORDER)[0]?.body).toEqual({ moves: [{ images: ["b"], after: null }] });
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await screen.findByText("Undone: 1 photo moved");
    expect(server.to(ORDER)[1]?.body).toEqual({ moves: [{ images: ["b"], after: "a" }] });
    expect(shown()).toBe("abc");
  });

  it("WCAG 2.4.11: what the keyboard moves keeps the focus, and the page is scrolled to it, free of the bars", async () => {
    // The row ends above the end of the window, below the beginning of what covers that.
    const box = vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 300, 900, 240));
    const { user } = await arranging();
    const scroll = vi.fn();
    vi.stubGlobal("scrollBy", scroll);
    vi.stubGlobal("innerHeight", 580);
    document.documentElement.style.scrollPaddingBottom = "96px";
    focusOn("a");
    await user.keyboard("{Shift>}{End}{/Shift}");
    await waitFor(() => expect(shown()).toBe("bca"));
    await waitFor(() => expect(scroll.mock.calls.length).toBe(1));
    expect(scroll.mock.calls[0]?.[0].top).toBeGreaterThan(0);
    expect((document.activeElement as HTMLElement).dataset.cell).toBe("a");
    document.documentElement.style.scrollPaddingBottom = "";
    box.mockRestore();
  });

  it("says on each photo the day on which it was captured", async () => {
    const { user } = await arranging();
    expect(document.querySelector('[data-cell="a"]')?.textContent).toMatch(/20 Nov 2026$/);
    await user.selectOptions(screen.getByRole("combobox", { name: "Order of the photos" }), "By capture time");
    await screen.findByRole("heading", { name: /20 Nov 2026/ });
    expect(document.querySelector('[data-cell="a"]')?.textContent).toMatch(/\d\d:\d\d$/);
  });

  it("moves made shortly after one another are undone together, the last first", async () => {
    const { server, user } = await arranging();
    focusOn("a");
    await user.keyboard("{Shift>}{ArrowRight}{/Shift}");
    await screen.findByText("1 photo moved");
    server.answer(ORDER, { body: { undo: [{ images: ["c"], after: "a" }] } });
    focusOn("c");
    await user.keyboard("{Shift>}{Home}{/Shift}");
    await screen.findByText("2 photos moved");
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await screen.findByText("Undone: 2 photos moved");
    expect(server.to(ORDER)[2]?.body).toEqual({ moves: [{ images: ["c"], after: "a" }, { images: ["b"], after: "a" }] });
  });

  it("a refusal says why, and the server's order is shown again", async () => {
    const { server, user } = await arranging();
    server.answer(ORDER, refusal(404, "not_found"));
    focusOn("c");
    await user.keyboard("{Shift>}{Home}{/Shift}");
    await screen.findByText("This does not exist, or your account cannot see it.");
    await waitFor(() => expect(shown()).toBe("abc"));
  });

  it("moves what is selected from the menu", async () => {
    const { server, user } = await arranging();
    await user.click(screen.getByRole("button", { name: "Select" }));
    await user.click((await screen.findAllByRole("checkbox"))[1] as HTMLElement);
    await user.click(await screen.findByRole("button", { name: "More" }));
    await user.click(await screen.findByRole("menuitem", { name: /Move to the end/ }));
    await waitFor(() => expect(server.to(ORDER)[0]?.body).toEqual({ moves: [{ images: ["b"], after: "c" }] }));
  });

  it("a photo that is dragged is not opened, and Escape leaves it where it was", async () => {
    const { server } = await arranging();
    const photo = document.querySelector<HTMLElement>(`[data-cell="a"]`) as HTMLElement;
    fireEvent.pointerDown(photo, { pointerId: 1, pointerType: "mouse", button: 0, isPrimary: true, clientX: 5, clientY: 5 });
    fireEvent.pointerMove(window, { pointerId: 1, pointerType: "mouse", clientX: 60, clientY: 5 });
    await waitFor(() => expect(photo.dataset.lifted).toBe("true"));
    fireEvent.keyDown(window, { key: "Escape" });
    await waitFor(() => expect(photo.dataset.lifted).toBeUndefined());
    expect(server.to(ORDER)).toEqual([]);
  });
});

it("a point says the place: before the photo whose left half it is in, behind the last of a row", () => {
  const cell = (id: string, left: number, top: number): Cell => ({ image: imageOf(id), index: 0, left, top, width: 100, height: 100 });
  const cells = [cell("a", 0, 0), cell("b", 106, 0), cell("c", 0, 106), cell("d", 106, 106)];
  const place = (id: string, x: number, y: number) => placeAt(cells, id, x, y).place;
  expect(place("d", 10, 10)).toBe(0);
  expect(place("d", 90, 10)).toBe(1);
  expect(place("d", 400, 10)).toBe(2);
  expect(place("a", 10, 150)).toBe(1);
  expect(place("a", 400, 900)).toBe(3);
  expect(place("a", 10, -50)).toBe(0);
});
