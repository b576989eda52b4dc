import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { borrowDatabase } from "#database/embedded/open-database.ts";
import { eventually } from "#lab/eventually.ts";
import { limitsOfCrowds } from "#lab/load/addresses.ts";
import { type Acknowledged, findLost, type HttpLoad, startHttpLoad } from "#lab/load/http-load.ts";
import { summarize } from "#lab/load/latency.ts";
import { type Guard, startGuard } from "#lab/programs/guard.ts";
import { silent } from "#lab/programs/log.ts";
import { scrape } from "#lab/programs/metrics.ts";
import { familyOf } from "#lab/programs/processes.ts";
import { startProgram } from "#lab/programs/programs.ts";
import { generate } from "#sample-data/generate.ts";
import { runJson, whileHeld } from "./installation.ts";

export type WhileChatting = {
  messagesPerSecond: number;
  /** of a send, without a backup and while one is made */
  p99Ms: { without: number; during: number };
  backupSeconds: number;
  toMoment: Restored & {
    /** sent after the moment, and there */
    tooLate: number;
  };
  /** after all processes and the data folder were lost: only the copy is left */
  afterLoss: Restored & {
    /** between the newest message that is there and the moment of the loss */
    lostSeconds: number;
  };
};

/** `lost`: a line for each message that was acknowledged before and is not there, and for each gap in the numbers. */
type Restored = { seconds: number; acknowledged: number; lost: string[] };

const warmUpMs = 5_000;
const quietMs = 20_000;
/** After the moment to restore to, and after that until the loss. */
const afterMs = 10_000;
/** A clock's steps, and the way of an answer. */
const marginMs = 5;
/** Answers come in another order than commits: so long before the newest message, all must be there. */
const answerMs = 1_000;

/** Chats, backs up while people write, and then loses everything but the copy. */
export async function measureWhileChatting(
  p: { messages: number; rate: number },
  folder: string,
): Promise<WhileChatting> {
  const guard = startGuard();
  const dataDir = join(folder, "chatting");
  try {
    await fill(dataDir, p.messages);
    const server = await startServer(dataDir, guard);
    const client = await open(dataDir);
    const load = await startHttpLoad(client, {
      ...{ url: server.url, secret: server.secret, cookie: "" },
      ...{ messagesPerSecond: p.rate, readsPerSecond: 0 },
    });
    await sleep(warmUpMs);
    const without = await timeSends(load, () => sleep(quietMs));
    const backupBegunMs = performance.now();
    const during = await timeSends(load, () => runJson(["backup"], dataDir));
    const backupSeconds = (performance.now() - backupBegunMs) / 1000;
    await sleep(afterMs);
    const moment = { at: new Date(), ms: performance.now() };
    await sleep(afterMs);
    client.on("error", () => {}); // the loss ends its connection
    const lossMs = performance.now();
    for (const pid of server.pids()) process.kill(pid, "SIGKILL");
    await load.stop();
    await client.end().catch(() => {});

    const copy = join(folder, "copy");
    cpSync(join(dataDir, "files"), join(copy, "files"), { recursive: true });
    return {
      messagesPerSecond: p.rate,
      p99Ms: { without, during },
      backupSeconds,
      toMoment: await restoreTo(copy, moment, load.acknowledged),
      afterLoss: await restoreAll(copy, lossMs, load.acknowledged),
    };
  } finally {
    guard.stop();
  }
}

async function fill(dataDir: string, messages: number): Promise<void> {
  await runJson(["migrate"], dataDir);
  await whileHeld(dataDir, url => generate(url, { messages, websites: 5, months: 2 }));
}

/** `prochat start` that makes its first backup, and then archives what is written. */
async function startServer(dataDir: string, guard: Guard) {
  const env = { PORT: "0", DEMO_PORT: "off", DATA_DIR: dataDir, BACKUPS: "on", LIMITS: limitsOfCrowds };
  const program = startProgram("src/cli/main.ts", ["start"], { env });
  void program.ended.then(guard.process(program.process.pid!));
  const [, url = ""] = /(http:\/\/[^/\s]+)/.exec(await program.firstLine)!;
  await eventually(async () => {
    if ((await runJson(["backup", "list"], dataDir)).length === 0) throw new Error("There is no backup yet.");
    const age = (await scrape(url)).sum("prochat_backup_recovery_point_age_seconds");
    if (!(age > 0 && age < 20)) throw new Error("The archive is not up to date yet.");
  });
  const postmaster = Number(readFileSync(join(dataDir, "postgres/postmaster.pid"), "utf8").split("\n", 1)[0]);
  const { secret } = JSON.parse(readFileSync(join(dataDir, "secrets.json"), "utf8")) as { secret: string };
  const pids = () => [...new Set([...familyOf(program.process.pid!), ...familyOf(postmaster)])];
  return { url, secret, pids };
}

async function open(dataDir: string): Promise<pg.Client> {
  const { url } = await borrowDatabase({ dataDir, databaseUrl: null, log: silent });
  const client = new pg.Client(url);
  await client.connect();
  return client;
}

/** @returns the 99th percentile of the sends that were due or answered meanwhile, in ms */
async function timeSends({ requests }: HttpLoad, work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  const to = performance.now();
  const sends = requests.filter(({ dueAt, endedAt }) => dueAt < to && endedAt > from);
  const failed = sends.find(({ failure }) => failure !== null);
  if (failed) throw new Error(`A message was refused: ${failed.failure}`);
  return summarize([Float64Array.from(sends, ({ dueAt, endedAt }) => endedAt - dueAt)]).p99Ms;
}

async function restoreTo(copy: string, moment: { at: Date; ms: number }, all: Acknowledged[]) {
  const into = `${copy}-to-moment`;
  const { seconds } = await runJson(["restore", "latest", "--to-time", moment.at.toISOString(), "--into", into], copy);
  const before = all.filter(({ endedAt }) => endedAt < moment.ms - marginMs);
  const after = all.filter(({ startedAt }) => startedAt > moment.ms + marginMs);
  return withRestored(into, async client => ({
    ...{ seconds: Number(seconds), acknowledged: before.length },
    lost: await findLost(client, before),
    tooLate: (await findThere(client, after)).size,
  }));
}

async function restoreAll(copy: string, lossMs: number, all: Acknowledged[]) {
  const into = `${copy}-latest`;
  const { seconds } = await runJson(["restore", "latest", "--into", into], copy);
  return withRestored(into, async client => {
    const there = await findThere(client, all);
    const newestMs = Math.max(...all.filter(({ id }) => there.has(id)).map(({ endedAt }) => endedAt));
    const until = all.filter(({ endedAt }) => endedAt < newestMs - answerMs);
    return {
      ...{ seconds: Number(seconds), acknowledged: until.length },
      lost: await findLost(client, until),
      lostSeconds: (lossMs - newestMs) / 1000,
    };
  });
}

async function findThere(client: pg.Client, messages: Acknowledged[]): Promise<Set<string>> {
  const { rows } = await client.query<{ id: string }>("select id from messages where id = any($1::uuid[])", [
    messages.map(({ id }) => id),
  ]);
  return new Set(rows.map(({ id }) => id));
}

const withRestored = <T>(dataDir: string, work: (client: pg.Client) => Promise<T>): Promise<T> =>
  whileHeld(dataDir, async url => {
    const client = new pg.Client(url);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  });
