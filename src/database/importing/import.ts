import { createHash } from "node:crypto";
import type { Db } from "#database/connect.ts";
import { queryIn } from "#database/connect.ts";
import { withPartitions } from "#database/partitions/missing.ts";
import { monthOf } from "#database/partitions/months.ts";
import { queueMessages } from "#database/search/index-queries.ts";
import { AppError } from "#protocol/errors.ts";
import { type ImportedConversation, readLine } from "./line.ts";
import {
  type FoundVisitor,
  findAccounts,
  findMembers,
  findVisitors,
  insertConversations,
  insertMessages,
  insertVisitors,
  type NewConversation,
  readStored,
} from "./queries.ts";
import { rowsOf, visitorIdOf } from "./rows.ts";

export type ImportReport = {
  lines: number;
  /** written now; a conversation of more than 30 days is several */
  conversations: number;
  messages: number;
  /** were there already, from an earlier import */
  alreadyHere: number;
  /** reason → how many lines */
  linesLeftOut: Record<string, number>;
  /** reason → how many messages of lines that were kept */
  messagesLeftOut: Record<string, number>;
  /** agents' e-mail addresses that are no member's: their messages have no name */
  unknownAgents: string[];
  /** the first lines that were left out */
  examples: { line: number; reason: string }[];
};

const maxExamples = 20;
const maxBatchMessages = 5_000;

/**
 * Imports conversations into a website, a batch a transaction. It can be stopped at any time and run again: what is there is
 * left as it is. Each batch is read back and compared before its commit.
 * @param lines       JSON objects, as docs/import.md describes them
 * @param p.isDryRun  reads and checks all lines, and writes nothing
 * @throws AppError "database_failed" if what was read back is not what was written
 */
export async function importConversations(
  db: Db,
  lines: AsyncIterable<string>,
  p: { websiteId: number; isDryRun: boolean; onProgress(report: ImportReport): void },
): Promise<ImportReport> {
  const report = emptyReport();
  let batch: ImportedConversation[] = [];
  let size = 0;
  const flush = async () => {
    if (batch.length > 0) await writeBatch(db, p, batch, report);
    p.onProgress(report);
    batch = [];
    size = 0;
  };
  for await (const line of lines) {
    report.lines++;
    if (!line.trim()) continue;
    const read = readLine(line);
    if (typeof read === "string") {
      leaveOut(report, read, report.lines);
      continue;
    }
    for (const [reason, count] of read.leftOut) add(report.messagesLeftOut, reason, count);
    batch.push(read);
    size += read.messages.length;
    if (size >= maxBatchMessages) await flush();
  }
  await flush();
  return report;
}

type Website = { websiteId: number; isDryRun: boolean };

async function writeBatch(db: Db, p: Website, batch: ImportedConversation[], report: ImportReport): Promise<void> {
  const agents = await findAgents(db, p.websiteId, batch, report);
  const months = Map.groupBy(
    batch.flatMap(conversation => rowsOf(p.websiteId, conversation).map(rows => ({ conversation, rows }))),
    ({ rows }) => monthOf(rows.id),
  );
  if (p.isDryRun) {
    for (const { rows } of [...months.values()].flat()) count(report, rows.messages.length);
    return;
  }
  const visitorIds = await makeVisitors(db, p.websiteId, batch, report);
  // The oldest month first: a conversation refers to the one that it continues.
  for (const [month, entries] of [...months].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const conversations = entries.flatMap(({ conversation, rows }) => {
      const visitorId = visitorIds.get(conversation);
      return visitorId ? [{ ...rows, visitorId }] : [];
    });
    if (conversations.length > 0) await writeMonth(db, p.websiteId, month, conversations, agents, report);
  }
}

/** Writes conversations of one month, whose messages are in one table. */
async function writeMonth(
  db: Db,
  websiteId: number,
  month: string,
  conversations: NewConversation[],
  agents: Map<string, string>,
  report: ImportReport,
): Promise<void> {
  try {
    const inserted = await withPartitions(queryIn(db), () =>
      db.transaction().execute(async tx => {
        const ids = new Set(await insertConversations(tx, websiteId, conversations));
        const made = conversations.filter(({ id }) => ids.has(id));
        if (made.length === 0) return made;
        await insertMessages(tx, websiteId, made, agents);
        for (const { id, messages } of made) {
          await queueMessages(tx, { websiteId, conversationId: id, seqs: messages.map(({ seq }) => seq) });
        }
        requireSame(made, await readStored(tx, websiteId, [...ids]));
        return made;
      }),
    );
    report.alreadyHere += conversations.length - inserted.length;
    for (const { messages } of inserted) count(report, messages.length);
  } catch (error) {
    if (!(error instanceof AppError && error.code === "month_gone")) throw error;
    add(report.linesLeftOut, `the month ${month} was deleted by the retention`, conversations.length);
  }
}

/** @throws AppError "database_failed" */
function requireSame(written: NewConversation[], stored: { id: string; messages: number; hash: string }[]): void {
  const found = new Map(stored.map(each => [each.id, each]));
  for (const { id, messages } of written) {
    const hash = createHash("md5")
      .update(messages.map(({ body }) => body).join(""))
      .digest("hex");
    const there = found.get(id);
    if (there?.messages === messages.length && there.hash === hash) continue;
    throw new AppError(
      "database_failed",
      `The conversation ${id} reads back other than it was written. Nothing of it is kept.`,
    );
  }
}

/** The rows of the batch's visitors; none for a visitor who is in the trash. */
async function makeVisitors(
  db: Db,
  websiteId: number,
  batch: ImportedConversation[],
  report: ImportReport,
): Promise<Map<ImportedConversation, string>> {
  const visitors = batch.map(conversation => {
    const { externalId = null, name = null, email = null, attributes } = conversation.visitor;
    const [firstSeenAt, lastSeenAt] = [conversation.messages[0]!.at, conversation.messages.at(-1)!.at];
    const id = visitorIdOf(websiteId, conversation);
    return { id, externalId, name, email, attributes: JSON.stringify(attributes), firstSeenAt, lastSeenAt };
  });
  await insertVisitors(db, websiteId, visitors);
  const externalIds = visitors.flatMap(({ externalId }) => externalId ?? []);
  const found = await findVisitors(
    db,
    websiteId,
    visitors.map(({ id }) => id),
    externalIds,
  );
  const byExternalId = new Map(found.map(visitor => [visitor.externalId, visitor]));
  const byId = new Map(found.map(visitor => [visitor.id, visitor]));
  const rowOf = (i: number): FoundVisitor =>
    ((visitors[i]!.externalId && byExternalId.get(visitors[i]!.externalId)) || byId.get(visitors[i]!.id))!;
  const result = new Map<ImportedConversation, string>();
  for (const [i, conversation] of batch.entries()) {
    const row = rowOf(i);
    if (row.isDeleted) leaveOut(report, "its visitor is in the trash", null);
    else result.set(conversation, row.id);
  }
  return result;
}

/** E-mail address in lower case → the agent's id. */
async function findAgents(
  db: Db,
  websiteId: number,
  batch: ImportedConversation[],
  report: ImportReport,
): Promise<Map<string, string>> {
  const emails = new Set(
    batch.flatMap(({ messages }) => messages.flatMap(({ agentEmail }) => agentEmail?.toLowerCase() ?? [])),
  );
  if (emails.size === 0) return new Map();
  const accounts = await findAccounts(db, [...emails]);
  const members =
    accounts.length > 0
      ? await findMembers(
          db,
          websiteId,
          accounts.map(({ id }) => id),
        )
      : [];
  const agents = new Map(accounts.filter(({ id }) => members.includes(id)).map(({ email, id }) => [email, id]));
  for (const email of emails) {
    if (!agents.has(email) && !report.unknownAgents.includes(email)) report.unknownAgents.push(email);
  }
  return agents;
}

const emptyReport = (): ImportReport => ({
  lines: 0,
  conversations: 0,
  messages: 0,
  alreadyHere: 0,
  linesLeftOut: {},
  messagesLeftOut: {},
  unknownAgents: [],
  examples: [],
});

function count(report: ImportReport, messages: number): void {
  report.conversations++;
  report.messages += messages;
}

function leaveOut(report: ImportReport, reason: string, line: number | null): void {
  add(report.linesLeftOut, reason, 1);
  if (line !== null && report.examples.length < maxExamples) report.examples.push({ line, reason });
}

function add(counts: Record<string, number>, name: string, count: number): void {
  counts[name] = (counts[name] ?? 0) + count;
}
