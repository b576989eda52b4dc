import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { watchLockWaits } from "#bench/migrations/lock-waits.ts";
import { measurePhase } from "#bench/report/measure-phase.ts";
import { migrate } from "#database/migrations/migrate.ts";
import { tableOfMonth } from "#database/partitions/months.ts";
import { moveMonth } from "#database/retention/move-month.ts";
import { withMonths } from "#database/retention/session.ts";
import { findLost, type HttpLoad, startHttpLoad } from "#lab/load/http-load.ts";
import { agentEmail, ourServer } from "#lab/load/our-server.ts";
import { createSetup, type Setup } from "#lab/load/setup.ts";
import { silent } from "#lab/programs/log.ts";
import { generate } from "#sample-data/generate.ts";
import { fillMonth } from "./fill-month.ts";
import { describeReport, type Options, type Phase, type Report } from "./lifecycle-report.ts";
import { type Readers, startReaders } from "./readers.ts";

const warmUpMs = 5_000;

export async function runLifecycle(options: Options): Promise<void> {
  const setup = await createSetup();
  try {
    const report = await measure(setup, options);
    console.log(options.json ? JSON.stringify(report) : describeReport(report));
  } finally {
    await setup.stop();
  }
}

async function measure(setup: Setup, options: Options): Promise<Report> {
  const url = await setup.createDatabase("lifecycle");
  await migrate(url, { log: silent });
  const server = await ourServer(setup, { processes: 1, title: "ours" }).start({ databaseUrl: url, websites: 1 });
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { messages, months } = options;
    await generate(url, { messages, months, owner: agentEmail(0), besideRealWebsites: true });
    const month = await findLargestOldMonth(client);
    await fillMonth(client, month.month, options.monthMessages);
    const monthMessages = Math.max(month.messages, options.monthMessages);
    const cookie = server.access.websites[0]!.agentCookie;
    const { secret } = server.access;
    const load = await startHttpLoad(client, {
      url: server.access.url,
      secret,
      cookie,
      messagesPerSecond: options.rate,
      readsPerSecond: 1,
    });
    const readers = await startReaders(client, {
      url: server.access.url,
      cookie,
      month: tableOfMonth(month.month),
      count: options.readers,
    });
    const moved = await measurePhases(url, { month: month.month, load, readers, client, options });
    await readers.stop();
    await load.stop();
    const lost = await findLost(client, load.acknowledged);
    return { ...options, monthMessages, load: loadavg()[0]!, ...moved, lost };
  } finally {
    await client.end();
    await server.stop();
  }
}

/** Of a generated database without the last two months, which take messages. */
async function findLargestOldMonth(client: pg.Client): Promise<{ month: string; messages: number }> {
  const { rows } = await client.query(`
    select to_char(month, 'YYYY-MM') as month, c.reltuples::float as messages
    from message_months
    join pg_class c on c.oid = to_regclass('messages_' || to_char(month, 'YYYY_MM'))
    where month < date_trunc('month', now()) - interval '1 month'
    order by c.reltuples desc
    limit 1`);
  return rows[0];
}

type Given = { month: string; load: HttpLoad; readers: Readers; client: pg.Client; options: Options };

async function measurePhases(url: string, { month, load, readers, client, options }: Given) {
  const phases: Phase[] = [];
  const phase = async (name: string, work: () => Promise<unknown>) => {
    readers.take();
    const stopWatching = await watchLockWaits(url);
    const measured = await measurePhase(load, name, work);
    phases.push({ ...measured, blockedMs: await stopWatching(), ...readers.take() });
  };
  const file = async () =>
    (await client.query("select pg_relation_filenode($1::regclass) as node", [tableOfMonth(month)])).rows[0].node;
  const fileBefore = await file();
  await sleep(warmUpMs);
  await phase("no move", () => sleep(options.seconds * 1000));
  await phase("archived", () => move(url, month, "messages", "messages_archive"));
  const isFileSame = (await file()) === fileBefore;
  await phase("and back", () => move(url, month, "messages_archive", "messages"));
  let againstReader = "";
  await phase(`archived, a reader holds it for ${options.hold} s`, async () => {
    againstReader = await moveAgainstReader(url, month, options.hold);
  });
  return { isFileSame, againstReader, phases };
}

type Parent = "messages" | "messages_archive";

const move = (url: string, month: string, from: Parent, to: Parent, maxRetryMs?: number) =>
  withMonths(url, { log: silent, signal: new AbortController().signal }, session => {
    const record = `state = '${to === "messages" ? "live" : "archived"}'`;
    return moveMonth(session, { month, from, to, record, ...(maxRetryMs && { maxRetryMs }) });
  });

/** A reader has read the month, and keeps its transaction open. @returns how the move ended */
async function moveAgainstReader(url: string, month: string, seconds: number): Promise<string> {
  const reader = new pg.Client(url);
  await reader.connect();
  await reader.query(`begin; select count(*) from (select from ${tableOfMonth(month)} limit 1) m`);
  const released = sleep(seconds * 1000).then(() => reader.query("commit"));
  try {
    await move(url, month, "messages", "messages_archive", (seconds * 1000) / 2);
    return "it moved";
  } catch (error) {
    return (error as Error).message;
  } finally {
    await released;
    await reader.end();
  }
}
