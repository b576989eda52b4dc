import type pg from "pg";
import { monthGone } from "#database/partitions/month-gone.ts";
import { monthOf, tableOfMonth } from "#database/partitions/months.ts";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { columnsOf } from "./columns.ts";
import { CopyOut } from "./copy-out.ts";
import { jsonLine } from "./json-line.ts";
import { conditionsOf, type ExportedTable, type Scope } from "./scope.ts";

const dayMs = 86_400_000;

/**
 * The rows of a table as NDJSON: chunks of whole and partial lines, as PostgreSQL sends them. Messages come from each
 * month's own table by its name, whether it is live, archived or waits for its end.
 * @throws AppError "not_found" for messages of a month that is no longer in the database
 */
export async function* readRows(
  client: pg.Client,
  scope: Scope,
  table: ExportedTable,
  onRows?: (count: number) => void,
): AsyncGenerator<Buffer> {
  const line = jsonLine(await columnsOf(client, table), "x");
  const key = table === "messages" ? "x.conversation_id, x.seq" : "x.id";
  const tables = table === "messages" ? await monthTables(client, scope) : [table];
  for (const source of tables) {
    const query = `select ${line} from ${source} x where ${conditionsOf(scope, table)} order by ${key}`;
    yield* client.query(new CopyOut(query, onRows)) as AsyncIterable<Buffer>;
  }
}

/** @throws AppError "not_found" for a conversation or visitor that is not there, or deleted */
export async function requireSubject(client: pg.Client, scope: Scope): Promise<void> {
  if (scope.kind !== "conversation" && scope.kind !== "visitor") return;
  const table = scope.kind === "visitor" ? "visitors" : "conversations";
  const { rows } = await client.query(`select from ${table} x where ${conditionsOf(scope, table)}`);
  if (rows.length > 0) return;
  const id = scope.kind === "visitor" ? scope.visitorId : scope.conversationId;
  throw new AppError("not_found", `The website has no ${scope.kind} ${id}, or it was deleted.`);
}

/** The tables of the months that the scope's messages are in, oldest first. */
async function monthTables(client: pg.Client, scope: Scope): Promise<string[]> {
  const { rows } = await client.query<{ month: string; state: string }>(
    "select to_char(month, 'YYYY-MM') as month, state from message_months order by month",
  );
  const wanted = await monthsOf(client, scope);
  const known = rows.filter(({ month }) => wanted(month));
  const gone = known.find(({ state }) => state === "dropped");
  if (gone && scope.kind !== "website") throw monthGone(gone.month);
  if (scope.kind === "month" && known.length === 0) {
    throw new AppError("not_found", `There is no month ${scope.month} of messages.`);
  }
  return known.filter(({ state }) => state !== "dropped").map(({ month }) => tableOfMonth(month));
}

async function monthsOf(client: pg.Client, scope: Scope): Promise<(month: string) => boolean> {
  if (scope.kind === "month") return month => month === scope.month;
  if (scope.kind === "conversation") return month => month === monthOf(scope.conversationId);
  if (scope.kind === "website") {
    // A conversation takes messages for some days only; the clock of its id may differ from the database's by a day.
    const first = new Date(scope.from.getTime() - (limits.conversationDays + 1) * dayMs).toISOString().slice(0, 7);
    const last = new Date(scope.until.getTime() + dayMs).toISOString().slice(0, 7);
    return month => month >= first && month <= last;
  }
  const { rows } = await client.query<{ id: string }>(
    `select id from conversations where website_id = $1 and visitor_id = $2`,
    [scope.websiteId, scope.visitorId],
  );
  const months = new Set(rows.map(({ id }) => monthOf(id)));
  return month => months.has(month);
}
