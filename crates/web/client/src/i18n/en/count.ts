import { counter } from "../plural";

/** "1 photo", "1,200 photos". */
export const count = counter("en-GB");
