import type pg from "pg";
import { AppError } from "#protocol/errors.ts";
import { markOfGenerated } from "./websites.ts";

const isGenerated = `public_key like '${markOfGenerated}%'`;

/**
 * Removes what an earlier generation left, whole or interrupted; its agents stay. Real websites are never touched.
 * @throws AppError "conflict" when there are real websites, unless told to go on beside them
 */
export async function removeGenerated(
  client: pg.ClientBase,
  { besideRealWebsites = false }: { besideRealWebsites?: boolean | undefined },
): Promise<void> {
  const { rows } = await client.query<{ generated: number[]; real: number }>(
    `select coalesce(array_agg(id) filter (where ${isGenerated}), '{}') as generated,
       (count(*) filter (where not ${isGenerated}))::integer as real
     from websites`,
  );
  const [{ generated, real }] = rows as [{ generated: number[]; real: number }];
  if (real > 0 && !besideRealWebsites) {
    throw new AppError(
      "conflict",
      `The database holds ${real} real websites. Use another one, or add --beside-real-websites: they stay as they are.`,
    );
  }
  if (real === 0) {
    // Everything that belongs to a website goes; messages refer to no other table.
    await client.query("truncate messages, websites restart identity cascade");
    return;
  }
  for (const table of ["messages", "conversations", "visitors"])
    await client.query(`delete from ${table} where website_id = any($1)`, [generated]);
  await client.query("delete from websites where id = any($1)", [generated]);
}
