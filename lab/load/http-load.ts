import { Agent } from "node:http";
import type pg from "pg";
import { newId } from "#client/ids.ts";
import { createVisitorTokens } from "#server/identity/visitor-token.ts";
import { requestJson } from "./request-json.ts";

type Kind = "send" | "inbox" | "messages";

export type Request = {
  kind: Kind;
  /** when it was due, and when its response came: performance.now(), ms */
  dueAt: number;
  endedAt: number;
  /** null: the response was no error */
  failure: string | null;
};

export type Acknowledged = {
  websiteId: number;
  conversationId: string;
  id: string;
  seq: number;
  /** when it was sent, and when its response came: performance.now(), ms */
  startedAt: number;
  endedAt: number;
};

export type HttpLoad = {
  requests: Request[];
  acknowledged: Acknowledged[];
  /** resolves when the last request has its response */
  stop(): Promise<void>;
};

type Options = {
  url: string;
  /** of the server's data folder: this signs tokens itself, because the server limits tokens per address */
  secret: string;
  /** of an agent who may see every website of the authors */
  cookie: string;
  messagesPerSecond: number;
  readsPerSecond: number;
  /** a website whose visitors do not write */
  exceptWebsite?: number | undefined;
};

/** A visitor with a conversation that still takes messages. */
type Author = { websiteId: number; conversationId: string; visitorId: string; origin: string };

const tickMs = 5;
/** With more unfinished requests the server cannot keep up, and only its queue would be measured. */
const maxUnfinished = 5_000;
/** A second. A visitor may send 20 messages in 10 seconds, also when those of a server's pause arrive at once. */
const messagesPerAuthor = 0.5;

/**
 * Visitors write and an agent reads, over HTTP, at a rate that does not depend on the responses: after a server has stood
 * still for a second, a second's requests wait for it, as in production. No client retries: each failure counts.
 */
export async function startHttpLoad(client: pg.ClientBase, options: Options): Promise<HttpLoad> {
  const perform = await preparePerform(client, options);
  const requests: Request[] = [];
  const acknowledged: Acknowledged[] = [];
  const unfinished = new Set<Promise<void>>();
  const begun = performance.now();
  const counts = { send: 0, read: 0 };

  function start(kind: Kind, nth: number, dueAt: number) {
    const end = (failure: string | null) => requests.push({ kind, dueAt, endedAt: performance.now(), failure });
    if (unfinished.size >= maxUnfinished) return void end(`not sent: ${maxUnfinished} requests are unfinished`);
    const startedAt = performance.now();
    const performed = perform(kind, nth)
      .then(
        sent => {
          if (sent) acknowledged.push({ ...sent, startedAt, endedAt: performance.now() });
          end(null);
        },
        (error: Error) => void end(error.message),
      )
      .finally(() => unfinished.delete(performed));
    unfinished.add(performed);
  }

  const timer = setInterval(() => {
    const seconds = (performance.now() - begun) / 1000;
    const dueAt = (nth: number, perSecond: number) => begun + (nth / perSecond) * 1000;
    for (const rate = options.messagesPerSecond; counts.send < seconds * rate; counts.send++)
      start("send", counts.send, dueAt(counts.send, rate));
    for (const rate = options.readsPerSecond; counts.read < seconds * rate; counts.read++)
      start(counts.read % 2 ? "inbox" : "messages", counts.read, dueAt(counts.read, rate));
  }, tickMs);

  return {
    requests,
    acknowledged,
    async stop() {
      clearInterval(timer);
      await Promise.all(unfinished);
      perform.close();
    },
  };
}

type Sent = Pick<Acknowledged, "websiteId" | "conversationId" | "id" | "seq">;

/** @returns a function that sends the nth request of a kind. It resolves with the message sent, rejects if the response is an error */
async function preparePerform(client: pg.ClientBase, options: Options) {
  const count = Math.ceil(options.messagesPerSecond / messagesPerAuthor) + 1;
  const authors = await findAuthors(client, count, options.exceptWebsite);
  const tokens = createVisitorTokens(options.secret);
  const visitorHeaders = await Promise.all(
    authors.map(async ({ websiteId, visitorId, origin }) => ({
      origin,
      authorization: `Bearer ${await tokens.sign({ websiteId, visitorId, externalId: null, name: null, email: null })}`,
    })),
  );
  const agentHeaders = { origin: options.url, cookie: options.cookie };
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });

  async function perform(kind: Kind, nth: number): Promise<Sent | null> {
    const { websiteId, conversationId } = authors[nth % authors.length]!;
    const base = `${options.url}/api/v1`;
    if (kind === "send") {
      const message = { id: newId(), conversationId, body: "Where is my order 4711? It was due today." };
      const headers = visitorHeaders[nth % authors.length]!;
      const response = await requestJson<{ message: { seq: number } }>(
        agent,
        `${base}/widget/messages`,
        headers,
        message,
      );
      return { websiteId, conversationId, id: message.id, seq: response.message.seq };
    }
    const path = kind === "inbox" ? "inbox" : `conversations/${conversationId}/messages`;
    await requestJson(agent, `${base}/websites/${websiteId}/${path}`, agentHeaders);
    return null;
  }
  return Object.assign(perform, { close: () => agent.destroy() });
}

async function findAuthors(client: pg.ClientBase, count: number, exceptWebsite = 0): Promise<Author[]> {
  const { rows } = await client.query<Author>(
    `select c.website_id as "websiteId", c.id as "conversationId", c.visitor_id as "visitorId", w.allowed_origins[1] as origin
     from conversations c
     join visitors v on v.website_id = c.website_id and v.id = c.visitor_id
     join websites w on w.id = c.website_id
     where c.deleted_at is null
       and v.deleted_at is null
       and c.created_at > now() - interval '20 days'
       and c.website_id <> $2
     order by c.created_at desc
     limit $1`,
    [count, exceptWebsite],
  );
  if (rows.length < count)
    throw new Error(`${count} conversations of the last 20 days are needed, but there are ${rows.length}.`);
  return rows;
}

/**
 * Compares what is stored with what was acknowledged.
 * @returns one line for each message that is missing or stored twice, and for each conversation with a gap in its numbers
 */
export async function findLost(client: pg.ClientBase, acknowledged: Sent[]): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `with acknowledged as (
       select *
       from unnest($1::integer[], $2::uuid[], $3::uuid[], $4::integer[]) as t (website_id, conversation_id, id, seq)
     )
     select format('message %s of %s: stored %s times', a.id, a.conversation_id, count(m.id)) as line
     from acknowledged a
     left join messages m
       on m.website_id = a.website_id and m.conversation_id = a.conversation_id and m.id = a.id and m.seq = a.seq
     group by a.id, a.conversation_id
     having count(m.id) <> 1
     union all
     select format('conversation %s: %s messages, the last is %s', m.conversation_id, count(*), max(m.seq))
     from messages m
     where (m.website_id, m.conversation_id) in (select website_id, conversation_id from acknowledged)
     group by m.website_id, m.conversation_id
     having count(*) <> max(m.seq)`,
    [
      acknowledged.map(each => each.websiteId),
      acknowledged.map(each => each.conversationId),
      acknowledged.map(each => each.id),
      acknowledged.map(each => each.seq),
    ],
  );
  return rows.map(row => row.line);
}
