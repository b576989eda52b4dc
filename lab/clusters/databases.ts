import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject, onTestFinished } from "vitest";
import { databaseUrl, templateName } from "./global-setup.ts";

export type TestDatabase = { url: string; drop(): Promise<void> };

/**
 * A migrated database for one test or one file, cloned from the template. PostgreSQL copies the files: the default
 * strategy, wal_log, takes four times the processor time (165 ms, not 40).
 */
export const cloneDatabase = (): Promise<TestDatabase> => createDatabase(`template ${templateName} strategy file_copy`);

/** A copy of another test's database, to which no session is connected. */
export const copyDatabase = ({ url }: TestDatabase): Promise<TestDatabase> =>
  createDatabase(`template ${new URL(url).pathname.slice(1)} strategy file_copy`);

/** An empty database, for tests that create the schema. */
export const createEmptyDatabase = (): Promise<TestDatabase> => createDatabase("strategy file_copy");

/** An empty database and two connections to it, closed after the test. */
export async function openEmptyDatabase(): Promise<{ url: string; clients: [pg.Client, pg.Client] }> {
  const database = await createEmptyDatabase();
  const clients: [pg.Client, pg.Client] = [new pg.Client(database.url), new pg.Client(database.url)];
  await Promise.all(clients.map(client => client.connect()));
  onTestFinished(async () => {
    await Promise.all(clients.map(client => client.end()));
    await database.drop();
  });
  return { url: database.url, clients };
}

async function createDatabase(clause: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  await query(`create database ${name} ${clause}`);
  return {
    url: databaseUrl(inject("postgresUrl"), name),
    drop: () => query(`drop database ${name} with (force)`),
  };
}

async function query(sql: string): Promise<void> {
  const client = new pg.Client(inject("postgresUrl"));
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
