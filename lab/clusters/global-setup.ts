import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { migrate } from "#database/migrations/migrate.ts";
import { makePartitionsAhead } from "#database/partitions/months.ts";
import { startScratchCluster } from "./scratch-cluster.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** of the scratch cluster's superuser and database; the template is in the same cluster */
    postgresUrl: string;
  }
}

export const templateName = "prochat_template";

/**
 * Vitest's global set-up: one cluster for the whole run (TEST_POSTGRES=15 for the oldest supported), migrated once, and one
 * folder for all temporary files of all tests and their programs, which is removed at the end.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "prochat-tests-"));
  chmodSync(folder, 0o1777); // programs of other users write into it, too
  process.env.TMPDIR = folder;
  const cluster = await startScratchCluster(process.env.TEST_POSTGRES === "15" ? "15" : "18");
  try {
    await createTemplate(cluster.url);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  project.provide("postgresUrl", cluster.url);
  return async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

async function createTemplate(url: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`create database ${templateName}`);
  await client.end();
  const template = databaseUrl(url, templateName);
  await migrate(template, { log: silent });
  // As each start of the server does: on the first of a month, the migrations make one month less.
  const migrated = new pg.Client(template);
  await migrated.connect();
  await makePartitionsAhead(migrated);
  await migrated.end();
}

export function databaseUrl(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };
