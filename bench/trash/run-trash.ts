import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { measurePhase, type Phase } from "#bench/report/measure-phase.ts";
import { connect } from "#database/connect.ts";
import { migrate } from "#database/migrations/migrate.ts";
import { findLost, type HttpLoad, startHttpLoad } from "#lab/load/http-load.ts";
import { agentEmail, ourServer } from "#lab/load/our-server.ts";
import { createSetup, type Setup } from "#lab/load/setup.ts";
import { silent } from "#lab/programs/log.ts";
import { generate } from "#sample-data/generate.ts";
import { purgeTrash } from "#server/features/trash/purge.ts";
import { contentOf, isTraced } from "./content.ts";

export type Options = { messages: number; seconds: number; rate: number; json?: true };

const warmUpMs = 5_000;

export async function runTrash(options: Options): Promise<void> {
  const setup = await createSetup();
  try {
    const report = await measure(setup, options);
    console.log(options.json ? JSON.stringify(report) : describe(report));
  } finally {
    await setup.stop();
  }
}

type Report = Awaited<ReturnType<typeof measure>>;

async function measure(setup: Setup, options: Options) {
  const url = await setup.createDatabase("trash");
  await migrate(url, { log: silent });
  const server = await ourServer(setup, { processes: 1, title: "ours" }).start({ databaseUrl: url, websites: 1 });
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { messages } = options;
    await generate(url, { messages, websites: 4, months: 6, owner: agentEmail(0), besideRealWebsites: true });
    const website = await findLargest(client);
    const access = { url: server.access.url, cookie: server.access.websites[0]!.agentCookie };
    const load = await startHttpLoad(client, {
      ...access,
      secret: server.access.secret,
      messagesPerSecond: options.rate,
      readsPerSecond: 1,
      exceptWebsite: website.id,
    });
    const measured = await measurePhases(url, { ...access, client, load, website, options });
    await load.stop();
    const lost = await findLost(client, load.acknowledged);
    return { ...options, ...website, ...measured, lost, load: loadavg()[0]! };
  } finally {
    await client.end();
    await server.stop();
  }
}

type Website = { id: number; name: string; conversations: number };

async function findLargest(client: pg.Client): Promise<Website> {
  const { rows } = await client.query<Website>(`
    select w.id, w.name, count(*)::integer as conversations
    from websites w
    join conversations c on c.website_id = w.id
    group by w.id
    order by 3 desc
    limit 1`);
  return rows[0]!;
}

type Given = { url: string; cookie: string; client: pg.Client; load: HttpLoad; website: Website; options: Options };

async function measurePhases(databaseUrl: string, { url, cookie, client, load, website, options }: Given) {
  const call = async (method: string, path: string, body: unknown) => {
    const headers = { cookie, origin: url, "content-type": "application/json" };
    const answer = await fetch(`${url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  };
  const remove = () => call("DELETE", `/websites/${website.id}`, { name: website.name, reason: "benchmark" });
  const phases: Phase[] = [];
  const phase = async (name: string, work: () => Promise<unknown>) =>
    void phases.push(await measurePhase(load, name, work));

  const before = await contentOf(client, website.id);
  await sleep(warmUpMs);
  await phase("nothing is deleted", () => sleep(options.seconds * 1000));
  await phase("deleted", remove);
  await phase("brought back", () => call("POST", `/deleted-websites/${website.id}/restore`, {}));
  const isSame = JSON.stringify(await contentOf(client, website.id)) === JSON.stringify(before);
  await phase("deleted again", remove);
  await client.query("update websites set deleted_at = deleted_at - interval '31 days' where id = $1", [website.id]);
  const connection = connect({ url: databaseUrl, poolSize: 1, onError: () => undefined });
  await phase("purged", () => purgeTrash(connection.db)).finally(() => connection.close());
  return { before, isSame, isTraced: await isTraced(client, website.id), phases };
}

function describe({ phases, before, lost, ...report }: Report): string {
  const line = (cells: unknown[]) =>
    cells.map((cell, nth) => (nth ? String(cell).padStart(9) : String(cell).padEnd(20))).join(" ");
  const rows = Object.entries(before).map(([table, { rows }]) => `${rows.toLocaleString("en-US")} of ${table}`);
  return [
    `a website with ${rows.join(", ")}; ${report.rate} sends/s on others; load ${report.load.toFixed(0)}; times in ms`,
    line(["phase", "took", "sends", "failed", "p50", "p99", "max"]),
    ...phases.map(({ name, tookMs, sends, failures, p50Ms, p99Ms, maxMs }) =>
      line([name, tookMs, sends, failures.length, p50Ms, p99Ms, maxMs]),
    ),
    `p99 of sends while it is purged: ${(phases.at(-1)!.p99Ms / phases[0]!.p99Ms).toFixed(2)} times that of before`,
    report.isSame ? "brought back, all rows are as before" : "BROUGHT BACK, ROWS HAVE CHANGED",
    report.isTraced ? "PURGED, ROWS ARE LEFT" : "purged, no row is left",
    `${lost.length} acknowledged messages lost, doubled or out of order`,
    ...new Set(phases.flatMap(({ failures }) => failures)),
    ...lost,
  ].join("\n");
}
