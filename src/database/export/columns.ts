import type pg from "pg";
import { tenantTables } from "#database/tenant-tables.ts";
import type { ExportedTable } from "./scope.ts";

export type ExportedColumn = {
  /** in the database */
  column: string;
  /** in the export: conversation_id is conversationId */
  name: string;
  type: "text" | "integer" | "number" | "boolean" | "time" | "json";
};

/** Rows of one website that are not deleted: in each they would be the same. */
const isUsual = (column: string) => !/^(website_id|delet(ed|ion)_.*)$/.test(column);

/** The columns of a table in the order of tenant-tables.ts, without those that give access. */
export async function columnsOf(client: pg.ClientBase, table: ExportedTable): Promise<ExportedColumn[]> {
  const { key, personal, plain } = tenantTables[table];
  const names = [...key, ...plain, ...personal].filter(isUsual);
  const { rows } = await client.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, null) as type
     from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [table],
  );
  const types = new Map(rows.map(({ name, type }) => [name, type]));
  return names.map(column => ({ column, name: camelCase(column), type: typeOf(types.get(column)!) }));
}

const camelCase = (name: string) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

function typeOf(type: string): ExportedColumn["type"] {
  if (type === "integer" || type === "smallint") return "integer";
  if (["bigint", "numeric", "double precision", "real"].includes(type)) return "number";
  if (type === "boolean") return "boolean";
  if (type.startsWith("timestamp")) return "time";
  return type.startsWith("json") || type.endsWith("[]") ? "json" : "text";
}
