import pg from "pg";

/**
 * A pool of a database that may end its connections at any time, also just after `end()`, when they have not closed yet.
 * An error without a listener would end the process.
 */
export function openPool(options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(options);
  pool.on("error", () => {}); // of idle clients
  pool.on("connect", client => client.on("error", () => {})); // of clients in use
  return pool;
}
