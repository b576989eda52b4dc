import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { isDiskFull } from "#database/embedded/full-disk.ts";
import { listPending } from "#database/migrations/pending.ts";
import { isReadOnly } from "#database/read-only.ts";
import { AppError } from "#protocol/errors.ts";
import type { Ctx } from "#server/declaration/context.ts";

/**
 * For supervisors and load balancers: `/health` while the process runs, `/ready` while it can serve.
 * @param proxy  as of recognizeClients()
 */
export function healthRoutes(app: FastifyInstance, ctx: Ctx, proxy: { problem(): string | null }) {
  app.get("/health", { schema: { hide: true } }, () => ({ status: "ok" }));
  app.get("/ready", { schema: { hide: true } }, async (_request, reply) => {
    const reason = await Promise.race([findReason(ctx), sleep(maxWaitMs, noAnswer)]);
    if (reason) return reply.status(503).send({ status: "unavailable", reason });
    const warning = proxy.problem();
    const { last } = ctx.health;
    return { status: "ready", ...(last && { health: last.level }), ...(warning && { warning }), ...describeRedis(ctx) };
  });
  // Not a command: it answers only while the database is away, and sessions cannot be looked up.
  app.get("/api/v1/health/last", { schema: { hide: true } }, async request => {
    if (!(await ctx.healthPass.isValid(request.headers.cookie ?? "")))
      throw new AppError("forbidden", "Sign in, and open the dashboard once: this browser has not read it yet.");
    if (await doesAnswer(ctx))
      throw new AppError("conflict", "The database answers: its page reads the report of this moment.");
    if (!ctx.health.last) throw new AppError("unavailable", "The checks have not run yet. Try again in a moment.");
    return ctx.health.last;
  });
}

/** A page that waits for this must stand within a second. */
const maxProbeMs = 250;

const doesAnswer = ({ directory }: Ctx): Promise<boolean> =>
  Promise.race([
    isReadOnly(directory).then(
      () => true,
      () => false,
    ),
    sleep(maxProbeMs, false),
  ]);

/** A server without its Redis still serves. */
function describeRedis({ pubsub, presence }: Ctx) {
  if (!pubsub) return {};
  const status = pubsub.status();
  const degraded = `Redis cannot be used: ${status.problem}. Events of other processes arrive with heartbeats only, within 25 s.`;
  return { ...(status.problem && { degraded }), redis: { ...status, peers: presence.countPeers() } };
}

/** Why the server cannot serve; null when it can. */
async function findReason({ directory, disk, config, log }: Ctx): Promise<string | null> {
  try {
    if (await disk.isFull()) return fullDisk;
    if (await isReadOnly(directory)) return "The database is read-only, as a standby is. It needs the primary.";
    const pending = await listPending(directory);
    return pending.length ? `The database lacks the migrations ${pending.join(", ")}. Start the server again.` : null;
  } catch (error) {
    log.warn({ err: error }, "not ready");
    const isEmbedded = config.databaseUrl === null;
    return isEmbedded && (await isDiskFull(config.dataDir)) ? fullDisk : noAnswer;
  }
}

/** A load balancer needs an answer within a second. */
const maxWaitMs = 900;
const noAnswer = "The database does not answer.";
const fullDisk = "The database's disk is full: nothing can be written. Free some space; the server goes on by itself.";
