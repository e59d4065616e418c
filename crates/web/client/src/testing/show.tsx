/** Renders a component as the program does: signed in, with a location, a query cache and toasts. */
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, configure, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { I18nProvider } from "react-aria-components/I18nProvider";
import { afterEach, beforeAll, vi } from "vitest";
import { Router } from "wouter";
import { memoryLocation } from "wouter/memory-location";
import type { Me } from "../api/types";
import { fetchParts } from "../app/later";
import { SessionProvider } from "../app/session";
import { t } from "../i18n";
import { makeQueryClient } from "../resources/queryClient";
import { type Presence, presenceQuery } from "../resources/session";
import { clearToasts, Toasts } from "../ui/toasts";
import { uploads } from "../upload/manager";
import { ME } from "./fixtures";

// A busy machine must not fail a test.
configure({ asyncUtilTimeout: 5000 });

// What comes in files of its own is there from the start; app/later.test.tsx is about the time before.
beforeAll(fetchParts);

afterEach(() => {
  cleanup();
  clearToasts();
  uploads.clear("on this page");
  vi.unstubAllGlobals();
});

export function show(children: ReactNode, { path = "/", me = ME }: { path?: string; me?: Me | null } = {}) {
  const client = makeQueryClient();
  client.setDefaultOptions({ queries: { ...client.getDefaultOptions().queries, retry: false } });
  const life = { idleMs: 15 * 60_000, absoluteEnd: Number.POSITIVE_INFINITY };
  const presence: Presence | null = me && { me, life };
  client.setQueryData(presenceQuery().queryKey, presence);
  const place = memoryLocation({ path, record: true });
  const drawn = render(
    <QueryClientProvider client={client}>
      <I18nProvider locale={t.locale}>
        <Router hook={place.hook} searchHook={place.searchHook}>
          <SessionProvider>
            {children}
            <Toasts />
          </SessionProvider>
        </Router>
      </I18nProvider>
    </QueryClientProvider>,
  );
  return { ...drawn, client, place, user: userEvent.setup() };
}

/** The element that has the focus, by its accessible name or its text. */
export const focused = (): string => {
  const element = document.activeElement;
  return element?.getAttribute("aria-label") ?? (element as HTMLInputElement | null)?.labels?.[0]?.textContent ?? element?.textContent ?? "";
};

/** What a labelled field says about itself below: its help or what is wrong with it. */
export function noteOf(label: RegExp | string): string {
  const field = screen.getByLabelText(label);
  const ids = field.getAttribute("aria-describedby")?.split(" ") ?? [];
  return ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim();
}
