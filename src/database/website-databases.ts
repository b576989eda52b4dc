import type pg from "pg";
import type { Db } from "./connect.ts";

/** A database that holds whole websites. */
export type WebsiteDatabase = {
  db: Db;
  /** Connections that send a statement before the answers to earlier ones have arrived; only for batches. */
  pipelines: pg.Pool;
};

/** primary: has everything that is committed. replica: may be some seconds behind. */
export type Consistency = "primary" | "replica";

/** The one place that decides which database a website's data is read from and written to. */
export type FindDatabase = (website: { websiteId: number; consistency?: Consistency }) => WebsiteDatabase;
