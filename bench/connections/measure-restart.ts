import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { OurServer } from "#lab/load/our-server.ts";
import type { WorkerPool } from "#lab/load/workers.ts";
import type { ClientTasks } from "./client-worker.ts";
import type { Curve, Restart, Settings } from "./connections-report.ts";
import { rounded } from "./watch-arrival.ts";

/**
 * Some write all the time, so that there is something to miss; little, for what waits while the server is away is sent at
 * once when it is back, and more than an agent's 100 would be put off.
 */
const messagesPerAgentSecond = 0.5;
const lookMs = 250;
/** Whoever is not back by then is counted as gone. */
const patienceSeconds = 300;

/** Ends the server and starts it again while people write; everybody comes back by themselves. */
export async function measureRestart(
  how: Restart["how"],
  p: { server: OurServer; client: pg.ClientBase; pool: WorkerPool<ClientTasks>; people: number; settings: Settings },
): Promise<Restart> {
  const { server, client, pool, people, settings } = p;
  await pool.callAll("forget", () => undefined);
  const pace = { perSecond: (messagesPerAgentSecond * settings.agents) / settings.workers };
  const talking = pool.callAll("talk", () => ({ pace, seconds: patienceSeconds }));
  await sleep(1_000);
  const begun = performance.now();
  const seconds = () => rounded((performance.now() - begun) / 1000);
  const curve: Curve = [[0, people]];
  let [back, serverSeconds] = [0, 0];
  const restarted = server.restart(how).then(() => {
    serverSeconds = seconds();
  });
  // Online and not counted as back are those who have not noticed yet.
  for (let isBack = false; !isBack && seconds() < patienceSeconds; await sleep(lookMs)) {
    const counts = await pool.callAll("online", () => undefined);
    const online = counts.reduce((sum, { now }) => sum + now, 0);
    back = counts.reduce((sum, each) => sum + each.back, 0);
    curve.push([seconds(), online]);
    isBack = back === people && online === people;
  }
  const backSeconds = seconds();
  await restarted;
  await pool.callAll("stopTalk", () => undefined);
  await talking;
  let isComplete = false;
  while (!isComplete && seconds() < patienceSeconds) {
    isComplete = await areComplete(client, pool);
    if (!isComplete) await sleep(lookMs);
  }
  return { how, serverSeconds, backSeconds, completeSeconds: isComplete ? seconds() : null, back, curve };
}

/** Every visitor and every agent holds as many messages of each conversation as are stored, and has none unsent. */
async function areComplete(client: pg.ClientBase, pool: WorkerPool<ClientTasks>): Promise<boolean> {
  const holdings = (await pool.callAll("holdings", () => undefined)).flat();
  const { rows } = await client.query<{ id: string; count: number }>(
    "select conversation_id as id, count(*)::integer as count from messages group by website_id, conversation_id",
  );
  const stored = new Map(rows.map(({ id, count }) => [id, count]));
  // Each conversation has two who hold it.
  return (
    holdings.length === stored.size * 2 &&
    holdings.every(({ conversation, messages, unsent }) => unsent === 0 && stored.get(conversation) === messages)
  );
}
