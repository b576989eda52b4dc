import type pg from "pg";
import type { Query } from "#database/connect.ts";
import { withPartitions } from "#database/partitions/missing.ts";
import { pipelined } from "#database/pipeline.ts";
import type { ConversationRow } from "#server/features/conversations/row.ts";
import { type JudgedRow, writeStatements } from "./write-statements.ts";

/** A message to write. Whether its author may write there is decided by the statement itself. */
export type Draft = {
  websiteId: number;
  conversationId: string;
  id: string;
  kind: "text" | "note";
  body: string;
  author: "agent" | "visitor";
  authorId: string;
};

export type Written =
  | { outcome: "written" | "known"; message: WrittenMessage; conversation: ConversationRow }
  /** past its days: the conversation is told so that another can continue it */
  | { outcome: "expired"; conversation: ConversationRow }
  /** the id is that of somebody else's message there */
  | { outcome: "conflict" }
  | { outcome: "not_found" };

/** Committed now, or earlier under the same id. */
export type WrittenMessage = {
  seq: number;
  /** the message before it that visitors may see, 0 when none */
  previousPublicSeq: number;
  kind: "text" | "note";
  body: string;
  createdAt: Date;
};

/**
 * Writes a batch, each in one transaction and one round trip: the locks never wait for this process.
 * @returns one outcome a draft, in order, as if they had been written one after another
 */
export async function writeBatch(pipelines: pg.Pool, drafts: Draft[]): Promise<Written[]> {
  const { first, again } = partTwins(drafts);
  const query: Query = async statement => (await pipelines.query(statement)).rows;
  const results = await withPartitions(query, () => pipelined(pipelines, writeStatements(first)));
  const written = new Map(readWritten(first, results).map((each, i) => [first[i], each]));
  // A twin finds the first one known, or takes its place.
  if (again.length > 0)
    for (const [i, each] of (await writeBatch(pipelines, again)).entries()) written.set(again[i], each);
  return drafts.map(draft => written.get(draft)!);
}

/** Writes one message inside a transaction that does more. */
export async function writeOne(query: Query, draft: Draft): Promise<Written> {
  const results: unknown[][] = [];
  for (const statement of writeStatements([draft])) results.push(await query(statement));
  return readWritten([draft], results)[0]!;
}

/** Parts the drafts whose id stands in the batch already, for the same conversation, from the others. */
function partTwins(drafts: Draft[]) {
  const seen = new Set<string>();
  const first: Draft[] = [];
  const again: Draft[] = [];
  for (const draft of drafts) {
    const key = `${draft.websiteId} ${draft.conversationId} ${draft.id}`;
    (seen.has(key) ? again : first).push(draft);
    seen.add(key);
  }
  return { first, again };
}

/** One outcome a draft, in the drafts' order, from what the statements answered. */
function readWritten(drafts: Draft[], results: unknown[][]): Written[] {
  const [judged, conversations] = results.slice(-2) as [JudgedRow[], ConversationRow[]];
  const byKey = new Map(conversations.map(row => [`${row.websiteId} ${row.id}`, row]));
  const written: Written[] = drafts.map(() => ({ outcome: "not_found" }));
  for (const { place, outcome, seq, previousPublicSeq, kind, body, createdAt } of judged) {
    const draft = drafts[place - 1]!;
    const conversation = byKey.get(`${draft.websiteId} ${draft.conversationId}`)!;
    const message = { seq, previousPublicSeq, kind: kind ?? draft.kind, body: body ?? draft.body, createdAt };
    if (outcome === "conflict") written[place - 1] = { outcome };
    else if (outcome === "expired") written[place - 1] = { outcome, conversation };
    else written[place - 1] = { outcome, message, conversation };
  }
  return written;
}
