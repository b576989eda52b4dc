import type pg from "pg";

export type Word = { word: string; share: number };

/**
 * Words by the share of the largest website's messages that have them: common ones are in more than 2%, selective ones in a
 * few messages. They are taken from what is stored, so that a text of any language can be measured.
 */
export async function chooseWords(
  client: pg.Client,
  websiteId: number,
): Promise<{ common: Word[]; selective: Word[] }> {
  const { rows } = await client.query<{ word: string; count: number; all: number }>(
    `with sampled as (
       select lower(body) as body from messages where website_id = $1 and deleted_at is null order by id desc limit 50000)
     select word, count(*)::integer as count, (select count(*)::integer from sampled) as all
     from sampled, regexp_split_to_table(body, '[^a-z]+') as word
     where length(word) >= 5
     group by word
     order by count(*) desc, word`,
    [websiteId],
  );
  const words = rows.map(({ word, count, all }) => ({ word, share: count / all }));
  const rare = words.filter(({ share }) => share * rows[0]!.all <= 5);
  return {
    common: words.slice(0, 5),
    selective: rare.filter((_, i) => i % Math.ceil(rare.length / 20) === 0).slice(0, 20),
  };
}
