import { held } from "#database/conditions.ts";
import { raw, type Sql, sql } from "#database/sql.ts";

/**
 * The one place that says what no purge may remove: conditions on a row that is about to go for good, named by its alias.
 * Whatever holds rows, such as a legal hold, adds its condition here.
 */
type MayGo = (alias: "c" | "v" | "m" | "w") => Sql;

const isNotHeld = (alias: string, target: string) =>
  raw(`and not exists (select from holds h where h.website_id = ${alias}.website_id and ${target})`);

export const mayGo: Record<"conversation" | "visitor" | "message" | "website", MayGo> = {
  conversation: c => sql`and not ${held(c)}`,
  visitor: v => isNotHeld(v, `h.target_id = ${v}.id`),
  message: m =>
    isNotHeld(
      m,
      `(h.target_id = ${m}.conversation_id or h.target_id = (
        select o.visitor_id from conversations o where o.website_id = ${m}.website_id and o.id = ${m}.conversation_id))`,
    ),
  website: w => raw(`and not exists (select from holds h where h.website_id = ${w}.id)`),
};
