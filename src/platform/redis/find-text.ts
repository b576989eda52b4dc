/** The keys below a prefix whose name or value holds one of these texts, capital or small. */
export async function findTextInRedis(url: string, prefix: string, texts: string[]): Promise<string[]> {
  const { createClient } = await import("@redis/client");
  const wanted = texts.map(text => text.toLowerCase());
  const client = await createClient({ url }).connect();
  try {
    const found: string[] = [];
    for await (const keys of client.scanIterator({ MATCH: `${prefix}*`, COUNT: 500 })) {
      for (const key of [keys].flat()) {
        const value = `${key}\n${JSON.stringify(await read(key))}`.toLowerCase();
        if (wanted.some(text => value.includes(text))) found.push(key);
      }
    }
    return found;
  } finally {
    client.destroy();
  }

  async function read(key: string): Promise<unknown> {
    const type = await client.type(key);
    if (type === "string") return client.get(key);
    if (type === "hash") return client.hGetAll(key);
    if (type === "list") return client.lRange(key, 0, -1);
    if (type === "set") return client.sMembers(key);
    if (type === "zset") return client.zRangeWithScores(key, 0, -1);
    return client.xRange(key, "-", "+");
  }
}
