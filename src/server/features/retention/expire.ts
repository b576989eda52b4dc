import { setTimeout as sleep } from "node:timers/promises";
import type { Db } from "#database/connect.ts";
import { monthOf } from "#database/partitions/months.ts";
import type { Log } from "#platform/log.ts";
import { insertAuditEntries } from "#server/declaration/audit-entries.ts";
import { entryOfSystem } from "#server/declaration/audit-record.ts";
import {
  deleteConversations,
  deleteSomeMessages,
  type Expiring,
  type ExpiringConversation,
  hideExpiring,
  listFree,
  lockExpiring,
} from "./expire-queries.ts";
import { pause } from "./pause.ts";

/** A batch locks so many rows for a moment. */
const maxRows = 1000;
const maxConversations = 100;
const logEveryMs = 10_000;

export const firstId = "00000000-0000-0000-0000-000000000000";

export type Expired = { conversations: number; messages: number };

type Given = Expiring & {
  /** in the audit log */
  afterDays: number;
  /** the name of who started the run, for the audit log */
  by: string;
  /** false: the messages of this month are dropped already */
  hasMessages(month: string): boolean;
  log: Log;
  signal: AbortSignal;
};

/**
 * Deletes a website's conversations whose retention has ended, with all that is theirs, in batches of 1,000 rows. After
 * each it pauses as long as it took: a busy database gets longer pauses. Each batch is a transaction with its entry in the
 * audit log, so it can be stopped at any time.
 */
export async function expireConversations(db: Db, given: Given): Promise<Expired> {
  const total: Expired = { conversations: 0, messages: 0 };
  let loggedAt = Date.now();
  for (let fromId: string | null = given.fromId; fromId && !given.signal.aborted; ) {
    const startedAt = performance.now();
    const batch = await expireBatch(db, { ...given, fromId });
    total.conversations += batch.conversations;
    total.messages += batch.messages;
    fromId = batch.next;
    if (Date.now() - loggedAt > logEveryMs) {
      given.log.info(`Website ${given.websiteId}: ${total.conversations} conversations deleted so far`);
      loggedAt = Date.now();
    }
    if (fromId) await pause(startedAt);
  }
  return total;
}

/** @returns what went, and where to go on; `next` is null at the end */
async function expireBatch(db: Db, given: Given): Promise<Expired & { next: string | null }> {
  const step = await db.transaction().execute(async tx => {
    const locked = await lockExpiring(tx, { ...given, limit: maxConversations });
    const batch = fitting(locked);
    const ids = batch.map(({ conversationId }) => conversationId);
    const next = batch.length < locked.length || locked.length === maxConversations ? idAfter(ids.at(-1)!) : null;
    const free = ids.length > 0 ? await listFree(tx, { websiteId: given.websiteId, conversationIds: ids }) : [];
    const [first] = batch;
    if (first && first.rows > maxRows && free.length > 0 && given.hasMessages(monthOf(first.conversationId))) {
      await hideExpiring(tx, { websiteId: given.websiteId, conversationId: first.conversationId });
      return { long: first.conversationId, next };
    }
    const messages = await remove(tx, given, free);
    return { long: null, next, conversations: free.length, messages };
  });
  if (step.long === null) return step;
  return { ...(await expireLong(db, given, step.long)), next: step.next };
}

/** The first ones of a month that have 1,000 rows together; at least one. */
function fitting(locked: ExpiringConversation[]): ExpiringConversation[] {
  const month = locked[0] && monthOf(locked[0].conversationId);
  let rows = 0;
  return locked.filter(({ conversationId, rows: own }, i) => {
    rows += own;
    return i === 0 || (rows <= maxRows && monthOf(conversationId) === month);
  });
}

async function expireLong(db: Db, given: Given, conversationId: string): Promise<Expired> {
  const key = { websiteId: given.websiteId, conversationId };
  let messages = 0;
  for (let gone = maxRows; gone === maxRows; messages += gone) {
    const startedAt = performance.now();
    gone = await db.transaction().execute(async tx => {
      const free = await isFree(tx, given, conversationId);
      return free ? deleteSomeMessages(tx, { ...key, limit: maxRows }) : 0;
    });
    await sleep(performance.now() - startedAt);
  }
  return db.transaction().execute(async tx => {
    if (!(await isFree(tx, given, conversationId))) return { conversations: 0, messages };
    messages += await remove(tx, given, [conversationId]);
    return { conversations: 1, messages };
  });
}

async function isFree(tx: Db, given: Given, conversationId: string): Promise<boolean> {
  const [locked] = await lockExpiring(tx, { ...given, fromId: conversationId, limit: 1 });
  if (locked?.conversationId !== conversationId) return false;
  return (await listFree(tx, { websiteId: given.websiteId, conversationIds: [conversationId] })).length === 1;
}

async function remove(tx: Db, given: Given, conversationIds: string[]): Promise<number> {
  if (conversationIds.length === 0) return 0;
  const { websiteId, afterDays, by } = given;
  const hasMessages = given.hasMessages(monthOf(conversationIds[0]!));
  const messages = await deleteConversations(tx, { websiteId, conversationIds, hasMessages });
  const details = { conversations: conversationIds.length, messages, afterDays };
  const target = { kind: "website" as const, id: String(websiteId), name: "" };
  await insertAuditEntries(tx, [entryOfSystem(by, { websiteId, action: "conversation.expired", target, details })]);
  return messages;
}

/** The smallest id that is greater. */
function idAfter(id: string): string {
  const next = (BigInt(`0x${id.replaceAll("-", "")}`) + 1n).toString(16).padStart(32, "0");
  return next.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
