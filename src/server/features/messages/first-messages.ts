import { uuidv7 } from "uuidv7";
import { live, ofLiveConversation } from "#database/conditions.ts";
import type { Query } from "#database/connect.ts";
import { withPartitions } from "#database/partitions/missing.ts";
import { byTable } from "#database/partitions/writable.ts";
import { pipelined, planOnce } from "#database/pipeline.ts";
import { defineStatements } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import type { WebsiteDatabase } from "#database/website-databases.ts";
import { splitRepeated } from "#server/features/conversations/feature.ts";
import { upsertVisitors, type VisitorFacts } from "#server/features/visitors/feature.ts";
import type { VisitorSession } from "#server/identity/visitor-token.ts";
import type { NewMessage, Written } from "./new-message.ts";
import { readWritten } from "./write.ts";
import { indexesOfWrite, writeMessages } from "./write-statements.ts";

/** What a visitor without a conversation writes; `conversationId` is the id for the new one. */
export type FirstMessage = NewMessage & { visitor: VisitorSession; facts: VisitorFacts };

/**
 * Begins conversations with their first messages, in one transaction and one round trip.
 * @returns one outcome a message, in order; "not_found" for a visitor who has a conversation, or whose row has another id
 */
export async function writeFirstMessages(
  pipelines: WebsiteDatabase["pipelines"],
  messages: FirstMessage[],
): Promise<Written[]> {
  // The second message of a visitor belongs to the conversation that the first one begins.
  const { first } = splitRepeated(messages, keyOf);
  const query: Query = async statement => (await pipelines.query(statement)).rows;
  const results = await byTable(first, async (group, table) =>
    readWritten(group, await withPartitions(query, () => pipelined(pipelines, firstMessageStatements(group, table)))),
  );
  const written = new Map<FirstMessage, Written>(results.map((each, i) => [first[i]!, each]));
  return messages.map(message => written.get(message) ?? { outcome: "not_found" });
}

const keyOf = ({ websiteId, visitor: { externalId, visitorId } }: FirstMessage) =>
  `${websiteId} ${externalId === null ? `visitor ${visitorId}` : `user ${externalId}`}`;

/** After the visitors are locked: of two first messages at once the second finds the conversation of the first. */
const insertConversations = (messages: FirstMessage[]) => sql`
  insert into conversations (website_id, id, visitor_id, is_restricted)
  select d.website_id, d.id, d.visitor_id, v.restricted_at is not null
  from unnest(
    ${messages.map(message => message.websiteId)}::integer[],
    ${messages.map(message => message.conversationId)}::uuid[],
    ${messages.map(message => message.authorId)}::uuid[]
  ) as d (website_id, id, visitor_id)
  join visitors v on v.website_id = d.website_id and v.id = d.visitor_id and ${live("v")}
  where not exists (
    select
    from conversations c
    where c.website_id = d.website_id
      and c.visitor_id = d.visitor_id
      and ${live("c")})`;

const sampleSize = 5;

/** For one transaction, in which a visitor stands once; the last two answer as those of writeStatements(). */
export const firstMessageStatements = defineStatements(
  {
    name: "a batch of first messages",
    indexes: [
      ...[...indexesOfWrite, "conversations_by_visitor", "visitors_by_external_id"],
      // While a ledger is so small that all of it is a page, both cost the same.
      ...["erasures_pkey", "erasures_by_time"],
    ],
    buffers: 800,
    includesDeleted: {
      ...ofLiveConversation,
      conversations: "they are locked and read before they are checked; messages are stored in live ones",
      messages: "a new conversation has none",
    },
    cases: [false, true].map(isLoggedIn => ({
      name: isLoggedIn ? "logged in" : "anonymous",
      sample: ({ websiteId }: { websiteId: number }): [FirstMessage[], string] => [
        Array.from({ length: sampleSize }, () => sampleOf(websiteId, isLoggedIn)),
        "messages",
      ],
    })),
  },
  (messages: FirstMessage[], table: string) => {
    const upserts = [false, true].flatMap(isLoggedIn => {
      const visitors = messages.filter(({ visitor }) => (visitor.externalId !== null) === isLoggedIn);
      return visitors.length > 0 ? [upsertVisitors(visitors, isLoggedIn)] : [];
    });
    return [planOnce, ...upserts, insertConversations(messages), ...writeMessages(messages, table)].map(each =>
      each.statement(),
    );
  },
);

function sampleOf(websiteId: number, isLoggedIn: boolean): FirstMessage {
  const visitorId = uuidv7();
  return {
    websiteId,
    conversationId: uuidv7(),
    id: uuidv7(),
    kind: "text",
    body: "Hello",
    author: "visitor",
    authorId: visitorId,
    visitor: { websiteId, visitorId, externalId: isLoggedIn ? visitorId : null, name: null, email: null },
    facts: { pageUrl: null, pageTitle: null, userAgent: null, language: null },
  };
}
