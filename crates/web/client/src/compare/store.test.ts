import { describe, expect, it, vi } from "vitest";
import { offlineProblem, problemFrom } from "../api/problem";
import { imageOf } from "../testing/fixtures";
import { type Group, newGroup } from "./group";
import { type Answer, type Change, type Conflict, Store, type Stored } from "./store";
import { PLAIN } from "./view";

const fresh = (): Group => newGroup([imageOf("a"), { ...imageOf("b"), capturedAt: "2026-11-21T10:00:00Z" }]);

/** How the server has it: as the page does, but for what a test says. */
function storedAs(group: Group, version: number, labels: Readonly<Record<string, string | null>> = {}): Stored {
  const { photos, ...values } = group;
  return {
    version,
    values: { ...values, images: photos.map((it) => it.imageId) },
    photos: photos.map((photo) => {
      const { label, view, landmarks, ruler, annotations } = photo;
      return { imageId: photo.imageId, photo, values: { label: photo.imageId in labels ? (labels[photo.imageId] ?? null) : label, view, landmarks, ruler, annotations } };
    }),
  };
}

/** A server that takes everything, each answer one version later. */
function server(store: Store, start = 1) {
  const sent: Change[] = [];
  let version = start;
  const answers: ((change: Change) => Promise<Answer>)[] = [];
  const send = async (change: Change): Promise<Answer> => {
    sent.push(change);
    version += 1;
    return answers.shift()?.(change) ?? { stored: storedAs(store.read().group, version), conflicts: [] };
  };
  return { sent, send, answers };
}

const open = (group = fresh()) => {
  const store = new Store(group);
  const all = server(store);
  store.attach(all.send, storedAs(group, 1));
  return { store, ...all };
};
const settled = (store: Store) => vi.waitFor(() => expect(store.read().isDirty).toBe(false));
const labelOf = (store: Store, id: string) => store.read().group.photos.find((it) => it.imageId === id)?.label;

describe("E5: a comparison whose visit is signed", () => {
  it("is looked at in every way, and nothing of that is sent or would be lost", async () => {
    const { store, sent } = open();
    store.freeze(storedAs(fresh(), 1));
    store.setGroup("mode", "blink");
    store.setPhoto("b", "view", { ...PLAIN, scale: 2 });
    await store.flush();
    store.retry();
    expect(sent).toEqual([]);
    expect(store.read()).toMatchObject({ isDirty: false, status: { state: "signed", isLost: false }, group: { mode: "blink" } });
    // What is told again does not take it back.
    store.freeze(storedAs(fresh(), 1));
    expect(store.read().group.mode).toBe("blink");
  });

  it("takes what was signed in the place of what came too late, and says that it was not saved", async () => {
    const { store, answers, sent } = open();
    answers.push(() => Promise.reject(problemFrom(409, { code: "visit_signed", detail: "This visit is signed." })));
    store.setPhoto("b", "label", "After");
    await vi.waitFor(() => expect(store.read().status).toEqual({ state: "signed", isLost: true }));
    store.freeze(storedAs(fresh(), 1));
    expect(labelOf(store, "b")).toBeNull();
    expect(store.read()).toMatchObject({ isDirty: false, status: { state: "signed", isLost: true } });
    expect(sent).toHaveLength(1);
  });

  it("loses nothing that was stored just before it was signed", async () => {
    const { store, answers } = open();
    const after = storedAs({ ...fresh(), mode: "blink" }, 2);
    let release = (): void => undefined;
    answers.push(() => new Promise((resolve) => (release = () => resolve({ stored: after, conflicts: [] }))));
    store.setGroup("mode", "blink");
    store.freeze(after);
    release();
    await vi.waitFor(() => expect(store.read().group.mode).toBe("blink"));
    expect(store.read().status.state).toBe("signed");
  });
});

describe("C1: a comparison that is saved in a visit", () => {
  it("sends each change on the version that was seen, the group's own first", async () => {
    const { store, sent } = open();
    store.setPhoto("b", "label", "After", true);
    store.setGroup("mode", "blink");
    expect(store.read().status.state).toBe("saving");
    await settled(store);
    expect(sent).toEqual([
      { imageId: null, turns: 0, version: 1, values: { mode: "blink" } },
      { imageId: "b", turns: 0, version: 1, values: { label: "After" } },
    ]);
    expect(store.read().status.state).toBe("saved");
  });

  it("waits while somebody types, and sends what was typed meanwhile afterwards", async () => {
    const { store, sent, answers } = open();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    answers.push(async () => {
      await held;
      return { stored: storedAs(fresh(), 2, { a: "Be" }), conflicts: [] };
    });
    store.setPhoto("a", "label", "Be", true);
    void store.flush();
    store.setPhoto("a", "label", "Before ", true);
    release();
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    expect(labelOf(store, "a")).toBe("Before ");
    expect(sent.map((it) => [it.version, it.values.label])).toEqual([[1, "Be"], [2, "Before "]]);
    await settled(store);
  });

  it("that could not be reached keeps everything and sends it again", async () => {
    const { store, sent, answers } = open();
    answers.push(() => Promise.reject(offlineProblem()));
    store.setGroup("layout", "column");
    await vi.waitFor(() => expect(store.read().status).toMatchObject({ state: "failed", isRefused: false }));
    expect(store.read()).toMatchObject({ isDirty: true, group: { layout: "column" } });
    store.retry();
    await settled(store);
    expect(sent.map((it) => it.values)).toEqual([{ layout: "column" }, { layout: "column" }]);
  });

  it("one refused field keeps back no other, and goes again once it was changed", async () => {
    const { store, sent, answers } = open();
    const no = () => Promise.reject(problemFrom(422, { code: "validation_failed", errors: [{ field: "landmarks", code: "in_line", message: "Use a landmark beside the line." }] }));
    answers.push(no, async () => ({ stored: storedAs(store.read().group, 2), conflicts: [] }), no);
    store.setPhoto("b", "label", "After", true);
    store.setPhoto("b", "landmarks", [{ x: 0.1, y: 0.1 }]);
    await vi.waitFor(() => expect(sent).toHaveLength(3));
    await vi.waitFor(() => expect(store.read().status).toMatchObject({ state: "failed", why: "Use a landmark beside the line.", isRefused: true }));
    expect(sent.map((it) => Object.keys(it.values))).toEqual([["label", "landmarks"], ["label"], ["landmarks"]]);
    store.setPhoto("a", "landmarks", [{ x: 0.3, y: 0.3 }]);
    await settled(store);
    expect(store.read().status.state).toBe("saved");
  });

  it("what someone else changed too is chosen by the person, and nothing else waits for that", async () => {
    const { store, sent, answers } = open();
    const clash: Conflict = { imageId: "b", field: "label", theirs: "Theirs", changedBy: "Ben", changedAt: "2026-11-28T10:00:00Z" };
    answers.push(async () => ({ stored: storedAs(fresh(), 9, { b: "Theirs" }), conflicts: [clash] }));
    store.setPhoto("b", "label", "Mine", true);
    await store.flush();
    expect(store.read()).toMatchObject({ status: { state: "clash" }, conflicts: [clash], isDirty: true });
    expect(labelOf(store, "b")).toBe("Mine");
    store.setGroup("mode", "split");
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    store.decide(clash, true);
    await settled(store);
    expect(sent.at(-1)).toMatchObject({ imageId: "b", values: { label: "Mine" } });
    expect(sent.at(-1)?.version).toBeGreaterThanOrEqual(9);
  });

  it("the other value stays where that is chosen, and nothing is sent for it", async () => {
    const { store, sent, answers } = open();
    const clash: Conflict = { imageId: null, field: "title", theirs: "Theirs", changedBy: null, changedAt: null };
    answers.push(async () => ({ stored: storedAs({ ...fresh(), title: "Theirs" }, 5), conflicts: [clash] }));
    store.setGroup("title", "Mine", true);
    await store.flush();
    store.decide(clash, false);
    expect(store.read()).toMatchObject({ group: { title: "Theirs" }, isDirty: false, conflicts: [] });
    expect(sent).toHaveLength(1);
  });

  it("takes photos that someone else added, and drops what was entered of one that was taken out", async () => {
    const { store, sent, answers } = open();
    const three = newGroup([imageOf("a"), imageOf("b"), imageOf("c")]);
    answers.push(async () => ({ stored: storedAs(three, 3), conflicts: [] }));
    store.setGroup("note", "Seen", false);
    await settled(store);
    expect(store.read().group.photos.map((it) => it.imageId)).toEqual(["a", "b", "c"]);
    store.setPhoto("c", "label", "Gone", true);
    store.setPhotos(store.read().group.photos.slice(0, 2));
    await settled(store);
    expect(sent.filter((it) => it.imageId === "c")).toEqual([]);
  });
});

describe("a comparison that is not saved", () => {
  it("sends nothing, and is worth a question only once something was entered", () => {
    const store = new Store(fresh());
    store.setGroup("mode", "split");
    expect(store.read()).toMatchObject({ status: { state: "unsaved" }, isDirty: false });
    store.setPhoto("a", "view", { ...PLAIN, rotation: 10 });
    expect(store.read().isDirty).toBe(true);
  });

  it("sends what was entered before once it belongs to a visit", async () => {
    const store = new Store(fresh());
    const { sent, send } = server(store);
    store.setPhoto("a", "label", "Before");
    store.setGroup("mode", "overlay");
    store.attach(send, storedAs({ ...fresh(), mode: "overlay" }, 1));
    await settled(store);
    expect(sent).toEqual([{ imageId: "a", turns: 0, version: 1, values: { label: "Before" } }]);
  });
});

