import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { partitionOf } from "#database/partitions/months.ts";

export type Readers = {
  /** since the last call */
  take(): { pages: number; failedPages: number; wrongPages: number };
  stop(): Promise<void>;
};

type Conversation = { websiteId: number; id: string; seqs: number[] };

const pageSize = 50;
/** The time to read a page. Without it the readers alone would keep the server busy. */
const pauseMs = 100;

/** Readers who page from the end to the beginning of a month's conversations, and compare each page with what is stored. */
export async function startReaders(
  client: pg.Client,
  p: { url: string; cookie: string; month: string; count: number },
): Promise<Readers> {
  const conversations = await listConversations(client, p.month);
  let counts = { pages: 0, failedPages: 0, wrongPages: 0 };
  let isOver = false;
  async function read(nth: number) {
    for (let i = nth; !isOver; i += p.count) {
      const { websiteId, id, seqs } = conversations[i % conversations.length]!;
      for (let end = seqs.length; end > 0 && !isOver; end -= pageSize) {
        const before = end === seqs.length ? "" : `&before=${seqs[end]}`;
        const path = `/api/v1/websites/${websiteId}/conversations/${id}/messages?limit=${pageSize}${before}`;
        const answer = await fetch(p.url + path, { headers: { cookie: p.cookie } });
        const body = (await answer.json()) as { messages?: { seq: number }[] };
        const expected = seqs.slice(Math.max(0, end - pageSize), end);
        await sleep(pauseMs);
        counts.pages++;
        const got = body.messages?.map(({ seq }) => seq);
        if (!answer.ok) counts.failedPages++;
        else if (JSON.stringify(got) !== JSON.stringify(expected)) {
          counts.wrongPages++;
          console.error(`${path}: ${JSON.stringify(got)} instead of ${JSON.stringify(expected)}`);
        }
        if (!answer.ok) console.error(answer.status, JSON.stringify(body).slice(0, 300));
      }
    }
  }
  const reading = Array.from({ length: p.count }, (_, nth) => read(nth));
  return {
    take() {
      const taken = counts;
      counts = { pages: 0, failedPages: 0, wrongPages: 0 };
      return taken;
    },
    async stop() {
      isOver = true;
      await Promise.all(reading);
    },
  };
}

async function listConversations(client: pg.Client, month: string): Promise<Conversation[]> {
  const { rows } = await client.query<Conversation>(
    `select website_id as "websiteId", conversation_id as id, array_agg(seq order by seq) as seqs
     from ${month} m
     where not exists ( -- an agent cannot open a deleted one
       select from conversations c
       where c.website_id = m.website_id and c.id = m.conversation_id and c.deleted_at is not null)
     group by website_id, conversation_id
     order by count(*) desc
     limit 400`,
  );
  return rows.filter(({ id }) => partitionOf(id) === month);
}
