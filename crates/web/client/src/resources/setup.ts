/** The first start: whether the practice is set up, and setting it up. */
import { queryOptions, useMutation } from "@tanstack/react-query";
import { http, take } from "../api/client";
import type { SetupRequest, SetupState } from "../api/types";
import type { Done } from "./pages";
import { type Presence, presenceIn } from "./session";

export const setupQuery = () =>
  queryOptions({ queryKey: ["setup"], queryFn: (): Promise<SetupState> => take(http.GET("/api/v1/setup")), staleTime: Number.POSITIVE_INFINITY });

export const useSetUp = ({ onDone, onRefused }: { onDone: Done<Presence>; onRefused: (error: unknown) => void }) =>
  useMutation({
    mutationFn: (body: SetupRequest) => presenceIn(http.POST("/api/v1/setup", { body })),
    onSuccess: onDone,
    onError: onRefused,
  });

/** Asks whether this is the set-up code; it stays good for the set-up. */
export const useCheckSetupCode = (onRight: () => void) =>
  useMutation({ mutationFn: (code: string): Promise<unknown> => take(http.POST("/api/v1/setup/code", { body: { code } })), onSuccess: onRight });
