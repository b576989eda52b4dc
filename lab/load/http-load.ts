import { Agent, request } from "node:http";
import type pg from "pg";
import { newId } from "#client/ids.ts";
import { createVisitorTokens } from "#server/identity/visitor-token.ts";

export type Kind = "send" | "inbox" | "messages";

/** One that was answered, well or not. */
export type Request = {
  kind: Kind;
  /** when it was due, and when it was answered: performance.now(), ms */
  dueAt: number;
  endedAt: number;
  /** null: it was answered as it should be */
  failure: string | null;
};

export type Acknowledged = { websiteId: number; conversationId: string; id: string; seq: number };

export type Load = {
  requests: Request[];
  acknowledged: Acknowledged[];
  /** resolves when the last is answered */
  stop(): Promise<void>;
};

type Options = {
  url: string;
  /** of the server's data folder: visitors' tokens are signed here, as a server gives an address so many and no more */
  secret: string;
  /** of an agent who may see every website of the writers */
  cookie: string;
  messagesPerSecond: number;
  readsPerSecond: number;
};

type Writer = { websiteId: number; conversationId: string; visitorId: string; origin: string };

const tickMs = 5;
/** So many unanswered are a server that cannot keep up: then nothing is measured but its queue. */
const mostUnderWay = 5_000;
/** Below what a visitor may send: 20 in 10 seconds. */
const messagesPerWriter = 1.5;

/**
 * Visitors write and an agent reads, over HTTP, at a rate that does not ask whether the answers come: a server that
 * stands still for a second finds a second's requests waiting, as with people.
 */
export async function startLoad(client: pg.ClientBase, options: Options): Promise<Load> {
  const writers = await findWriters(client, Math.ceil(options.messagesPerSecond / messagesPerWriter) + 1);
  const tokens = createVisitorTokens(options.secret);
  const headers = await Promise.all(
    writers.map(async ({ websiteId, visitorId, origin }) => ({
      origin,
      authorization: `Bearer ${await tokens.sign({ websiteId, visitorId, externalId: null, name: null, email: null })}`,
    })),
  );
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const requests: Request[] = [];
  const acknowledged: Acknowledged[] = [];
  const underWay = new Set<Promise<void>>();
  const begun = performance.now();
  let [sent, read] = [0, 0];
  const timer = setInterval(() => {
    const seconds = (performance.now() - begun) / 1000;
    while (sent < seconds * options.messagesPerSecond)
      ask("send", begun + (sent / options.messagesPerSecond) * 1000, sent++);
    while (read < seconds * options.readsPerSecond)
      ask(read % 2 ? "inbox" : "messages", begun + (read / options.readsPerSecond) * 1000, read++);
  }, tickMs);

  function ask(kind: Kind, dueAt: number, nth: number): void {
    if (underWay.size >= mostUnderWay) {
      const failure = `not asked: ${mostUnderWay} requests wait for their answers`;
      return void requests.push({ kind, dueAt, endedAt: performance.now(), failure });
    }
    const asked = perform(kind, nth % writers.length)
      .then(
        () => null,
        (error: Error) => error.message,
      )
      .then(failure => {
        requests.push({ kind, dueAt, endedAt: performance.now(), failure });
        underWay.delete(asked);
      });
    underWay.add(asked);
  }

  async function perform(kind: Kind, nth: number): Promise<void> {
    const { websiteId, conversationId } = writers[nth]!;
    const byAgent = { origin: options.url, cookie: options.cookie };
    const base = `${options.url}/api/v1`;
    if (kind === "inbox") await call(agent, `${base}/websites/${websiteId}/inbox`, byAgent);
    else if (kind === "messages")
      await call(agent, `${base}/websites/${websiteId}/conversations/${conversationId}/messages`, byAgent);
    else {
      const message = { id: newId(), conversationId, body: "Where is my order 4711? It was due today." };
      const answer = await call(agent, `${base}/widget/messages`, headers[nth]!, message);
      acknowledged.push({ websiteId, conversationId, id: message.id, seq: answer.message.seq });
    }
  }

  return {
    requests,
    acknowledged,
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      agent.destroy();
    },
  };
}

/**
 * What is stored beside what was acknowledged.
 * @returns one line for each message that is missing or there twice, and each conversation whose numbers have a gap
 */
export async function findLost(client: pg.ClientBase, acknowledged: Acknowledged[]): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `with told as (
       select * from unnest($1::integer[], $2::uuid[], $3::uuid[], $4::integer[]) as t (website_id, conversation_id, id, seq)
     )
     select format('message %s of %s: stored %s times', t.id, t.conversation_id, count(m.id)) as line
     from told t
     left join messages m
       on m.website_id = t.website_id and m.conversation_id = t.conversation_id and m.id = t.id and m.seq = t.seq
     group by t.id, t.conversation_id
     having count(m.id) <> 1
     union all
     select format('conversation %s: %s messages, the last is %s', m.conversation_id, count(*), max(m.seq))
     from messages m
     where (m.website_id, m.conversation_id) in (select website_id, conversation_id from told)
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

async function findWriters(client: pg.ClientBase, count: number): Promise<Writer[]> {
  const { rows } = await client.query<Writer>(
    `select c.website_id as "websiteId", c.id as "conversationId", c.visitor_id as "visitorId", w.allowed_origins[1] as origin
     from conversations c
     join visitors v on v.website_id = c.website_id and v.id = c.visitor_id
     join websites w on w.id = c.website_id
     where c.deleted_at is null
       and v.deleted_at is null
       and c.created_at > now() - interval '20 days'
     order by c.created_at desc
     limit $1`,
    [count],
  );
  if (rows.length < count) throw new Error(`There are ${rows.length} fresh conversations, but ${count} are needed.`);
  return rows;
}

function call(agent: Agent, url: string, headers: Record<string, string>, body?: unknown) {
  return new Promise<{ message: { seq: number } }>((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const sending = { ...headers, ...(text !== undefined && { "content-type": "application/json" }) };
    const asking = request(url, { agent, headers: sending, method: text === undefined ? "GET" : "POST" }, response => {
      let answer = "";
      response.on("data", chunk => {
        answer += chunk;
      });
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode === 200) resolve(JSON.parse(answer));
        else reject(new Error(`${response.statusCode} ${answer.slice(0, 200)}`));
      });
    });
    asking.on("error", reject);
    asking.end(text);
  });
}
