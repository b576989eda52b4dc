import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { OurServer } from "#lab/load/our-server.ts";
import type { WorkerPool } from "#lab/load/workers.ts";
import type { ClientTasks } from "./client-worker.ts";
import type { Curve, Restart, Settings } from "./connections-report.ts";
import { rounded } from "./watch-arrival.ts";

/**
 * Some messages all the time, so that clients can miss some. Few, because a client sends all waiting messages at once when
 * the server is back: more than an agent's limit of 100 would be delayed.
 */
const messagesPerAgentSecond = 0.5;
const pollMs = 250;
/** Clients that are not back by then count as lost. */
export const restartLimitSeconds = 300;

export type Parts = {
  system: OurServer;
  client: pg.ClientBase;
  generator: WorkerPool<ClientTasks>;
  settings: Settings;
};
type RestartParts = Parts & { clients: number };

/** Restarts the server while messages are sent; all clients reconnect by themselves. */
export async function measureRestart(signal: Restart["signal"], parts: RestartParts): Promise<Restart> {
  const { system, client, generator, settings } = parts;
  await generator.callAll("resetReturned", () => undefined);
  const pace = { perSecond: (messagesPerAgentSecond * settings.agents) / settings.workers };
  const running = generator.callAll("run", () => ({ pace, seconds: restartLimitSeconds }));
  await sleep(1_000);
  const begun = performance.now();
  const seconds = () => rounded((performance.now() - begun) / 1000);
  let serverSeconds = 0;
  const restarted = system.restart(signal).then(() => {
    serverSeconds = seconds();
  });
  const { back, curve } = await waitUntilBack(parts, seconds);
  const backSeconds = seconds();
  await restarted;
  await generator.callAll("stopRun", () => undefined);
  await running;
  let isComplete = false;
  while (!isComplete && seconds() < restartLimitSeconds) {
    isComplete = await areComplete(client, generator);
    if (!isComplete) await sleep(pollMs);
  }
  return { signal, serverSeconds, backSeconds, completeSeconds: isComplete ? seconds() : null, back, curve };
}

async function waitUntilBack({ generator, clients }: RestartParts, seconds: () => number) {
  const curve: Curve = [[0, clients]];
  let back = 0;
  // A client that is online and has not returned has not noticed the restart yet.
  for (let isBack = false; !isBack && seconds() < restartLimitSeconds; await sleep(pollMs)) {
    const counts = await generator.callAll("countOnline", () => undefined);
    const online = counts.reduce((sum, { now }) => sum + now, 0);
    back = counts.reduce((sum, { returned }) => sum + returned, 0);
    curve.push([seconds(), online]);
    isBack = back === clients && online === clients;
  }
  return { back, curve };
}

/** Each visitor and each agent holds as many messages of each conversation as are stored, and has none unsent. */
async function areComplete(client: pg.ClientBase, generator: WorkerPool<ClientTasks>): Promise<boolean> {
  const held = (await generator.callAll("listHeld", () => undefined)).flat();
  const { rows } = await client.query<{ id: string; count: number }>(
    "select conversation_id as id, count(*)::integer as count from messages group by website_id, conversation_id",
  );
  const stored = new Map(rows.map(({ id, count }) => [id, count]));
  // Two clients hold each conversation: its visitor and its agent.
  return (
    held.length === stored.size * 2 &&
    held.every(({ conversation, messages, unsent }) => unsent === 0 && stored.get(conversation) === messages)
  );
}
