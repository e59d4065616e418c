import { expect, it } from "vitest";
import { show } from "../testing/show";
import { SEARCH_ID, useSearchKeys } from "./useSearchKeys";

function Page() {
  useSearchKeys();
  return <input id={SEARCH_ID} aria-label="Search" defaultValue="lovelace" />;
}

it("F11: “/” and Ctrl-K lead to the search and select what is in it", async () => {
  const { user } = show(<Page />);
  const field = document.getElementById(SEARCH_ID) as HTMLInputElement;
  const chosen = () => field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0);
  field.setSelectionRange(8, 8);
  await user.keyboard("/");
  expect([document.activeElement, chosen()]).toEqual([field, "lovelace"]);
  field.setSelectionRange(2, 2);
  await user.keyboard("{Control>}k{/Control}");
  expect(chosen()).toBe("lovelace");
});
