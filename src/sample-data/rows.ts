import type pg from "pg";
import { copyRows, orNull } from "./binary-copy.ts";
import { advance, beginConversation, type Conversation, endConversation, preview, versionOf } from "./conversation.ts";
import type { Corpus } from "./corpus.ts";
import type { Chunk, Plan } from "./plan.ts";
import type { Random } from "./random.ts";
import { momentOf, orderMessages, placeOf } from "./timeline.ts";

type Context = { corpus: Corpus; random: Random; onRows: (messages: number) => void };

const [visitorWord, agentWord] = [Buffer.from("visitor"), Buffer.from("agent")];
const kindWords = { text: Buffer.from("text"), note: Buffer.from("note"), event: Buffer.from("event") };
const resolvedDetails = Buffer.from('\x01{"type":"resolved"}'); // jsonb: a version, 1, and the text
const emptyBody = Buffer.alloc(0);
const messageColumns =
  "website_id, conversation_id, seq, author, kind, id, author_id, created_at, body, details, edited_at, deleted_at, " +
  "changed_version";

/**
 * Writes the messages of a chunk in chronological order.
 * @param onRows  called now and then with the number of messages written so far
 * @returns the conversations as they are after these messages
 */
export async function copyMessages(
  client: pg.ClientBase,
  chunk: Chunk,
  { corpus, random, onRows }: Context,
): Promise<Conversation[]> {
  const { plans } = chunk;
  const order = orderMessages(plans, chunk.messages, random);
  const conversations = plans.map(plan => beginConversation(plan, random));
  let written = 0;
  const target = {
    table: "messages",
    columns: messageColumns.split(", "),
    onChunk: () => onRows(written),
  };
  await copyRows(client, target, row => {
    if (written === order.length) return false;
    const key = order[written++]!;
    const conversation = conversations[placeOf(key, plans)]!;
    const { website, id, agent } = conversation.plan;
    const atMs = momentOf(key, plans);
    const next = advance(conversation, atMs, corpus, random);
    const byAgent = next.kind === "event" || next.byAgent;
    row.int32(website.id);
    row.bytes(id);
    row.int32(conversation.lastSeq);
    row.bytes(byAgent ? agentWord : visitorWord);
    row.bytes(kindWords[next.kind]);
    row.newUuid(atMs, random);
    if (byAgent) row.bytes(agent.id);
    else row.absent();
    row.moment(atMs);
    if (next.kind === "event") {
      row.bytes(emptyBody);
      row.bytes(next.type === "assigned" ? agent.assigned : resolvedDetails);
    } else {
      row.bytes(corpus.texts, corpus.starts[next.turn], corpus.starts[next.turn + 1]);
      row.absent();
    }
    const { change } = next;
    orNull(row, row.moment, change && !change.isDeletion ? change.atMs : null);
    orNull(row, row.moment, change?.isDeletion ? change.atMs : null);
    orNull(row, row.int32, change ? change.version : null);
    return true;
  });
  onRows(written);
  for (const conversation of conversations) endConversation(conversation, random);
  return conversations;
}

const ratingShare = 0.15;
/** Most visitors are content. */
const ratings = [5, 5, 5, 5, 4, 4, 4, 3, 2, 1];

export async function copyConversations(
  client: pg.ClientBase,
  conversations: Conversation[],
  { corpus, random }: Pick<Context, "corpus" | "random">,
): Promise<void> {
  const columns =
    "website_id, id, visitor_id, status, assignee_id, version, last_seq, last_public_seq, preview, preview_author, " +
    "last_message_at, waiting_since, agent_read_seq, visitor_read_seq, agent_unread, visitor_unread, may_have_unread, first_reply_at, " +
    "rating, continues_id, created_at, deleted_at, changed_version, changed_at";
  let written = 0;
  await copyRows(client, { table: "conversations", columns: columns.split(", ") }, row => {
    const c = conversations[written++];
    if (!c) return false;
    const { plan } = c;
    row.int32(plan.website.id);
    row.bytes(plan.id);
    row.bytes(plan.visitor.id);
    row.text(plan.open ? "open" : "resolved");
    orNull(row, row.bytes, isAssigned(plan) ? plan.agent.id : null);
    row.int32(versionOf(c));
    row.int32(c.lastSeq);
    row.int32(c.lastPublicSeq);
    row.text(preview(c, corpus));
    row.bytes(c.lastPublicByAgent ? agentWord : visitorWord);
    row.moment(c.lastMessageAtMs);
    orNull(row, row.moment, c.waitingSinceMs);
    row.int32(c.agentReadSeq);
    row.int32(c.visitorReadSeq);
    row.int32(c.agentUnread);
    row.int32(c.visitorUnread);
    row.boolean(c.agentUnread > 0);
    orNull(row, row.moment, c.firstReplyAtMs);
    orNull(row, row.int16, !plan.open && random.chance(ratingShare) ? random.pick(ratings) : null);
    orNull(row, row.bytes, plan.continuesId);
    row.moment(plan.beganMs);
    orNull(row, row.moment, plan.deletedAtMs);
    row.int32(c.lastChange?.version ?? 0);
    orNull(row, row.moment, c.lastChange?.atMs ?? null);
    return true;
  });
}

/** An event assigns the conversation; it is the second message. */
const isAssigned = ({ assigned, length, open }: Plan) => assigned && length >= (open ? 2 : 3);
