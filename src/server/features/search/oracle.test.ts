import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Connection, connect } from "#database/connect.ts";
import { indexQueued } from "#database/search/indexer.ts";
import { idOf } from "#lab/actors/old-conversation.ts";
import { cloneDatabase, type TestDatabase } from "#lab/clusters/databases.ts";
import { hasPhrase, hasWord } from "#lab/search/plain-search.ts";
import { search } from "./search.ts";

/* Searches of random dialogues find the same messages, in the same order, as reading all of them does. */

let database: TestDatabase;
let connection: Connection;
let client: pg.Client;
beforeAll(async () => {
  database = await cloneDatabase();
  connection = connect({ url: database.url, poolSize: 4, onError: error => expect(error).toBeUndefined() });
  client = new pg.Client(database.url);
  await client.connect();
  await client.query("select make_message_partitions((now() - interval '3 months')::date, 4)");
  await client.query(`insert into websites (name, public_key, identity_secret, settings, allowed_origins)
    select 'Shop ' || i, 'key' || i, 'secret', '{}', '{}' from generate_series(1, 30) as i`);
});
afterAll(async () => {
  await client.end();
  await connection.close();
  await database.drop();
});
beforeEach(() =>
  client.query("truncate conversations, messages, message_search, visitors, visitor_search, search_queue cascade"),
);

type Said = { websiteId: number; body: string; daysAgo: number; minute: number };

const vocabulary = [
  ...["refund", "Refunds", "REFUNDED", "blue", "one", "ones", "a", "x9", "order", "12345", "Čeština", "cestina"],
  ...["привет", "Приветы", "Йод", "上海", "上海市", "我要退款", "退款", "海", "สวัสดี", "สวัสดีครับ", "環境", "한국어"],
  ...["مرحبا", "مَرحَبًا", "שלום", "👍", "👍🏽", "café", "cafe\u0301", "ﬁne", "ＦＵＬＬ", "ﾊﾞﾅﾅ", "バナナ", "Straße"],
];
const body = fc
  .array(fc.tuple(fc.constantFrom(...vocabulary), fc.constantFrom(" ", ", ", "\n", "! ", " - ")), {
    minLength: 1,
    maxLength: 12,
  })
  .map(words => words.map(([word, between]) => word + between).join(""));
const dialogue: fc.Arbitrary<Said[]> = fc.array(
  fc.record({
    // Websites whose words begin alike in the index: B and BB.
    websiteId: fc.constantFrom(1, 1, 1, 27),
    body,
    daysAgo: fc.integer({ min: 0, max: 80 }),
    // Few different ones: many messages have the same time.
    minute: fc.integer({ min: 0, max: 30 }),
  }),
  { minLength: 1, maxLength: 80 },
);

const phrases = ['"blue one"', '"one blue"', '"refund"', '"上海"', '"order 12345"', '"café refund"', '"a a"'];
const words = [
  "上海",
  "退款",
  "สวัสดี",
  "привет",
  "refund",
  "Čeština",
  "refun*",
  "ref",
  "海",
  "शब्द",
  "cafe",
  "CAFÉ",
  "👍",
];
const others = [
  "مرحبا",
  "שלום",
  "йод",
  "иод",
  "бинго",
  "strasse",
  "fine",
  "full",
  "バナナ",
  "한국",
  "123",
  "x9",
  "ones",
];
const queries = [...phrases, ...words, ...others];

test("a search finds the same messages as reading all, newest first, page by page", async () => {
  await fc.assert(
    fc.asyncProperty(
      dialogue,
      fc.array(fc.constantFrom(...queries), { minLength: 1, maxLength: 2 }),
      async (said, asked) => {
        await client.query("truncate conversations, messages, message_search, visitors cascade");
        const stored = await store(said);
        while (await indexQueued(connection.db));
        for (const text of [...asked, asked.join(" ")]) {
          const wanted = text.match(/"[^"]+"|\S+/g)!;
          const expected = stored
            .filter(({ websiteId, body }) => websiteId === 1 && wanted.every(term => has(body, term)))
            .sort(newestFirst)
            .map(({ conversationId, seq }) => `${conversationId} ${seq}`);
          expect({ text, found: await findAll(text) }).toEqual({ text, found: expected });
        }
      },
    ),
    { numRuns: 25 },
  );
});

function has(body: string, term: string): boolean {
  if (term.startsWith('"')) return hasPhrase(body, term.slice(1, -1));
  const word = term.replace("*", "");
  const isShort = [...word].length < 3 && !/[\u0e00-\uffff]/.test(word);
  return isShort && !term.endsWith("*") ? hasPhrase(body, word) : hasWord(body, word);
}

async function findAll(text: string): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | null = null; ; ) {
    const asked = { websiteId: 1, userId: "00000000-0000-7000-8000-000000000000", text, timeZone: "UTC", cursor };
    const page = await search(connection.db, asked);
    found.push(...page.results.map(({ conversationId, seq }) => `${conversationId} ${seq}`));
    cursor = page.nextCursor;
    if (cursor === null) return found;
  }
}

type Stored = { websiteId: number; conversationId: string; seq: number; at: Date; body: string };

/** The messages of a day are one conversation. */
async function store(said: Said[]): Promise<Stored[]> {
  const stored: Stored[] = [];
  for (const group of Map.groupBy(said, ({ websiteId, daysAgo }) => `${websiteId} ${daysAgo}`).values()) {
    const { websiteId, daysAgo } = group[0]!;
    const began = new Date(Date.now() - daysAgo * 86_400_000 - 3_600_000);
    const conversationId = idOf(began);
    await client.query("insert into visitors (website_id, id) values ($1, $2)", [websiteId, conversationId]);
    await client.query("insert into conversations (website_id, id, visitor_id) values ($1, $2, $2)", [
      websiteId,
      conversationId,
    ]);
    for (const [i, { minute, body }] of group.entries()) {
      stored.push({ websiteId, conversationId, seq: i + 1, at: new Date(began.getTime() + minute * 60_000), body });
    }
  }
  const column = (name: keyof Stored) => stored.map(message => message[name]);
  await client.query(
    `with said as (
       select * from unnest($1::integer[], $2::uuid[], $3::integer[], $4::timestamptz[], $5::text[])
         as s (website_id, conversation_id, seq, created_at, body)
     ), stored as (
       insert into messages (website_id, conversation_id, seq, created_at, body, id, kind, author)
       select website_id, conversation_id, seq, created_at, body, gen_random_uuid(), 'text', 'visitor' from said)
     insert into search_queue (website_ids, ids, seqs)
     select array_agg(website_id), array_agg(conversation_id), array_agg(seq) from said`,
    [column("websiteId"), column("conversationId"), column("seq"), column("at"), column("body")],
  );
  return stored;
}

const newestFirst = (a: Stored, b: Stored) =>
  b.at.getTime() - a.at.getTime() ||
  (a.conversationId < b.conversationId ? 1 : a.conversationId > b.conversationId ? -1 : b.seq - a.seq);
