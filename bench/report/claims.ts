import { table } from "./table.ts";

/** What is claimed of the product, what was measured, and whether the one bears out the other. */
export type Claim = { claim: string; measured: string; kept: boolean };

export const claimsTable = (claims: Claim[]): string =>
  table(
    ["what is claimed", "what came out", ""],
    claims.map(({ claim, measured, kept }) => [claim, measured, kept ? "kept" : "**missed**"]),
  );
