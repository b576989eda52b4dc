import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import * as product from "#server/features/messages/write.ts";

/** The delay from the acknowledgement to the commit. */
const lateMs = 150;

export const { writeOne, readWritten } = product;

/** As in the product, but it does not wait for the commit, which may never come. */
export const writeBatch: typeof product.writeBatch = (pipelines, newMessages) =>
  product.writeBatch(committingLate(pipelines), newMessages);

/** The part of a pool that writing a batch uses. */
const committingLate = (pool: pg.Pool) =>
  ({
    query: (statement: pg.QueryConfig) => pool.query(statement),
    async connect() {
      const client = await pool.connect();
      let committed: Promise<unknown> = Promise.resolve();
      return {
        query(statement: string | pg.QueryConfig) {
          if (statement !== "commit") return client.query(statement);
          committed = sleep(lateMs).then(() => client.query("commit"));
          return Promise.resolve();
        },
        release: () => committed.then(() => client.release()).catch(() => client.release(true)),
      };
    },
  }) as unknown as pg.Pool;
