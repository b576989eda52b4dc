import { CompiledQuery, Kysely, PostgresDialect, type Transaction } from "kysely";
import type pg from "pg";
import { outsideRequests } from "#platform/requests/request-context.ts";
import type { PoolVitals } from "#platform/vitals.ts";
import { DatabaseClient } from "./connection/client.ts";
import { MeasuredPool } from "./connection/measured-pool.ts";
import type { Observe } from "./connection/observe.ts";
import { connectionOptions, readPooler } from "./connection/options.ts";
import { watchClients } from "./connection/watch.ts";
import { preparing } from "./prepared.ts";
import type { DB } from "./tables.ts";

/** The database or a transaction in it: what every query takes first. */
export type Db = Kysely<DB>;
export type Tx = Transaction<DB>;

export type Connection = {
  db: Db;
  /** the pool of `db`, for libraries with their own queries */
  pool: pg.Pool;
  /** Connections that send a statement before the answers to earlier ones have arrived; only for batches. */
  pipelines: pg.Pool;
  /** how busy the pools are, and how long queries waited since the last time that this was called */
  takeVitals(): PoolVitals[];
  /** To be called before a stop: from now on a statement has 3 s to answer. */
  hurry(): void;
  close(): Promise<void>;
};

const connectTimeoutMs = 5_000;
/** One batch commits while the next collects. */
const pipelineCount = 2;

/**
 * Opens the pools; connects on first use.
 * @param onError  called when a connection breaks; the pool replaces it
 * @param observe  called with each statement that was answered
 */
export function connect(options: {
  url: string;
  poolSize: number;
  onError: (error: Error) => void;
  observe?: Observe;
}): Connection {
  const { url } = options;
  const clients = new Set<DatabaseClient>();
  const open = () => new DatabaseClient(connectionOptions(url, { connectTimeoutMs }));
  const watch = watchClients(clients, readPooler(url) === null ? open : null);
  const common = {
    ...connectionOptions(url, { connectTimeoutMs, clients, observe: options.observe }),
    Client: DatabaseClient as unknown as new () => pg.Client,
  };
  const pool = new MeasuredPool({ ...common, max: options.poolSize });
  const pipelines = new MeasuredPool({ ...common, max: pipelineCount, pipeline: true });
  let isClosed = false;
  // pool.end() resolves when the terminations are sent. If PostgreSQL stops before it reads them, that is no error.
  // A connection lives longer than the request that it was opened in.
  const onError = (error: Error) => outsideRequests(() => isClosed || options.onError(error));
  for (const each of [pool, pipelines]) {
    each.on("error", onError);
    // The pool handles errors of idle connections only. Without a listener, a connection that breaks between two
    // statements of a transaction would crash the process.
    each.on("connect", client => client.on("error", onError));
  }
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool: preparing(pool) }) });
  return {
    db,
    pool,
    pipelines,
    takeVitals: () => [pool.takeVitals("queries"), pipelines.takeVitals("batches")],
    hurry: watch.hurry,
    async close() {
      isClosed = true;
      watch.hurry();
      // Not db.destroy(): Kysely does not end a pool that it never used, even if other code used it.
      await Promise.all([pool.end(), pipelines.end()]);
      watch.stop();
    },
  };
}

export type Statement = { name: string; text: string; values: unknown[] };
export type Query = <Row>(statement: Statement) => Promise<Row[]>;

/** Runs a statement that is also used outside of Kysely. */
export const queryIn =
  (db: Db): Query =>
  async <Row>({ text, values }: Statement) =>
    (await db.executeQuery<Row>(CompiledQuery.raw(text, values))).rows;
