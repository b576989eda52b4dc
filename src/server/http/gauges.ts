import type pg from "pg";
import { counters, gauges } from "#platform/metrics/gauges.ts";
import type { Ctx } from "#server/declaration/context.ts";
import type { Connections } from "#server/realtime/sessions/connections.ts";

/** Registers the values that are read when Prometheus scrapes: connections, queues, Redis and the database. */
export function registerGauges(ctx: Ctx, connections: Connections): void {
  const { registry } = ctx.metrics;
  gauges(
    registry,
    {
      name: "prochat_connections",
      help: "Connected clients, by transport and role",
      labelNames: ["transport", "role"],
    },
    () => countConnections(connections),
  );
  gauges(
    registry,
    { name: "prochat_hellos", help: "Hellos in progress, and waiting for admission", labelNames: ["state"] },
    () => Object.entries(connections.hellos()).map(([state, count]) => [{ state }, count]),
  );
  const name = "prochat_database_connections";
  gauges(registry, { name, help: "Connections to PostgreSQL", labelNames: ["pool", "state"] }, () => [
    ...statesOf("queries", ctx.pools.queries),
    ...statesOf("batches", ctx.pools.batches),
  ]);
  gauges(
    registry,
    {
      name: "prochat_database_waiting",
      help: "Queries waiting for a PostgreSQL connection",
      labelNames: ["pool"],
    },
    () => [
      [{ pool: "queries" }, ctx.pools.queries.waitingCount],
      [{ pool: "batches" }, ctx.pools.batches.waitingCount],
    ],
  );
  if (ctx.pubsub) registerRedisGauges(ctx, ctx.pubsub);
}

function registerRedisGauges({ metrics: { registry }, presence }: Ctx, pubsub: NonNullable<Ctx["pubsub"]>) {
  gauges(registry, { name: "prochat_redis_up", help: "1 while Redis can be used, else 0" }, () => [
    [{}, pubsub.status().problem === null ? 1 : 0],
  ]);
  gauges(registry, { name: "prochat_peers", help: "Other processes reachable over Redis" }, () => [
    [{}, presence.countPeers()],
  ]);
  const interruptions = { name: "prochat_redis_interruptions_total", help: "Times that Redis became unavailable" };
  counters(registry, interruptions, () => [[{}, pubsub.status().interruptions]]);
  counters(
    registry,
    {
      name: "prochat_redis_messages_total",
      help: "Messages over Redis to and from other processes, and those dropped",
      labelNames: ["direction"],
    },
    () => {
      const { published, received, dropped } = pubsub.status();
      return Object.entries({ published, received, dropped }).map(([direction, count]) => [{ direction }, count]);
    },
  );
}

type Connected = [labels: { transport: string; role: string }, count: number];

function countConnections(connections: Connections): Connected[] {
  const counts = new Map<string, number>();
  for (const transport of ["socket", "poll"])
    for (const role of ["visitor", "agent"]) counts.set(`${transport} ${role}`, 0);
  for (const { transportKind, role } of connections.list()) {
    const key = `${transportKind} ${role}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => {
    const [transport = "", role = ""] = key.split(" ");
    return [{ transport, role }, count];
  });
}

type State = [labels: { pool: string; state: string }, count: number];

const statesOf = (pool: string, { totalCount, idleCount }: pg.Pool): State[] => [
  [{ pool, state: "busy" }, totalCount - idleCount],
  [{ pool, state: "idle" }, idleCount],
];
