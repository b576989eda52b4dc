import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { migrate, undoMigration } from "#database/migrations/migrate.ts";
import { startApp } from "#lab/actors/app.ts";
import { copyMigrations } from "#lab/clusters/migration-folder.ts";
import { findLost, startHttpLoad } from "#lab/load/http-load.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { silent } from "#lab/programs/log.ts";
import { generate } from "#sample-data/generate.ts";

/** Migrations of each kind, up and down, while visitors write and agents read. bench/migrations measures their delays. */

test("while a set of migrations runs up and down, no request fails, and no message is lost or doubled", async () => {
  const app = await startApp();
  onTestFinished(() => app.stop());
  await generate(app.databaseUrl, {
    messages: 5_000,
    months: 2,
    owner: app.owner.account.email,
    besideRealWebsites: true,
  });
  const client = await app.sql.connect();
  onTestFinished(() => client.release());
  const { secret } = JSON.parse(readFileSync(join(app.dataDir, "secrets.json"), "utf8"));
  const load = await startHttpLoad(client, {
    url: app.url,
    secret,
    cookie: app.owner.headers.cookie!,
    messagesPerSecond: 15,
    readsPerSecond: 10,
  });
  const dir = copyMigrations(makeFolder());
  const applied = await migrate(app.databaseUrl, { log: silent, dir });
  expect(applied).toHaveLength(6);
  for (const name of applied.toReversed())
    expect(await undoMigration(app.databaseUrl, { log: silent, dir })).toBe(name);
  await load.stop();

  expect(load.requests.flatMap(request => request.failure ?? [])).toEqual([]);
  expect(load.acknowledged.length).toBeGreaterThan(0);
  expect(await findLost(client, load.acknowledged)).toEqual([]);
});
