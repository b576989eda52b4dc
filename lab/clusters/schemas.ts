import pg from "pg";

/** SQL as the cluster's superuser, in its own database. */
export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const results = await client.query(sql);
    return [results].flat().at(-1)!.rows;
  } finally {
    await client.end();
  }
}

/**
 * Creates a role, as an operator gives one to a program.
 * @param sql  what it gets: its own schema, a search path, rights
 * @returns the URL of its connections to the cluster's database
 */
export async function createRole(clusterUrl: string, name: string, sql: string): Promise<string> {
  await query(clusterUrl, `create role ${name} login password 'scratch'; ${sql}`);
  return Object.assign(new URL(clusterUrl), { username: name, password: "scratch" }).href;
}
