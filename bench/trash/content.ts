import type pg from "pg";

/** Number and hash of a website's rows, by table. */
export type Content = Record<string, { rows: number; hash: string }>;

export async function contentOf(client: pg.ClientBase, websiteId: number): Promise<Content> {
  const content: Content = {};
  for (const table of ["conversations", "messages", "messages_archive", "visitors"]) {
    const { rows } = await client.query(
      `select count(*)::integer as rows, coalesce(sum(hashtextextended(t::text, 0)), 0)::text as hash
       from ${table} t
       where website_id = $1`,
      [websiteId],
    );
    content[table] = rows[0];
  }
  return content;
}

/** True if a table still has a row of the website. Its entries in the audit log, and of erasures, remain on purpose. */
export async function isTraced(client: pg.ClientBase, websiteId: number): Promise<boolean> {
  const content = await contentOf(client, websiteId);
  const { rowCount } = await client.query("select from websites where id = $1", [websiteId]);
  return rowCount !== 0 || Object.values(content).some(({ rows }) => rows > 0);
}
