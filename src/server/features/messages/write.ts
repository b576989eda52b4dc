import type pg from "pg";
import type { Query } from "#database/connect.ts";
import { withPartitions } from "#database/partitions/missing.ts";
import { byTable, writableTable } from "#database/partitions/writable.ts";
import { pipelined } from "#database/pipeline.ts";
import { type ConversationRow, splitRepeated } from "#server/features/conversations/feature.ts";
import type { NewMessage, Written } from "./new-message.ts";
import { type CheckedRow, writeStatements } from "./write-statements.ts";

/**
 * Writes a batch in one transaction and one round trip: no lock is held while this process works. Messages to old
 * conversations, which are rare, follow in a transaction a month.
 * @returns one outcome per message, in order, as if they had been written one after the other
 * @throws AppError "month_gone" if a conversation's month was deleted
 */
export async function writeBatch(pipelines: pg.Pool, messages: NewMessage[]): Promise<Written[]> {
  const { first, again } = splitRepeated(
    messages,
    message => `${message.websiteId} ${message.conversationId} ${message.id}`,
  );
  const query: Query = async statement => (await pipelines.query(statement)).rows;
  const results = await byTable(first, async (group, table) =>
    readWritten(group, await withPartitions(query, () => pipelined(pipelines, writeStatements(group, table)))),
  );
  const written = new Map(results.map((each, i) => [first[i], each]));
  // A repeated id finds the first message stored, or is stored itself if the first one was refused.
  if (again.length > 0)
    for (const [i, each] of (await writeBatch(pipelines, again)).entries()) written.set(again[i], each);
  return messages.map(message => written.get(message)!);
}

/** Writes one message inside a transaction that does more. */
export async function writeOne(query: Query, message: NewMessage): Promise<Written> {
  const results: unknown[][] = [];
  for (const statement of writeStatements([message], writableTable(message.conversationId)))
    results.push(await query(statement));
  return readWritten([message], results)[0]!;
}

/** One outcome per message, in the order of the messages, from the rows of the statements. */
export function readWritten(messages: NewMessage[], results: unknown[][]): Written[] {
  const [checked, conversations] = results.slice(-2) as [CheckedRow[], ConversationRow[]];
  const byKey = new Map(conversations.map(row => [`${row.websiteId} ${row.id}`, row]));
  const written: Written[] = messages.map(() => ({ outcome: "not_found" }));
  for (const { place, outcome, kind, body, ...row } of checked) {
    const sent = messages[place - 1]!;
    const conversation = byKey.get(`${sent.websiteId} ${sent.conversationId}`)!;
    const message = { ...row, kind: kind ?? sent.kind, body: body ?? sent.body };
    if (outcome === "conflict") written[place - 1] = { outcome };
    else if (outcome === "expired") written[place - 1] = { outcome, conversation };
    else written[place - 1] = { outcome, message, conversation };
  }
  return written;
}
