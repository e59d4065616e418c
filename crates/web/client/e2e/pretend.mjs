// A long list of photos without adding them: the list and the renditions are answered by the test, as the server pages them.
const LIST = /\/api\/v1\/patients\/[^/]+\/images(\?|$)/;
const RENDITION = /\/images\/pretended-[^/]+\/(thumbnail|medium|screen|full)(\?.*)?$/;
const SHAPES = [[4032, 3024], [3024, 4032], [4000, 2250], [2000, 2000]];
const START = Date.UTC(2026, 10, 25, 20);

/** Small days, and every now and then a large one. */
function image(index) {
  const [width, height] = SHAPES[(index * 7) % 4];
  const day = Math.floor(index / 37) * 8 + Math.min(7, Math.floor((index % 37) / 3));
  const at = new Date(START - day * 2.7 * 86_400_000 - (index % 37) * 1000).toISOString();
  return { id: `pretended-${index}`, version: 1, fileName: `${index}.jpg`, format: "jpeg", bytes: 1000, width, height, capturedAt: at, uploadedAt: at, uploadedBy: "amal.okafor", uploadedByName: "Amal Okafor", device: null, sha256: "00", incomplete: false, pages: 1 };
}

/** So many photos over eight years, whose renditions are one real one; with `isMixed` the patient's own come first, as the server has them. */
export async function pretend(page, total, bytes, { isMixed = false } = {}) {
  const perYear = new Map();
  for (let index = 0; index < total; index += 1) {
    const year = Number(image(index).capturedAt.slice(0, 4));
    perYear.set(year, (perYear.get(year) ?? 0) + 1);
  }
  await page.route(LIST, async (route) => {
    if (route.request().method() !== "GET") return route.continue();
    const url = new URL(route.request().url());
    const cursor = url.searchParams.get("cursor");
    const limit = Number(url.searchParams.get("limit"));
    const from = Number(cursor ?? 0);
    const own = isMixed && cursor === null ? await (await route.fetch()).json() : null;
    const images = [...(own?.images ?? []), ...Array.from({ length: Math.max(0, Math.min(limit - (own?.images.length ?? 0), total - from)) }, (_, offset) => image(from + offset))];
    const next = from + images.length - (own?.images.length ?? 0);
    const years = new Map(perYear);
    for (const { year, count } of own?.years ?? []) years.set(year, (years.get(year) ?? 0) + count);
    const all = [...years].map(([year, count]) => ({ year, count })).toSorted((a, b) => b.year - a.year);
    return route.fulfill({ json: { images, total: total + (own?.total ?? 0), nextCursor: next < total ? String(next) : null, years: cursor === null ? all : null } });
  });
  await page.route(RENDITION, (route) => route.fulfill({ contentType: "image/jpeg", body: bytes }));
}
