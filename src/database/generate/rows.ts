import type pg from "pg";
import { copyRows, type RowWriter } from "./binary-copy.ts";
import { advance, beginConversation, type Conversation, endConversation, preview } from "./conversation.ts";
import type { Corpus } from "./corpus.ts";
import type { Chunk, Plan, Visitor } from "./plan.ts";
import type { Random } from "./random.ts";
import { momentOf, orderMessages, placeOf } from "./timeline.ts";

type Context = { corpus: Corpus; random: Random; onChunk: (messages: number) => void };

const [visitorWord, agentWord] = [Buffer.from("visitor"), Buffer.from("agent")];
const kindWords = { text: Buffer.from("text"), note: Buffer.from("note"), event: Buffer.from("event") };
const resolvedDetails = Buffer.from('\x01{"type":"resolved"}'); // jsonb: a version, 1, and the text
const noDetails = Buffer.from("\x01{}");
const nothing = Buffer.alloc(0);

/**
 * Writes the messages of a chunk in the order of time.
 * @param onChunk  called from time to time with how many are written
 * @returns the conversations as they are after that
 */
export async function copyMessages(
  client: pg.ClientBase,
  chunk: Chunk,
  { corpus, random, onChunk }: Context,
): Promise<Conversation[]> {
  const { plans } = chunk;
  const order = orderMessages(plans, chunk.messages, random);
  const conversations = plans.map(plan => beginConversation(plan, random));
  let written = 0;
  const target = {
    table: "messages",
    columns: "website_id, conversation_id, seq, author, kind, id, author_id, created_at, body, details".split(", "),
    onChunk: () => onChunk(written),
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
      row.bytes(nothing);
      row.bytes(next.type === "assigned" ? agent.assigned : resolvedDetails);
    } else {
      row.bytes(corpus.texts, corpus.starts[next.turn], corpus.starts[next.turn + 1]);
      row.absent();
    }
    return true;
  });
  onChunk(written);
  for (const conversation of conversations) endConversation(conversation, random);
  return conversations;
}

const ratingShare = 0.15;
/** Most are content, some are not at all. */
const ratings = [5, 5, 5, 5, 4, 4, 4, 3, 2, 1];

export async function copyConversations(
  client: pg.ClientBase,
  conversations: Conversation[],
  { corpus, random }: Pick<Context, "corpus" | "random">,
): Promise<void> {
  const columns =
    "website_id, id, visitor_id, status, assignee_id, version, last_seq, last_public_seq, preview, preview_author, " +
    "last_message_at, waiting_since, agent_read_seq, visitor_read_seq, agent_unread, visitor_unread, first_reply_at, " +
    "rating, continues_id, created_at, deleted_at";
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
    row.int32(1 + c.lastSeq + c.reads);
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
    orNull(row, row.moment, c.firstReplyAtMs);
    orNull(row, row.int16, !plan.open && random.chance(ratingShare) ? random.pick(ratings) : null);
    orNull(row, row.bytes, plan.continuesId);
    row.moment(plan.beganMs);
    orNull(row, row.moment, plan.deletedAtMs);
    return true;
  });
}

/** Given to somebody by an event, which is the second message. */
const isAssigned = ({ assigned, length, open }: Plan) => assigned && length >= (open ? 2 : 3);

const firstNames =
  "Alice Ben Clara David Emma Finn Grace Henry Iris Jack Kira Liam Mia Noah Olivia Paul Ruth Sam".split(" ");
const lastNames = "Adams Baker Clark Davis Evans Foster Gray Hill Irving Jones King Lopez Moore Nash Owen Price".split(
  " ",
);
const pages = ["", "pricing", "contact", "products/1042", "products/77", "cart", "help/delivery"];
const languages = ["en", "en-GB", "de", "fr", "es", "pt-BR"];
const userAgents = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
];
const visitorShares = { named: 0.55, loggedIn: 0.35 };

/** Of the named ones some are logged in at the website, and so have an id there. */
export async function copyVisitors(client: pg.ClientBase, visitors: Visitor[], random: Random): Promise<void> {
  const columns =
    "website_id, id, external_id, name, email, attributes, page_url, page_title, user_agent, language, first_seen_at, " +
    "last_seen_at";
  let written = 0;
  await copyRows(client, { table: "visitors", columns: columns.split(", ") }, row => {
    const visitor = visitors[written++];
    if (!visitor) return false;
    const named = random.chance(visitorShares.named);
    const [first, last] = [random.pick(firstNames), random.pick(lastNames)];
    const page = random.pick(pages);
    row.int32(visitor.website.id);
    row.bytes(visitor.id);
    orNull(row, row.text, named && random.chance(visitorShares.loggedIn) ? `customer-${visitor.nth}` : null);
    orNull(row, row.text, named ? `${first} ${last}` : null);
    orNull(row, row.text, named ? `${first}.${last}.${visitor.nth}@visitors.example`.toLowerCase() : null);
    row.bytes(noDetails);
    row.text(`${visitor.website.origin}/${page}`);
    row.text(page || "Home");
    row.text(random.pick(userAgents));
    row.text(random.pick(languages));
    row.moment(visitor.firstSeenMs);
    row.moment(visitor.lastSeenMs);
    return true;
  });
}

/** Writes a field by one of the row's functions, or its absence. */
function orNull<Value>(row: RowWriter, write: (value: Value) => void, value: Value | null): void {
  if (value === null) row.absent();
  else write(value);
}
