import { useSyncExternalStore } from "react";
import { awaySince, subscribe, timesReturned } from "../api/reach";

/** Since when the server cannot be reached, in milliseconds since the epoch; null while it can. */
export const useAwaySince = (): number | null => useSyncExternalStore(subscribe, awaySince);

/** Rises when what failed may be tried again. */
export const useReturns = (): number => useSyncExternalStore(subscribe, timesReturned);
