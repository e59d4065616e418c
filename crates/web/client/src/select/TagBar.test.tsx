import { screen } from "@testing-library/react";
import { createRef } from "react";
import { expect, it, vi } from "vitest";
import { serve } from "../testing/server";
import { show } from "../testing/show";
import { TagBar } from "./TagBar";

const picked = (amount: number) => new Set(Array.from({ length: amount }, (_, at) => `p${at}`));
const bar = (amount: number) => <TagBar kind="patients" picked={picked(amount)} shown={[]} isPart onAll={vi.fn()} onNone={vi.fn()} onDone={vi.fn()} start={createRef()} />;

it("T1: tags are given to at most five hundred patients at once, which is said before anything is asked", async () => {
  serve({ "GET /api/v1/tags": { body: { categories: [] } }, "POST /api/v1/tags/selection": { body: { tags: [] } } });
  const { user } = show(bar(501));
  await user.click(screen.getByRole("button", { name: "Tag" }));
  await screen.findByText("Select at most 500 patients for this.");
  expect(screen.queryByRole("dialog")).toBeNull();
});
