import { cleanup, screen } from "@testing-library/react";
import type { ReactElement } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Setting } from "../api/types";
import { Shell } from "../app/Shell";
import { ActivityPage } from "../pages/activity/ActivityPage";
import { NotFound } from "../pages/NotFound";
import { PatientPage } from "../pages/patient/PatientPage";
import { VisitPage } from "../pages/patient/visits/VisitPage";
import { NewPatientDialog } from "../pages/patients/NewPatientDialog";
import { PatientsPage } from "../pages/patients/PatientsPage";
import { SessionsPage } from "../pages/settings/SessionsPage";
import { SettingsPage } from "../pages/settings/SettingsPage";
import { SetupPage } from "../pages/setup/SetupPage";
import { SignInPage } from "../pages/sign-in/SignInPage";
import { CONSENT, CONSENT_FORM, imageOf, listedVisit, ME, PATIENT, patientPage, summaryOf, visitOf, visitPage } from "../testing/fixtures";
import { serve } from "../testing/server";
import { show } from "../testing/show";
import { whole as en } from "./en/whole";
import { type Catalogue, install, language, loadLanguage, t } from "./index";

/** English with a mark around each text, in the place of a translation. */
function marked(node: unknown): unknown {
  if (typeof node === "string") return `⟦${node}⟧`;
  if (typeof node === "function") return (...given: unknown[]) => `⟦${String(node(...given))}⟧`;
  if (Array.isArray(node)) return node.map(marked);
  return Object.fromEntries(Object.entries(node as object).map(([key, value]) => [key, marked(value)]));
}
const pseudo: Catalogue = { ...(marked(en) as Catalogue), locale: "de-DE" };

vi.mock("../live", async () => (await import("../testing/draft")).liveMock);
vi.mock("signature_pad", async () => ({ default: (await import("../testing/pad")).FakePad }));

afterEach(() => {
  cleanup();
  install(en);
});

describe("another language", () => {
  it("has every key of English: one less, or one of another kind, is a type error", () => {
    const { retry, ...common } = en.common;
    expect(retry).toBe("Try again");
    // @ts-expect-error a text is missing
    const lacking: Catalogue = { ...en, common };
    // @ts-expect-error a text that takes an amount must not be replaced by one that does not
    const other: Catalogue = { ...en, patients: { ...en.patients, total: "patients" } };
    // @ts-expect-error codes of the server are keys like all others
    const codes: Catalogue = { ...en, activity: { ...en.activity, actions: {} } };
    expect([lacking, other, codes]).toHaveLength(3);
  });

  it("is loaded only where it is preferred over English, which needs no loading", async () => {
    const load = vi.fn(async () => ({ catalogue: pseudo }));
    const languages = { "./languages/de.ts": load };
    await loadLanguage(["en-US", "de"], languages);
    await loadLanguage(["xx", "fr-CA"], languages);
    expect(load).not.toHaveBeenCalled();
    expect(t.common.retry).toBe("Try again");
    await loadLanguage(["fr", "de-CH", "en"], languages);
    expect(load).toHaveBeenCalledOnce();
    expect(t.common.retry).toBe("⟦Try again⟧");
    expect([language(), document.documentElement.lang]).toEqual(["de", "de-DE"]);
  });

  it("leaves English when it cannot be loaded", async () => {
    await expect(loadLanguage(["de"], { "./languages/de.ts": () => Promise.reject(new Error("no connection")) })).rejects.toThrow();
    expect(t.common.retry).toBe("Try again");
  });
});

/** Everything that a person reads or hears, without what comes from the server and bare numbers and dates. */
function unmarked(): string[] {
  const words: string[] = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) words.push(node.textContent ?? "");
  for (const name of ["aria-label", "title", "placeholder", "alt"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) words.push(element.getAttribute(name) ?? "");
  }
  const isEnglish = (word: string) => /\p{L}{2}/u.test(word) && !word.includes("⟦") && !GIVEN.test(word.trim());
  return [...new Set(words.filter(isEnglish))];
}

/** Names, codes and what else the fixtures hold; months, days and units as German writes them. */
const GIVEN =
  /^(Mara|Lindqvist|vor .*|Cutis|Praxis|Amal( Okafor)?|amal\.okafor|AO|ML|AL|Ada Lovelace|Mara Lindqvist|lp-1|7-l1|i1\.jpg|Photography|I agree\.|Why|To see changes\.|What I agree to|Record|Teaching|Photos in .*|Folder B|A visit|Notes|UTC|XXXX-XXXX-XXXX|[A-Z]\w+\/\S+|image\.stored|.*(November|Nov\.?|Tag|Stunde|Minute|byte|kB|MB)\b.*|[\d.:, ]+(Uhr)?)$/;

const routes = {
  "POST /api/v1/patients/search": { body: patientPage([summaryOf("l1", "Lovelace")], 2, "next") },
  "GET /api/v1/patients/*": { body: { ...PATIENT, imageCount: 1 } },
  "GET /api/v1/patients/*/images": { body: { images: [imageOf("i1")], total: 1, nextCursor: null } },
  "GET /api/v1/patients/*/entries": { body: visitPage([listedVisit("e1", "2026-11-20T10:00:00Z", { title: "A visit", excerpt: "Notes", images: ["i1"], offered: ["i1"] })]) },
  "GET /api/v1/patients/*/entries/*": { body: visitOf("e1") },
  "GET /api/v1/patients/*/entries/*/workspace": { body: { images: ["i1"], comparisons: [] } },
  "GET /api/v1/patients/*/entries/*/tags": { body: { tags: [] } },
  "GET /api/v1/patients/*/consents": { body: { consents: [CONSENT] } },
  "GET /api/v1/patients/*/activity": {
    body: { events: [{ sequence: 1, at: "2026-11-20T10:00:00Z", actor: { kind: "account", name: "Amal Okafor" }, action: "image.stored", outcome: "ok", target: null, ip: null, userAgent: null, details: [], images: [] }], nextCursor: null },
  },
  "GET /api/v1/account/activity": { body: { events: [], nextCursor: null } },
  "GET /api/v1/consent-form": { body: CONSENT_FORM },
  "GET /api/v1/patient-fields": { body: { fields: [] } },
  "GET /api/v1/practice/notices": { body: { notices: [] } },
  "GET /api/v1/sessions": { body: { sessions: [{ id: "s1", current: true, createdAt: "2026-11-20T10:00:00Z", lastSeenAt: "2026-11-20T10:00:00Z", ip: null, userAgent: null }] } },
  "GET /api/v1/settings": { body: { settings: [{ key: "session.idle_minutes", kind: "integer", value: "15", label: "", min: 5, max: 60 } as Setting] } },
};

const patientTab = (tab: string, imageId: string | null = null) => <PatientPage patientId="p1" tab={tab} imageId={imageId} />;

describe("the pages were loaded in English, and are shown in another language all the same", () => {
  const ready = /⟦.*⟧/;
  const pages: readonly { name: string; page: () => ReactElement; wait: RegExp; path?: string }[] = [
    { name: "patients", page: () => <PatientsPage />, wait: /Lovelace/ },
    { name: "a new patient", page: () => <NewPatientDialog onClose={() => undefined} />, wait: /⟦New patient⟧/ },
    { name: "photos", page: () => patientTab("photos"), wait: /⟦Photo 1 of 1/ },
    { name: "the viewer", page: () => patientTab("photos", "i1"), wait: /⟦Press \+/ },
    { name: "visits", page: () => patientTab("visits"), wait: /A visit/ },
    { name: "a visit", page: () => <VisitPage patientId="p1" entryId="e1" imageId={null} />, wait: /⟦Photo 1 of 1 of this visit/ },
    { name: "consents", page: () => patientTab("consent"), wait: /Folder B/ },
    { name: "a consent", page: () => patientTab("consent"), wait: /⟦Hand the device/, path: "/patients/p1/consent?record=1" },
    { name: "details", page: () => patientTab("details"), wait: /⟦Unique ID⟧/ },
    { name: "activity", page: () => patientTab("activity"), wait: /⟦added a photo⟧/ },
    { name: "my activity", page: () => <ActivityPage />, wait: /⟦Nothing recorded yet⟧/ },
    { name: "devices", page: () => <SessionsPage />, wait: /⟦This device⟧/ },
    { name: "settings", page: () => <SettingsPage />, wait: /⟦Sign out after/ },
    { name: "not found", page: () => <NotFound />, wait: ready },
    { name: "the frame", page: () => <Shell presence={{ me: ME, life: { idleMs: 9e5, absoluteEnd: 9e15 } }}>{null}</Shell>, wait: /⟦My activity⟧/ },
  ];

  it.each(pages)("$name", async ({ page, wait, path = "/" }) => {
    serve(routes);
    install(pseudo);
    show(page(), { path });
    expect((await screen.findAllByText((text, element) => wait.test(text) || wait.test(element?.getAttribute("aria-label") ?? ""))).length).toBeGreaterThan(0);
    expect(unmarked()).toEqual([]);
  });

  it.each([
    ["sign-in", () => <SignInPage />],
    ["set-up", () => <SetupPage policy="complex" />],
  ])("%s", async (_name, page) => {
    serve(routes);
    install(pseudo);
    show(page(), { me: null });
    await screen.findByRole("heading", { level: 1, name: ready });
    expect(unmarked()).toEqual([]);
  });
});
