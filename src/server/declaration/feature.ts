import type { DefinedQuery } from "#database/query-plans/define-query.ts";
import type { Command } from "./command.ts";

/** A noun of the product, declared once: HTTP, sockets, OpenAPI, query proofs and isolation tests read this. */
export type Feature = {
  commands: Command[];
  /** each with its proofs */
  queries: DefinedQuery[];
};
