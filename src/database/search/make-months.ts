import type { Query } from "#database/connect.ts";

/** Makes the tables for the words of months that have none. */
export const makeSearchMonths = (query: Query): Promise<unknown> =>
  query({ name: "", text: "select make_search_months()", values: [] });
