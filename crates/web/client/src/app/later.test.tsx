import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { cameBack } from "../api/reach";
import { serve } from "../testing/server";
import { show } from "../testing/show";
import { Toasts } from "../ui/toasts";
import { fetchParts, later } from "./later";

const Settings = ({ name }: { name: string; onClose?: () => void }) => <h1>{`Settings of ${name}`}</h1>;

/** A part whose file comes, or doesn't, when the test says so. */
function part(look: Parameters<typeof later>[1] = {}) {
  const asked: { come: () => void; fail: () => void }[] = [];
  const load = () => new Promise<typeof Settings>((resolve, reject) => asked.push({ come: () => resolve(Settings), fail: () => reject(new TypeError("Failed to fetch dynamically imported module")) }));
  return { Part: later(load, look), asked };
}

/** The server answers, or is away; what is asked of it is /health. */
const health = (isThere: boolean) => vi.stubGlobal("fetch", vi.fn(() => (isThere ? Promise.resolve(new Response("ok")) : Promise.reject(new TypeError("no route")))));

describe("a part in a file of its own", () => {
  it("is fetched when it is shown, and something stands in for it until it is there", async () => {
    const { Part, asked } = part({ waiting: <p>Waiting</p> });
    expect(asked).toHaveLength(0);
    show(<Part name="Praxis" />);
    expect(screen.getByText("Waiting")).toBeDefined();
    asked[0]?.come();
    await screen.findByRole("heading", { name: "Settings of Praxis" });
    expect(asked).toHaveLength(1);
  });

  it("is there at once when it was fetched before; one that is rare is not", async () => {
    const { Part, asked } = part();
    const rare = part({ isRare: true });
    const fetching = fetchParts();
    await waitFor(() => expect(asked).toHaveLength(1));
    asked[0]?.come();
    await fetching;
    show(<Part name="Praxis" />);
    expect(screen.getByRole("heading", { name: "Settings of Praxis" })).toBeDefined();
    expect(rare.asked).toHaveLength(0);
  });

  it("after an update of the server, which no longer has the file: reload", async () => {
    serve({});
    health(true);
    const { Part, asked } = part();
    show(<Part name="Praxis" />);
    asked[0]?.fail();
    await screen.findByRole("heading", { name: "Reload to continue" });
    expect(screen.getByRole("alert").textContent).toContain("Everything that was saved is safe.");
    const reload = vi.spyOn(location, "reload").mockReturnValue();
    screen.getByRole("button", { name: "Reload" }).click();
    expect(reload).toHaveBeenCalledOnce();
  });

  it("while the server is away: it opens as soon as the server answers", async () => {
    health(false);
    const { Part, asked } = part();
    show(<Part name="Praxis" />);
    asked[0]?.fail();
    await screen.findByRole("heading", { name: "This could not be loaded" });
    health(true);
    cameBack();
    await waitFor(() => expect(asked).toHaveLength(2));
    asked[1]?.come();
    await screen.findByRole("heading", { name: "Settings of Praxis" });
  });

  it("in the place of a dialog it can be closed, and over everything else it is only told", async () => {
    health(true);
    const onClose = vi.fn();
    const { Part, asked } = part({ missing: "dialog" });
    const { user } = show(<Part name="Praxis" onClose={onClose} />);
    asked[0]?.fail();
    await screen.findByRole("dialog", { name: "Not loaded yet" });
    await user.keyboard("{Escape}");
    expect(onClose).toHaveBeenCalledOnce();

    const other = part({ missing: "toast" });
    const gone = vi.fn();
    show(
      <>
        <other.Part name="Praxis" onClose={gone} />
        <Toasts />
      </>,
    );
    other.asked[0]?.fail();
    await waitFor(() => expect(gone).toHaveBeenCalledOnce());
    expect((await screen.findAllByText(/^Cutis may have been updated/)).length).toBeGreaterThan(0);
  });
});
