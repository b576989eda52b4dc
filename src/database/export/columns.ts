import type pg from "pg";
import { tenantTables } from "#database/tenant-tables.ts";
import type { ExportedTable } from "./scope.ts";

export type ExportedColumn = {
  /** in the database */
  column: string;
  /** in the export: conversation_id is conversationId */
  name: string;
  type: "text" | "integer" | "number" | "boolean" | "time" | "json";
  isNullable: boolean;
  /** how its text becomes JSON; an enum's labels need no escapes: they are names of ours */
  json: "bare" | "quoted" | "escaped";
};

/** Rows of one website that are not deleted: in each they would be the same. */
const isUsual = (column: string) => !/^(website_id|delet(ed|ion)_.*)$/.test(column);

/** The columns of a table in the order of tenant-tables.ts, without those that give access. */
export async function columnsOf(client: pg.ClientBase, table: ExportedTable): Promise<ExportedColumn[]> {
  const { key, personal, plain } = tenantTables[table];
  const names = [...key, ...plain, ...personal].filter(isUsual);
  const { rows } = await client.query<Attribute>(
    `select attname as name, format_type(atttypid, null) as type, not attnotnull as "isNullable", typtype = 'e' as "isEnum"
     from pg_attribute
     join pg_type t on t.oid = atttypid
     where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [table],
  );
  const attributes = new Map(rows.map(row => [row.name, row]));
  return names.map(column => {
    const { type, isNullable, isEnum } = attributes.get(column)!;
    const json = isEnum || type === "uuid" ? "quoted" : bare.includes(type) ? "bare" : "escaped";
    return { column, name: camelCase(column), type: typeOf(type), isNullable, json };
  });
}

type Attribute = { name: string; type: string; isNullable: boolean; isEnum: boolean };

/** Types whose text is JSON already. */
const bare = ["smallint", "integer", "bigint", "boolean", "json", "jsonb"];

const camelCase = (name: string) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

function typeOf(type: string): ExportedColumn["type"] {
  if (type === "integer" || type === "smallint") return "integer";
  if (["bigint", "numeric", "double precision", "real"].includes(type)) return "number";
  if (type === "boolean") return "boolean";
  if (type.startsWith("timestamp")) return "time";
  return type.startsWith("json") || type.endsWith("[]") ? "json" : "text";
}
