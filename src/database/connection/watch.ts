import type { DatabaseClient } from "./client.ts";

export type Watch = {
  /** From now on, a statement must be answered within 3 s. */
  hurry(): void;
  stop(): void;
};

const tickMs = 1_000;
const usual = { askMs: 5_000, maxMs: 30_000 };
const hurried = { askMs: 1_000, maxMs: 3_000 };

/**
 * Terminates connections whose other end has gone without a word, as when a firewall drops their packets. TCP would notice
 * after about 15 minutes, and the driver's own `query_timeout` leaves the dead connection in the pool. When an answer is
 * owed for 5 s, PostgreSQL is asked over a new connection whether it still works on it; 30 s are the end in any case.
 * @param clients  the connections of one program part to one database
 * @param open     makes a connection for the question; null: through a pooler, whose process numbers are made up
 */
export function watchClients(clients: Set<DatabaseClient>, open: (() => DatabaseClient) | null): Watch {
  let bounds = usual;
  let isAsking = false;

  function tick() {
    for (const client of clients) client.measureSilence(tickMs);
    terminate([...clients].filter(({ owedMs }) => owedMs >= bounds.maxMs));
    const waiting = [...clients].filter(({ owedMs }) => owedMs >= bounds.askMs);
    if (!open || isAsking || !waiting.some(({ owedMs }) => owedMs % bounds.askMs === 0)) return;
    isAsking = true;
    findForgotten(open(), waiting)
      // An answer may have arrived meanwhile.
      .then(forgotten => terminate(forgotten.filter(({ owedMs }) => owedMs >= bounds.askMs)))
      .catch(() => {}) // no new connections either: they may work later
      .finally(() => {
        isAsking = false;
      });
  }

  function terminate(dead: DatabaseClient[]) {
    if (dead.length === 0) return;
    const owedMs = Math.min(...dead.map(client => client.owedMs));
    // The idle ones that were silent as long are dead too, or would at least cost somebody the same wait.
    const silent = [...clients].filter(client => client.owedMs === 0 && client.silentMs >= owedMs);
    for (const client of [...dead, ...silent]) client.terminate(`PostgreSQL did not answer for ${owedMs / 1000} s`);
  }

  const timer = setInterval(tick, tickMs).unref();
  return {
    hurry() {
      bounds = hurried;
    },
    stop: () => clearInterval(timer),
  };
}

/** Those of the waiting clients for whom PostgreSQL does nothing: the statement or its answer was lost. */
async function findForgotten(asking: DatabaseClient, waiting: DatabaseClient[]): Promise<DatabaseClient[]> {
  asking.on("error", () => {}); // the statement fails with the same error
  try {
    await asking.connect();
    const { rows } = await asking.query<{ pid: number }>(
      "select pid from pg_stat_activity where pid = any($1) and (state is null or state not like 'idle%')",
      [waiting.map(client => client.processID)],
    );
    const busy = new Set(rows.map(({ pid }) => pid));
    return waiting.filter(client => !busy.has(client.processID!));
  } finally {
    await asking.end();
  }
}
