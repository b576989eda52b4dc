import { table } from "./table.ts";

/** A claim about the product, what was measured, and whether the measurement supports the claim. */
export type Claim = { claim: string; measured: string; isKept: boolean };

export const claimsTable = (claims: Claim[]): string =>
  table(
    ["claim", "measured", ""],
    claims.map(({ claim, measured, isKept }) => [claim, measured, isKept ? "kept" : "**missed**"]),
  );
