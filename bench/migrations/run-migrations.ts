import pg from "pg";
import { migrate } from "#database/migrations/migrate.ts";
import { findLost, startHttpLoad } from "#lab/load/http-load.ts";
import { agentEmail, ourServer } from "#lab/load/our-server.ts";
import { createSetup, type Setup } from "#lab/load/setup.ts";
import { silent } from "#lab/programs/log.ts";
import { generate } from "#sample-data/generate.ts";
import { measureMigrations } from "./measure-migrations.ts";
import { describeReport, type Options, type Report } from "./migrations-report.ts";

export async function runMigrations(options: Options): Promise<void> {
  const setup = await createSetup();
  try {
    const report = await measure(setup, options);
    console.log(options.json ? JSON.stringify(report) : describeReport(report));
  } finally {
    await setup.stop();
  }
}

/** A server with stored messages gets requests at a steady rate while migrations run. */
async function measure(setup: Setup, options: Options): Promise<Report> {
  const url = await setup.createDatabase("migrations");
  await migrate(url, { log: silent });
  const server = await ourServer(setup, { processes: 1, title: "ours" }).start({ databaseUrl: url, websites: 1 });
  const client = new pg.Client(url);
  await client.connect();
  try {
    await generate(url, { messages: options.messages, months: 4, owner: agentEmail(0), besideRealWebsites: true });
    const load = await startHttpLoad(client, {
      url: server.access.url,
      secret: server.access.secret,
      cookie: server.access.websites[0]!.agentCookie,
      messagesPerSecond: options.rate,
      readsPerSecond: options.reads,
    });
    const phases = await measureMigrations(url, setup.folder, load, options.seconds * 1000);
    await load.stop();
    const lost = await findLost(client, load.acknowledged);
    return { ...options, acknowledged: load.acknowledged.length, lost, phases };
  } finally {
    await client.end();
    await server.stop();
  }
}
