import { type Corpus, previewOf } from "./corpus.ts";
import type { Plan } from "./plan.ts";
import type { Random } from "./random.ts";

/** A conversation while its messages are written: the columns of its row, as the product's own writes move them on. */
export type Conversation = {
  plan: Plan;
  lastSeq: number;
  lastPublicSeq: number;
  lastMessageAtMs: number;
  /** of the corpus; what the preview shows */
  lastPublicTurn: number;
  lastPublicByAgent: boolean;
  waitingSinceMs: number | null;
  firstReplyAtMs: number | null;
  agentReadSeq: number;
  visitorReadSeq: number;
  agentUnread: number;
  visitorUnread: number;
  /** how often somebody read: each time is a version of the row */
  reads: number;
  /** the turn of the corpus that is said next, and where its dialogue ends */
  turn: number;
  dialogueEnd: number;
};

export type Next =
  | { kind: "text" | "note"; byAgent: boolean; turn: number }
  | { kind: "event"; type: "assigned" | "resolved" };

const noteShare = 0.03;

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
    turn: first,
    dialogueEnd: end,
  };
}

/** Decides what the next message is, and moves the conversation on as the product would: see its messages/write.ts. */
export function advance(c: Conversation, atMs: number, corpus: Corpus, random: Random): Next {
  const next = decideNext(c, corpus, random);
  const seq = ++c.lastSeq;
  c.lastMessageAtMs = atMs;
  if (next.kind === "event") {
    if (next.type === "resolved") c.waitingSinceMs = null;
  } else if (next.kind === "text") {
    c.lastPublicSeq = seq;
    c.lastPublicTurn = next.turn;
    c.lastPublicByAgent = next.byAgent;
    if (next.byAgent) {
      c.waitingSinceMs = null;
      c.firstReplyAtMs ??= atMs;
      c.visitorUnread++;
    } else {
      c.waitingSinceMs ??= atMs;
      c.agentUnread++;
    }
  }
  // Who writes or clicks has read what stands there, their own included.
  if (next.kind !== "text" || next.byAgent) readAsAgent(c);
  else readAsVisitor(c);
  return next;
}

function decideNext(c: Conversation, corpus: Corpus, random: Random): Next {
  const { plan } = c;
  const seq = c.lastSeq + 1;
  if (seq === plan.length && !plan.open) return { kind: "event", type: "resolved" };
  if (seq === 2 && plan.assigned) return { kind: "event", type: "assigned" };
  const isNote = seq > 2 && !plan.unanswered && random.chance(noteShare);
  if (isNote) return { kind: "note", byAgent: true, turn: takeTurn(c, random) };
  const visitorOnly = seq === 1 || plan.unanswered;
  let turn = takeTurn(c, random);
  while (visitorOnly && corpus.byAgent[turn] === 1) turn = takeTurn(c, random);
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

/** After the last message: some have read what was said last. Nothing is left unread in what is resolved. */
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
