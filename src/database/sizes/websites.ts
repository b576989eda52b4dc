import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";

export type Count = { month: string; messages: number };

/** A conversation's last number is about the count of its messages, and there are far fewer conversations to read. */
export const countMessages = defineQuery(
  {
    name: "messages of a website by month",
    indexes: ["conversations_pkey", "message_months_pkey"],
    includesDeleted: { conversations: "what is in the trash needs space too" },
    sample: ({ websiteId }) => [websiteId],
  },
  (db: Db, websiteId: number): Promise<Count[]> =>
    sql<Count>`
      select to_char(m.month, 'YYYY-MM') as month, c.messages
      from message_months m
      cross join lateral (
        select sum(last_seq)::float as messages
        from conversations
        where website_id = ${websiteId}
          and id >= m.from_id
          and id < m.until_id) c
      where m.state in ('live', 'archived', 'exported')
        and c.messages is not null`.rows(db),
);

export type WebsiteSize = { websiteId: number; messages: number; bytes: number; lastMonthBytes: number };

export const storeSize = defineQuery(
  {
    name: "the size of a website",
    indexes: ["website_sizes_pkey"],
    buffers: 20,
    sample: ({ websiteId }) => [{ websiteId, messages: 1, bytes: 1, lastMonthBytes: 0 }],
  },
  async (db: Db, { websiteId, messages, bytes, lastMonthBytes }: WebsiteSize): Promise<void> => {
    await sql`
      insert into website_sizes (website_id, measured_at, messages, bytes, last_month_bytes)
      values (${websiteId}, now(), ${messages}, ${Math.round(bytes)}, ${Math.round(lastMonthBytes)})
      on conflict (website_id) do update
      set measured_at = excluded.measured_at, messages = excluded.messages, bytes = excluded.bytes,
        last_month_bytes = excluded.last_month_bytes`.rows(db);
  },
);

export type Sizes = { websites: number; oldestAt: Date | null; largest: WebsiteSize[] };

export const listLargest = defineQuery(
  { name: "the largest websites", indexes: ["website_sizes_pkey"], sample: () => [10] },
  async (db: Db, limit: number): Promise<Sizes> => {
    const [row] = await sql<Sizes>`
      select count(*)::integer as websites, min(measured_at) as "oldestAt",
        coalesce((
          select jsonb_agg(jsonb_build_object(
            'websiteId', website_id, 'messages', messages, 'bytes', bytes, 'lastMonthBytes', last_month_bytes)
            order by bytes desc)
          from (select * from website_sizes order by bytes desc, website_id limit ${limit}) as largest), '[]') as largest
      from website_sizes`.rows(db);
    return row!;
  },
);
