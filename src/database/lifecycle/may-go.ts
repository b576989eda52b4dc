import { none, type Sql } from "#database/sql.ts";

/**
 * The one place that says what no purge may remove: conditions on a row that is about to go for good, named by its alias.
 * Whatever holds rows, such as a legal hold, adds its condition here.
 */
type MayGo = (alias: "c" | "v" | "m" | "w") => Sql;

export const mayGo: Record<"conversation" | "visitor" | "message" | "website", MayGo> = {
  conversation: () => none,
  visitor: () => none,
  message: () => none,
  website: () => none,
};
