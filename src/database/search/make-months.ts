import type { Query } from "#database/connect.ts";
import { named } from "#database/statements/query-names.ts";

/** Makes the tables for the words of months that have none. */
export const makeSearchMonths = (query: Query): Promise<unknown> =>
  named("months of the search index", () => query({ name: "", text: "select make_search_months()", values: [] }));
