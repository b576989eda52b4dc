import { type Corpus, previewOf } from "./corpus.ts";
import type { Plan } from "./plan.ts";
import type { Random } from "./random.ts";

/** A conversation while its messages are written: the columns of its row, updated as the product updates them. */
export type Conversation = {
  plan: Plan;
  lastSeq: number;
  lastPublicSeq: number;
  lastMessageAtMs: number;
  /** turn of the corpus that the preview shows: of the last message that was not deleted */
  lastPublicTurn: number;
  lastPublicByAgent: boolean;
  waitingSinceMs: number | null;
  firstReplyAtMs: number | null;
  agentReadSeq: number;
  visitorReadSeq: number;
  agentUnread: number;
  visitorUnread: number;
  /** number of reads: each is a version of the row */
  reads: number;
  /** number of edits and deletions: each is a version too */
  changes: number;
  lastChange: Change | null;
  /** the next turn of the corpus, and the end of its dialogue */
  turn: number;
  dialogueEnd: number;
};

export type Next =
  | { kind: "text" | "note"; byAgent: boolean; turn: number }
  | { kind: "event"; type: "assigned" | "resolved" };

/** An edit or deletion by the author. @param version  of the conversation at that time */
export type Change = { isDeletion: boolean; atMs: number; version: number };

const noteShare = 0.03;
const changeShares = { edited: 0.01, deleted: 0.003 };
/** Time from the message to its change; the next message comes later. */
const changedAfterMs = 5_000;

export function beginConversation(plan: Plan, random: Random): Conversation {
  const { first, end } = random.pick(plan.website.topic.dialogues);
  return {
    plan,
    lastSeq: 0,
    lastPublicSeq: 0,
    lastMessageAtMs: plan.beganMs,
    lastPublicTurn: first,
    lastPublicByAgent: false,
    waitingSinceMs: null,
    firstReplyAtMs: null,
    agentReadSeq: 0,
    visitorReadSeq: 0,
    agentUnread: 0,
    visitorUnread: 0,
    reads: 0,
    changes: 0,
    lastChange: null,
    turn: first,
    dialogueEnd: end,
  };
}

/**
 * Decides the next message and whether its author changes it, and updates the conversation as the product does: see
 * messages/write.ts and messages/change.ts.
 */
export function advance(
  c: Conversation,
  atMs: number,
  corpus: Corpus,
  random: Random,
): Next & { change: Change | null } {
  const next = decideNext(c, corpus, random);
  const seq = ++c.lastSeq;
  const chance = random.unit();
  const isChanged = next.kind !== "event" && seq > 1 && chance < changeShares.edited;
  const isDeleted = isChanged && chance < changeShares.deleted;
  c.lastMessageAtMs = atMs;
  if (next.kind === "event") {
    if (next.type === "resolved") c.waitingSinceMs = null;
  } else if (next.kind === "text") {
    c.lastPublicSeq = seq;
    if (next.byAgent) c.firstReplyAtMs ??= atMs;
    if (!isDeleted) countMessage(c, next, atMs);
  }
  // An author has read all messages up to their own.
  if (next.kind !== "text" || next.byAgent) readAsAgent(c);
  else readAsVisitor(c);
  return { ...next, change: isChanged ? change(c, atMs, isDeleted) : null };
}

function countMessage(c: Conversation, { turn, byAgent }: { turn: number; byAgent: boolean }, atMs: number): void {
  c.lastPublicTurn = turn;
  c.lastPublicByAgent = byAgent;
  if (byAgent) {
    c.waitingSinceMs = null;
    c.visitorUnread++;
  } else {
    c.waitingSinceMs ??= atMs;
    c.agentUnread++;
  }
}

function change(c: Conversation, sentAtMs: number, isDeletion: boolean): Change {
  c.changes++;
  const atMs = Math.min(sentAtMs + changedAfterMs, c.plan.endsMs);
  c.lastChange = { isDeletion, atMs, version: versionOf(c) };
  return c.lastChange;
}

export const versionOf = (c: Conversation) => 1 + c.lastSeq + c.reads + c.changes;

function decideNext(c: Conversation, corpus: Corpus, random: Random): Next {
  const { plan } = c;
  const seq = c.lastSeq + 1;
  if (seq === plan.length && !plan.open) return { kind: "event", type: "resolved" };
  if (seq === 2 && plan.assigned) return { kind: "event", type: "assigned" };
  const isNote = seq > 2 && !plan.unanswered && random.chance(noteShare);
  if (isNote) return { kind: "note", byAgent: true, turn: takeTurn(c, random) };
  const isVisitorsTurn = seq === 1 || plan.unanswered;
  let turn = takeTurn(c, random);
  while (isVisitorsTurn && corpus.byAgent[turn] === 1) turn = takeTurn(c, random);
  return { kind: "text", byAgent: corpus.byAgent[turn] === 1, turn };
}

function takeTurn(c: Conversation, random: Random): number {
  if (c.turn === c.dialogueEnd) {
    const { first, end } = random.pick(c.plan.website.topic.dialogues);
    c.turn = first;
    c.dialogueEnd = end;
  }
  return c.turn++;
}

const readTrailing = { agent: 0.4, visitor: 0.7 };

/** After the last message some have read it. In a resolved conversation nothing is unread. */
export function endConversation(c: Conversation, random: Random): void {
  const agentReads = random.chance(readTrailing.agent);
  if (c.agentUnread > 0 && (agentReads || !c.plan.open) && !c.plan.unanswered) readAsAgent(c);
  if (c.visitorReadSeq < c.lastPublicSeq && random.chance(readTrailing.visitor)) readAsVisitor(c);
}

function readAsAgent(c: Conversation): void {
  c.agentReadSeq = c.lastSeq;
  c.agentUnread = 0;
  c.reads++;
}

function readAsVisitor(c: Conversation): void {
  c.visitorReadSeq = c.lastPublicSeq;
  c.visitorUnread = 0;
  c.reads++;
}

export const preview = (c: Conversation, corpus: Corpus) => previewOf(corpus, c.lastPublicTurn);
